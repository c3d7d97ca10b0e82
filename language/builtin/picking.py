"""Which of several candidates an answer means: by place, name, or what tells it apart; or none, or all."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from language.builtin.questions.marks import Mark, find_marks, table
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words, patterns
from language.builtin.words import top_candidates
from language.dates import DateMention
from language.script import has_cjk

Candidate = Mapping[str, str]
_WORD = re.compile(r"[^\W_]+(?:'\w+)?")
_DAY_FIELDS = ("close_date", "due", "opened_at", "created_at")
_CLOSE = Decimal("0.01")
_BELONGS = ("deal", "subject", "company")
_FACTS = ("stage", "owner", "assignee", "status", "priority", "company", "source", "subject", "deal")


def says_none(text: str) -> bool:
    """ "Neither", "none of those", 都不是."""
    return any(pattern.fullmatch(text.strip(" \t\n.!,。！，")) for pattern in patterns("answers", "none"))


def says_all(text: str) -> bool:
    """ "All of them", "both", 都要."""
    return any(pattern.fullmatch(text.strip(" \t\n.!,。！，")) for pattern in patterns("answers", "all"))


def chosen(reading: Reading, candidates: Sequence[Candidate]) -> str:
    """The id of the one candidate that the message means; empty when it means none or several."""
    if not candidates:
        return ""
    meant = (pattern.search(reading.text) for pattern in patterns("answers", "kept"))
    if (found := next((each for each in meant if each), None)) and (
        first := _first_part(reading, found, candidates)
    ):
        return first
    kept = _without_denied(reading, candidates)
    if len(kept) == 1 < len(candidates):
        return kept[0]["id"]
    return _by_record(reading, kept) or by_words(reading.text, kept) or _by_facts(reading, kept) or by_place(
        reading.text, kept
    )  # fmt: skip


def _first_part(reading: Reading, found: re.Match[str], candidates: Sequence[Candidate]) -> str:
    """The one that the words before ", not …" tell: "the pilot, not the big expansion"."""
    said = found["what"]
    return chosen(replace(reading, text=said, full_text=said), candidates)


def extreme(reading: Reading, candidates: Sequence[Candidate]) -> str:
    """The one that a superlative tells ("the smallest one"); empty without one."""
    found = (_extreme(mark, candidates) for mark in find_marks(reading)) if candidates else iter(())
    return next((each for each in found if each), "")


def compared(text: str, candidates: Sequence[Candidate]) -> str:
    """The one that a comparison tells by what the list showed: the older one, 金额大的那个, 日期靠后的那单."""
    for sort, words in load_words("references")["compared"].items() if candidates else ():
        if any(says_word(text, word) for word in words) and (found := first_by(sort, candidates)):
            return found
    return ""


def _by_record(reading: Reading, candidates: Sequence[Candidate]) -> str:
    known = {each["id"] for each in candidates}
    entries = [item.entry for mention in reading.mentions for item in top_candidates(mention)]
    named = {entry.id for entry in entries if entry.id in known}
    if len(named) == 1:
        return named.pop()
    homes = {entry.home_account for entry in entries if entry.kind in ("contact", "deal")} & known
    if len(homes) == 1:
        return str(homes.pop())
    deals = {entry.id for entry in entries if entry.kind == "deal"}
    of_deals = [reading.situation.lexicon.get(each["id"]) for each in candidates]
    about = [entry.id for entry in of_deals if entry is not None and entry.deal_id in deals]
    return about[0] if len(about) == 1 else ""


def by_place(text: str, candidates: Sequence[Candidate]) -> str:
    """ "The second one", 最后一个, "2"; empty where several places are named."""
    places = places_in(text, len(candidates))
    return str(candidates[places[0]]["id"]) if len(places) == 1 else ""


def places_in(text: str, count: int) -> list[int]:
    """The places in a list of `count` that words name, in order: "the second", "1 and 3", "the first two",
    第二个和第三个; none where English words say more than that."""
    folded = text.casefold()
    sizes = load_words("references")["sizes"]
    run = next((found for each in patterns("references", "runs") if (found := each.search(folded))), None)
    if run is not None:
        size = int(sizes.get(run["size"], run["size"]))
        start = 0 if run["end"] in load_words("references")["from_start"] else count - size
        return list(range(start, start + size)) if 0 < size <= count else []
    names = load_words("answers")["ordinals"]
    known = {part for words in names.values() for word in words for part in str(word).split()}
    if _telling(folded) - known and not has_cjk(folded):
        return []
    said = {int(place) for place, words in names.items() if any(says_word(folded, str(word)) for word in words)}
    return sorted({place % count for place in said if -count <= place < count})


def says_word(text: str, word: str) -> bool:
    """Whether a text in lower case has a word: between other words, or anywhere in Chinese."""
    return word in text if has_cjk(word) else bool(re.search(rf"(?<![\w.]){re.escape(word)}(?!\.?\w)", text))


def by_words(text: str, candidates: Sequence[Candidate]) -> str:
    """The candidate with most words of the message that not all candidates have."""
    said = _telling(text)
    every = [_telling(_shown(each)) for each in candidates]
    shared = set.intersection(*every) if every else set()
    scores = [len(said & (words - shared)) for words in every]
    if has_cjk(text):
        scores = [score + _common_chinese(text, candidates, i) for i, score in enumerate(scores)]
    return _only_best(candidates, scores)


def _only_best(candidates: Sequence[Candidate], scores: Sequence[int]) -> str:
    best = max(scores, default=0)
    return str(candidates[scores.index(best)]["id"]) if best > 0 and scores.count(best) == 1 else ""


def _common_chinese(text: str, candidates: Sequence[Candidate], i: int) -> int:
    """How many pairs of characters of a name the message has that no other candidate's name has."""

    def pairs(name: str) -> set[str]:
        return {name[k : k + 2] for k in range(len(name) - 1) if has_cjk(name[k : k + 2])}

    others = set().union(*(pairs(_shown(each)) for k, each in enumerate(candidates) if k != i))
    return sum(pair in text for pair in pairs(_shown(candidates[i])) - others)


def _shown(candidate: Candidate) -> str:
    """What a question says of a candidate, and what it belongs to."""
    return " ".join(str(candidate.get(name, "")) for name in ("name", "hint", *_BELONGS))


def _telling(text: str) -> set[str]:
    little = {str(word) for word in load_words("answers")["little"]}
    return {word for word in _WORD.findall(text.casefold()) if word not in little}


def _without_denied(reading: Reading, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Those that are left after "not the pilot": of two the other one."""
    for pattern in patterns("answers", "denied"):
        found = pattern.search(reading.text.casefold())
        if found:
            out = by_words(found["what"], candidates) or by_place(found["what"], candidates)
            left = [each for each in candidates if each["id"] != out]
            return left if out and left else candidates
    return candidates


def _by_facts(reading: Reading, candidates: Sequence[Candidate]) -> str:
    """The one that a superlative, a day, an amount, a stage or a person tells apart."""
    marks = list(find_marks(reading))
    by_order = extreme(reading, candidates)
    if by_order:
        return by_order
    tests = [test for mark in marks for test in _tests_of(mark)]
    return _only_best(candidates, [sum(test(each) for test in tests) for each in candidates])


def _extreme(mark: Mark, candidates: Sequence[Candidate]) -> str:
    return next((found for sort in mark.values("sort") if (found := first_by(sort, candidates))), "")


def first_by(sort: str, candidates: Sequence[Candidate]) -> str:
    """The one that comes first in a sort ("largest", "oldest") by what is known of all; empty where two are equal."""
    fields = table("shape", "sorts").get(sort, {}).get(candidates[0].get("kind", ""))  # type: ignore[attr-defined]
    keys = [_comparable(each.get(str(fields[0]), "")) for each in candidates] if fields else []
    if not keys or None in keys:
        return ""
    best = max(keys) if fields[1] else min(keys)  # type: ignore[type-var]
    return str(candidates[keys.index(best)]["id"]) if keys.count(best) == 1 else ""


def _comparable(text: str) -> Decimal | None:
    try:
        return Decimal(re.sub(r"[^\d.]", "", text))
    except InvalidOperation:
        return None


def _tests_of(mark: Mark) -> list[Callable[[Candidate], bool]]:
    tests: list[Callable[[Candidate], bool]] = []
    date, amount, mention = mark.date, mark.amount, mark.mention
    if date is not None:
        tests.append(lambda each: any(_covers(date, each.get(name, "")) for name in _DAY_FIELDS[:2]))
    if amount is not None and amount.kind in ("money", "plain"):
        value = amount.value
        tests.append(lambda each: _is_near(each.get("amount", ""), value))
    names = {item.entry.name.casefold() for item in top_candidates(mention)} if mention is not None else set()
    said = names | {value.split("\t")[-1].casefold() for value in mark.values("choice")}
    said |= {mark.text.casefold(), *(value.casefold() for value in mark.values("state"))}
    tests.append(lambda each: any(each.get(name, "").casefold() in said for name in _FACTS if each.get(name)))
    return tests


def _covers(date: DateMention, day: str) -> bool:
    if not day:
        return False
    if date.on is not None:
        return day.startswith(date.on.isoformat())
    return date.period is not None and date.period.start.isoformat() <= day[:10] <= date.period.end.isoformat()


def _is_near(text: str, value: Decimal) -> bool:
    known = _comparable(text)
    return known is not None and abs(known - value) <= known * _CLOSE
