"""Cuts a message into words, signs and recognised things: what the phrase patterns and the clauses are made of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from language.amounts import AmountMention
from language.builtin.shorthand import written_out
from language.builtin.vocabulary import load_words
from language.dates import DateMention
from language.durations import DurationMention
from language.lexicon import Lexicon, Mention, Scored
from language.names.decide import decide
from language.script import CJK, to_simplified
from language.spans import cut

MARGIN = 0.055
_LEAST = {"deal": 0.5, "contact": 0.6}
_LEAST_OTHERS = 0.6
_LEAST_BEFORE_SMALL = 0.45
_NOT_STAGE_BEFORE = ("日", "时间", "价", "额", "概率")
_NOT_STAGE_AFTER = ("预计", "期望")
_LONGEST_BARE = 3
_LONGEST_CHINESE, _SHORTEST_CHINESE = 8, 2
_POINTERS = ("那单", "这单", "那笔", "这笔", "那个单", "这个单", "那个项目", "这个项目", "那个商机", "这个商机")
_PLACE_SIZES = (3, 2)
_SHORTEST_BARE = 4
_BARE_WAYS = frozenset({"partial", "exact", "short name", "alias"})
_HEADS = frozenset([".", "!", "?", "\n", ";", ",", ":", "and", "so", "then", "also"])
_WORD = re.compile(rf"w/(?=\W)|(?:[^\W\d_{CJK}]|(?<=\w)['’](?=\w))+|\d+(?:[.,:]\d+)*|->|=>|-->|[{CJK}]|\n|[^\s]")
_SAME = str.maketrans("’“”‘", "'\"\"'")

Thing = Mention | DateMention | AmountMention | DurationMention


@dataclass(frozen=True, slots=True)
class Word:
    """One word, sign or recognised thing: `canon` is its text in lower case, `kinds` what it may be."""

    start: int
    end: int
    canon: str
    kinds: frozenset[str] = frozenset()
    thing: Thing | None = None


def cut_words(
    text: str,
    names: Sequence[Mention],
    dates: Sequence[DateMention],
    durations: Sequence[DurationMention],
    amounts: Sequence[AmountMention],
) -> list[Word]:
    """The words of `text`; each recognised thing is one word. Sure names win over dates, dates over
    doubtful names."""
    taken: list[Word] = []
    sure = [mention for mention in names if mention.candidates and mention.candidates[0].score >= 0.9]
    things: list[Thing] = [*sure, *durations, *dates, *amounts, *names]
    for thing in things:
        word = _thing(text, thing)
        if word and not any(word.start < other.end and other.start < word.end for other in taken):
            taken.append(word)
    words: list[Word] = []
    position = 0
    for word in sorted(taken, key=lambda each: each.start):
        words += _plain(text, position, word.start)
        words.append(word)
        position = word.end
    return [*words, *_plain(text, position, len(text))]


def with_bare_deals(words: Sequence[Word], text: str, lexicon: Lexicon) -> list[Word]:
    """The words, with the plain ones at the head of a sentence that name a deal without more ("Retrofit:
    88k") as one."""
    words = _with_pointed_deals(words, text, lexicon)
    kept: list[Word] = []
    stops = frozenset(load_words("task_words")["stops"])
    i = 0
    while i < len(words):
        size = _LONGEST_BARE if _is_head(words, i) else 0
        while size:
            run = words[i : i + size]
            whole = len(run) == size and all(_is_plain_word(word) for word in run) and run[-1].canon not in stops
            mention = _bare_deal(run, text, lexicon) if whole else None
            if mention is not None and size == 1 and _is_in_noun(mention, words, i):
                mention = None
            if mention is not None:
                kept.append(
                    Word(run[0].start, run[-1].end, _canon(mention.span.text), frozenset({"deal"}), mention)
                )
                break
            size -= 1
        else:
            kept.append(words[i])
        i += max(size, 1)
    return kept


def _with_pointed_deals(words: Sequence[Word], text: str, lexicon: Lexicon) -> Sequence[Word]:
    """The words, with the Chinese ones before 那单, 这个项目 that name one deal as one."""
    for at in range(_SHORTEST_CHINESE, len(words) - 1):
        pointed = "".join(word.canon for word in words[at : at + 3])
        if not pointed.startswith(_POINTERS):
            continue
        first = at
        while first and at - first < _LONGEST_CHINESE and _is_plain_chinese(words[first - 1]):
            first -= 1
        for start in range(first, at - _SHORTEST_CHINESE + 1):
            span = cut(text, words[start].start, words[at - 1].end)
            decision = decide(
                [item for item in lexicon.match(span.text, kinds={"deal"}) if item.how in _BARE_WAYS]
            )
            if decision.outcome == "one":
                named = Word(
                    span.start,
                    span.end,
                    _canon(span.text),
                    frozenset({"deal"}),
                    Mention(span, decision.candidates),
                )
                return [*words[:start], named, *words[at:]]
    return words


def _is_plain_chinese(word: Word) -> bool:
    return not word.kinds and len(word.canon) == 1 and "\u4e00" <= word.canon <= "\u9fff"


def _is_head(words: Sequence[Word], i: int) -> bool:
    return i == 0 or words[i - 1].canon in _HEADS


def _is_plain_word(word: Word) -> bool:
    return not word.kinds and word.canon.isascii() and word.canon.isalpha()


def _is_in_noun(mention: Mention, words: Sequence[Word], i: int) -> bool:
    """Whether one word may be part of another noun: "hull drawings are late", "Plant Manager"; what a deal is called
    last, such as "rollout" or "retrofit", is not."""
    data, small = load_words("deal_words"), load_words("task_words")["stops"]
    word, following = words[i].canon, words[i + 1] if i + 1 < len(words) else None
    if (
        following is None
        or not _is_plain_word(following)
        or following.canon in (*data["behind_bare_deal"], *small)
    ):
        return False
    is_last = any(item.entry.name.casefold().split()[-1] == word for item in mention.candidates)
    return word in data["everyday_in_names"] or not is_last


def _bare_deal(run: Sequence[Word], text: str, lexicon: Lexicon) -> Mention | None:
    span = cut(text, run[0].start, run[-1].end)
    if len(span.text) < _SHORTEST_BARE:
        return None
    scored = [item for item in lexicon.match(span.text, kinds={"deal"}) if item.how in _BARE_WAYS]
    decision = decide(scored)
    return Mention(span, decision.candidates) if decision.outcome in ("one", "several") else None


def top_candidates(mention: Mention) -> list[Scored]:
    """The records that a mention may mean about equally well, best first."""
    best = mention.candidates[0].score if mention.candidates else 0.0
    return [item for item in mention.candidates if item.score > best - MARGIN]


def _plain(text: str, start: int, end: int) -> Iterable[Word]:
    for found in _WORD.finditer(text, start, end):
        yield Word(found.start(), found.end(), _canon(found[0]))


@cache
def _canon(word: str) -> str:
    return written_out(to_simplified(word.lower().translate(_SAME)))


def _thing(text: str, thing: Thing) -> Word | None:
    start, end = thing.span.start, thing.span.end
    kinds = _kinds(text, thing)
    if not kinds:
        return None
    start = _with_place(text, thing) if "account" in kinds and isinstance(thing, Mention) else start
    return Word(start, end, _canon(text[start:end]), kinds, thing)


def _with_place(text: str, mention: Mention) -> int:
    """Where a company's name begins with the place before it that is part of it (青岛华岳 for 华岳)."""
    start, end = mention.span.start, mention.span.end
    names = [to_simplified(item.entry.name) for item in top_candidates(mention) if item.entry.kind == "account"]
    for size in _PLACE_SIZES:
        if start >= size and any(name.startswith(to_simplified(text[start - size : end])) for name in names):
            return start - size
    return start


def _kinds(text: str, thing: Thing) -> frozenset[str]:
    if isinstance(thing, DateMention):
        return frozenset({"date", "shift" if thing.shift else "period" if thing.period else "day"})
    if isinstance(thing, AmountMention):
        return frozenset({"amount", thing.kind})
    if isinstance(thing, DurationMention):
        return frozenset({"duration"})
    top = top_candidates(thing)
    if not top or top[0].score < _least(text, thing, top[0].entry.kind):
        return frozenset()
    kinds = {item.entry.kind for item in top}
    if kinds == {"stage"} and _is_part_of_field_name(text, thing):
        return frozenset()
    return frozenset(kinds | ({"person"} if kinds & {"contact", "user", "lead"} else set()))


def _least(text: str, mention: Mention, kind: str) -> float:
    """From which score on a name counts: a capitalised first name before a small word has no unknown
    surname behind it."""
    following = text[mention.span.end : mention.span.end + 2]
    if kind == "contact" and mention.span.text[:1].isupper() and following[:1] == " " and following[1:].islower():
        return _LEAST_BEFORE_SMALL
    return _LEAST.get(kind, _LEAST_OTHERS)


def _is_part_of_field_name(text: str, mention: Mention) -> bool:
    """成交日期, 预计成交: the name of a field that begins or ends like a stage."""
    return text[mention.span.end :].startswith(_NOT_STAGE_BEFORE) or text[: mention.span.start].endswith(
        _NOT_STAGE_AFTER
    )


def accounts_in(words: Sequence[Word]) -> set[str]:
    """Ids of the accounts that some words name for sure, also by deals and people."""
    found: set[str] = set()
    for word in words:
        if isinstance(word.thing, Mention) and word.kinds & {"account", "deal", "contact"}:
            homes = {item.entry.home_account for item in top_candidates(word.thing)}
            found |= {home for home in homes if home} if len(homes) == 1 else set()
    return found
