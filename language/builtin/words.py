"""Cuts a message into words, signs and recognised things: what the phrase patterns and the clauses are made of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from language.amounts import AmountMention
from language.dates import DateMention
from language.durations import DurationMention
from language.lexicon import Mention, Scored
from language.script import CJK

CERTAIN_NAME = 0.6
MARGIN = 0.055
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
    """The words of `text`; each recognised thing is one word. Sure names win over dates, dates over doubtful names."""
    taken: list[Word] = []
    sure = [mention for mention in names if mention.candidates and mention.candidates[0].score >= 0.9]
    for thing in (*sure, *durations, *dates, *amounts, *names):
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


def top_candidates(mention: Mention) -> list[Scored]:
    """The records that a mention may mean about equally well, best first."""
    best = mention.candidates[0].score if mention.candidates else 0.0
    return [item for item in mention.candidates if item.score > best - MARGIN]


def _plain(text: str, start: int, end: int) -> Iterable[Word]:
    for found in _WORD.finditer(text, start, end):
        yield Word(found.start(), found.end(), _canon(found[0]))


@cache
def _canon(word: str) -> str:
    return word.lower().translate(_SAME)


def _thing(text: str, thing: Thing) -> Word | None:
    start, end = thing.span.start, thing.span.end
    kinds = _kinds(thing)
    if not kinds:
        return None
    return Word(start, end, _canon(text[start:end]), kinds, thing)


def _kinds(thing: Thing) -> frozenset[str]:
    if isinstance(thing, DateMention):
        return frozenset({"date", "shift" if thing.shift else "period" if thing.period else "day"})
    if isinstance(thing, AmountMention):
        return frozenset({"amount", thing.kind})
    if isinstance(thing, DurationMention):
        return frozenset({"duration"})
    top = top_candidates(thing)
    if not top or top[0].score < CERTAIN_NAME:
        return frozenset()
    kinds = {item.entry.kind for item in top}
    return frozenset(kinds | ({"person"} if kinds & {"contact", "user", "lead"} else set()))
