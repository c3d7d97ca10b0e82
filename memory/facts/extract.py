"""Reads typed facts out of a text, each with the span that says so. Pure and deterministic, English and Chinese.

What a sentence only supposes, asks or denies is no fact. Words and patterns are data: `memory/data/facts.yaml`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from language.amounts import find_amounts
from memory.facts.wordings import Sentence, Wordings, wordings

_SENTENCE = re.compile(r"[^.!?。！？；;\n]*(?:\.(?=\d)[^.!?。！？；;\n]*)*[.!?。！？；;\n]*")
_LONGEST_VALUE = 90
_EDGES = " \t\n,，.。;；:：!！?？、-–\"'“”"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a text says: `text[start:end]` is where. `kind` is an objection's topic, or whose promise it is.

    `resolves` marks an objection that is out of the way.
    """

    slot: str
    value: str
    start: int
    end: int
    sentence: str
    kind: str = ""
    resolves: bool = False


@lru_cache(maxsize=50_000)
def facts_in(text: str) -> tuple[Fact, ...]:
    """The facts of a text in the order of their slots; the same text always gives the same ones."""
    known = wordings()
    found: list[Fact] = []
    for sentence in sentences(text):
        if known.is_unsure(sentence):
            continue
        for read in _READERS:
            found.extend(fact for fact in read(sentence, known) if fact not in found)
    return tuple(found)


@lru_cache(maxsize=50_000)
def objections_in(text: str) -> frozenset[str]:
    """The topics of the objections that a text raises and does not call resolved."""
    known = wordings()
    return frozenset(
        fact.kind
        for sentence in sentences(text)
        if not known.is_unsure(sentence)
        for fact in _objections(sentence, known)
        if not fact.resolves
    )


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text with their places in it."""
    for match in _SENTENCE.finditer(text):
        if match[0].strip():
            yield Sentence(match[0], match.start())


def _objections(sentence: Sentence, known: Wordings) -> Iterator[Fact]:
    """One for each topic that is objected to, by a phrase of its own or by a word of worry beside it."""
    if sentence.asks:
        return
    worry = known.trigger(sentence)
    resolved = known.resolution(sentence)
    for topic, words in known.topics.items():
        direct = words.direct.search(sentence.folded)
        named = words.words.search(sentence.folded)
        if resolved is not None and (direct or named) is not None:
            span = direct or named
            assert span is not None
            yield _fact(sentence, "objection", topic, span.span(), topic, resolves=True)
        elif direct is not None and not known.is_denied(sentence, direct.start()):
            yield _fact(sentence, "objection", sentence.text.strip(_EDGES), direct.span(), topic)
        elif named is not None and worry is not None:
            start, end = min(named.start(), worry[0]), max(named.end(), worry[1])
            yield _fact(sentence, "objection", sentence.text.strip(_EDGES), (start, end), topic)


def _budget(sentence: Sentence, known: Wordings) -> Iterator[Fact]:
    word = known.words["budget"].search(sentence.folded)
    if word is None or sentence.asks:
        return
    amounts = [each for each in find_amounts(sentence.text) if each.kind == "money" or each.value >= 1000]
    if amounts:
        nearest = min(amounts, key=lambda each: min(abs(each.span.start - word.end()),
                                                    abs(word.start() - each.span.end)))  # fmt: skip
        span = nearest.span.start, nearest.span.end
        yield _fact(sentence, "budget", sentence.text[slice(*span)].strip(_EDGES), span)
        return
    for pattern in known.patterns["budget"]:
        match = pattern.search(sentence.text)
        if match is not None:
            yield _fact(sentence, "budget", match["value"].strip(_EDGES), match.span("value"))
            return


def _timeline(sentence: Sentence, known: Wordings) -> Iterator[Fact]:
    word = known.words["timeline"].search(sentence.folded)
    if word is None or sentence.asks or known.is_denied(sentence, word.start()):
        return
    span = known.day_in(sentence)
    if span is not None:
        yield _fact(sentence, "timeline", sentence.text[slice(*span)].strip(_EDGES), span)


def _competitor(sentence: Sentence, known: Wordings) -> Iterator[Fact]:
    yield from _named(sentence, known, "competitor")


def _champion(sentence: Sentence, known: Wordings) -> Iterator[Fact]:
    yield from _named(sentence, known, "champion")


def _named(sentence: Sentence, known: Wordings, slot: str) -> Iterator[Fact]:
    """Someone or some company that a pattern of the slot names."""
    if sentence.asks:
        return
    for pattern in known.patterns[slot]:
        for match in pattern.finditer(sentence.text):
            name = match["value"].strip(_EDGES)
            if known.is_no_name(slot, name) or known.is_denied(sentence, match.start()):
                continue
            yield _fact(sentence, slot, name, match.span("value"))
            return


def _promise(sentence: Sentence, known: Wordings) -> Iterator[Fact]:
    if sentence.asks:
        return
    for whose, patterns in known.promises.items():
        for pattern in patterns:
            match = pattern.search(sentence.text)
            if match is not None and match["value"].strip(_EDGES):
                value = match["value"].strip(_EDGES)[:_LONGEST_VALUE]
                yield _fact(sentence, "promise", value, match.span("value"), whose)
                return


def _next_step(sentence: Sentence, known: Wordings) -> Iterator[Fact]:
    for pattern in known.patterns["next_step"]:
        match = pattern.search(sentence.text)
        if match is not None and match["value"].strip(_EDGES) and not sentence.asks:
            yield _fact(sentence, "next_step", match["value"].strip(_EDGES)[:_LONGEST_VALUE], match.span("value"))
            return


def _fact(
    sentence: Sentence, slot: str, value: str, span: tuple[int, int], kind: str = "", *, resolves: bool = False
) -> Fact:
    start, end = sentence.start + span[0], sentence.start + span[1]
    return Fact(slot, value, start, end, sentence.text.strip(), kind, resolves)


_READERS = (_objections, _budget, _timeline, _competitor, _champion, _promise, _next_step)
