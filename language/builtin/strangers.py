"""Whether a message names somebody or something that no visible record is called: then it is not about what was talked
about before, and nothing in focus may be changed for it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.patterns import phrase_book
from language.builtin.vocabulary import load_words
from language.builtin.words import Word
from language.lexicon import Mention
from language.names.vocabulary import is_no_word, known_words
from language.script import has_cjk

_SHORTEST_ZH = 3
_SHORTEST_EN = 3
_HEAD = 2


@lru_cache(maxsize=16)
def names_stranger(outline: Outline) -> bool:
    """ "Move Zed Nobody renewal to Negotiation", 拜访了澄海食品周娜: names that nothing visible has, and no "it"."""
    return any(_names_stranger(outline, clause) for clause in outline.clauses)


def without_strangers(outline: Outline, call: Call) -> Call:
    """A change of the deal or task that was talked about before, handed to the name that the message tells instead:
    "push zorblax out two weeks" is about no deal on record, and the server says so."""
    if call.tool == "update_task":
        return _of_other_person(outline, call)
    focus = outline.reading.dialogue.focus("deal")
    if call.tool != "update_deal" or focus is None or call.arguments.get("deal") != focus[0]:
        return call
    if any(word.kinds & {"deal", "account"} for word in outline.words):
        return call
    clause = next((each for each in outline.clauses if each.start <= call.at < each.end), None)
    if clause is None or clause.has("it", "pick"):
        return call
    told = " ".join(str(value) for name, value in call.given().items() if name != "deal").casefold()
    names = [word for word in clause.words if _is_strange(word) and word.canon not in told]
    if not names:
        return call
    return replace(call, arguments={**call.arguments, "deal": outline.own_text(names[0].start, names[0].end)})


def _of_other_person(outline: Outline, call: Call) -> Call:
    """ "I was going to call Karl, he is travelling, make it tomorrow": no task with somebody else moves."""
    focus = outline.reading.dialogue.focus("task")
    given = call.given()
    is_focus = focus is not None and given.get("task") == focus[0]
    if (
        not is_focus
        or focus is None
        or _is_proposed(outline, focus[0])
        or {"title", "contact", "assignee"} & set(given)
    ):
        return call
    if any("task" in word.kinds for word in outline.words):
        return call
    until = next((each.end for each in outline.clauses if each.start <= call.at < each.end), 0)
    people = [word for word in outline.words if "contact" in word.kinds and word.start < until]
    task = outline.reading.situation.lexicon.get(focus[0])
    title = (task.name if task is not None else focus[1]).casefold()
    if not people or any(part in title for word in people for part in _names_of(word)):
        return call
    return replace(call, arguments={**call.arguments, "task": outline.own_text(people[-1].start, people[-1].end)})


def _is_proposed(outline: Outline, task: str) -> bool:
    """Whether a change of that task was proposed just now: what is said then is said of it."""
    asked = [past.call.arguments for past in outline.reading.dialogue.proposed]
    return any(task in (given.get("task"), given.get("record")) for given in asked)


def _names_of(word: Word) -> Iterator[str]:
    """The parts of the names that a person may have."""
    for item in word.thing.candidates if isinstance(word.thing, Mention) else ():
        yield from item.entry.name.casefold().split()


def _is_strange(word: Word) -> bool:
    """Whether a word in Latin script is none of the language, none of a phrase and no thing that was recognised."""
    form = word.canon.removesuffix("'s").removesuffix("’s")
    return not word.kinds and is_no_word(form) and form not in phrase_book().literals


def _names_stranger(outline: Outline, clause: Clause) -> bool:
    if clause.things("account", "deal", "contact", "lead", "user") or clause.has("it", "deal_word", "pick"):
        return False
    if any(word.canon in load_words("people")["pronouns"] for word in clause.words):
        return False
    covered = {i for hit in clause.hits for i in range(hit.first, hit.after)}
    free = [(i, word) for i, word in enumerate(clause.words, clause.first) if i not in covered and not word.kinds]
    return (
        _has_capitals(outline, clause, free)
        or _has_unknown_subject(clause, free)
        or _has_chinese_object(outline, clause, covered)
    )


def _has_capitals(outline: Outline, clause: Clause, free: Sequence[tuple[int, Word]]) -> bool:
    """Two capitalised words in a row behind the first one of the clause, one of them no word of the language."""
    names = [i for i, word in free if i > clause.first and _is_capitalised(outline, word)]
    pairs = [(i, i + 1) for i in names if i + 1 in names]
    return any(outline.words[i].canon not in known_words() for pair in pairs for i in pair)


def _has_unknown_subject(clause: Clause, free: Sequence[tuple[int, Word]]) -> bool:
    """Two plain words at the head of a clause, one of them no word of the language: "zephyr turbines closed won"."""
    head = [word.canon for i, word in free if i < clause.first + _HEAD]
    written = [word for word in head if word.isascii() and word.isalpha()]
    return len(written) == _HEAD and any(map(is_no_word, written))


def _is_capitalised(outline: Outline, word: Word) -> bool:
    text = outline.reading.text[word.start : word.end]
    return len(text) >= _SHORTEST_EN and text.isascii() and text.istitle()


def _has_chinese_object(outline: Outline, clause: Clause, covered: set[int]) -> bool:
    """At least three signs behind a verb of contact, or between "with" and it, that no phrase and no name explains."""
    spans = range(clause.first, clause.after)
    for hit in clause.all("contacted", "contact_bare"):
        start = next((i for i in spans if i >= hit.after and i not in covered), clause.after)
        behind = _plain_run(outline, range(start, clause.after), covered)
        before = _plain_run(outline, range(hit.first - 1, clause.first - 1, -1), covered)
        partner = before[:-1] if before and before[-1].canon in load_words("people")["with_zh"] else []
        if max(len(behind), len(partner)) >= _SHORTEST_ZH:
            return True
    return False


def _plain_run(outline: Outline, indexes: range, covered: set[int]) -> list[Word]:
    """The Chinese signs from the first index on that nothing explains."""
    run: list[Word] = []
    for index in indexes:
        word = outline.words[index]
        if index in covered or word.kinds or not has_cjk(word.canon):
            break
        run.append(word)
    return run
