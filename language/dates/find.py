"""Finds every date in a text: rules on tokens, then neighbours joined, then times and framing words taken in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time
from functools import cache, lru_cache

from language.dates import edge_builders, move_builders, period_builders, time_builders
from language.dates.builders import BUILDERS
from language.dates.compose import Piece, compose
from language.dates.types import Anchor, Bound, DateMention, Meaning, Tense
from language.grammar import Grammar, Match
from language.resources import load_data
from language.spans import cut
from language.tokens import Token, tokenize

# Importing these fills BUILDERS.
_BUILDER_MODULES = (edge_builders, move_builders, period_builders, time_builders)


def find_mentions(text: str, anchor: Anchor) -> list[DateMention]:
    """All dates in `text` from left to right, not overlapping; the longest reading at a place wins."""
    tokens = tokenize(text)
    pieces = compose(_pieces(text, anchor), tokens, anchor)
    times = {first: (after, meaning) for first, after, meaning in _times(text, anchor)}
    times_by_end = {after: (first, meaning) for first, (after, meaning) in times.items()}
    mentions = []
    floor, words = 0, sum(token.tag != "SIGN" for token in tokens)
    for i, piece in enumerate(pieces):
        ceiling = pieces[i + 1].first if i + 1 < len(pieces) else len(tokens)
        timed = _with_time(piece, tokens, times, times_by_end, floor, ceiling) if piece.meaning.on else piece
        framed, bound, is_framed = _framed(timed, tokens, floor, ceiling)
        floor = framed.after
        alone = framed.after - framed.first >= words
        if piece.meaning.weak and not is_framed and not alone:
            continue
        mentions.append(_mention(text, framed, bound, tokens))
    return mentions


def _mention(text: str, piece: Piece, bound: Bound, tokens: Sequence[Token]) -> DateMention:
    meaning = piece.meaning
    span = cut(text, tokens[piece.first].start, tokens[piece.after - 1].end)
    return DateMention(
        span=span,
        on=meaning.on,
        period=meaning.period,
        shift=meaning.shift,
        at=_in_its_half(meaning.at, span.text.casefold()),
        is_deadline=meaning.deadline or bound == "before",
        bound=bound,
        conflict=meaning.conflict,
    )


def _in_its_half(at: time | None, said: str) -> time | None:
    """ "Tonight at 8" is 20:00; a time that says itself what it is stays."""
    marked = re.search(r"\d\s*[ap]\.?m|凌晨|早|上午|morning|noon", said)
    if at is None or at.hour >= 12 or marked or not any(word in said for word in load_data("dates")["evening"]):
        return at
    return at.replace(hour=at.hour + 12)


@cache
def _grammar(section: str) -> Grammar:
    data = load_data("dates")
    return Grammar(data[section], data["classes"])


@lru_cache(maxsize=64)
def _matches(text: str, section: str) -> tuple[tuple[Match, ...], ...]:
    """What the rules find, before any date is computed: the same whatever day it is."""
    return tuple(tuple(found) for found in _grammar(section).matches(tokenize(text)))


def _pieces(text: str, anchor: Anchor) -> list[Piece]:
    tokens = tokenize(text)
    behind = replace(anchor, tense=Tense.PAST)
    pieces: list[Piece] = []
    covered = 0
    for candidates in _matches(text, "rules"):
        if (
            candidates[0].first < covered
            or _is_score(candidates[0], tokens)
            or _is_pronoun(text, candidates[0], tokens)
        ):
            continue
        for match in candidates:
            meaning = _build(match, behind if _lies_behind(match, tokens) else anchor)
            if match.build == "nothing" or meaning:
                covered = match.after
            if meaning:
                pieces.append(Piece(match.first, match.after, meaning))
            if covered == match.after:
                break
    return pieces


def _is_score(match: Match, tokens: Sequence[Token]) -> bool:
    """True for "9/10" after words such as "rated"."""
    before = tokens[match.first - 1].canon if match.first else ""
    return tokens[match.first].tag == "SLASHED" and before in load_data("dates")["scores"]


def _is_pronoun(text: str, match: Match, tokens: Sequence[Token]) -> bool:
    """True for the "one" of "move the second one to 15 May"."""
    before = tokens[match.first - 1].canon if match.first else ""
    said = [text[token.start : token.end].casefold() for token in tokens[match.first : match.first + 2]]
    return before.isalpha() and before not in ("from", "between") and said in (["one", "to"], ["one", "until"])


def _lies_behind(match: Match, tokens: Sequence[Token]) -> bool:
    """True after "since" and before 以来: such a date is never ahead."""
    data = load_data("dates")
    if match.after < len(tokens) and data["bounds_after"].get(tokens[match.after].canon) == "since":
        return True
    before = match.first - 1
    while before > 0 and (tokens[before].tag == "EDGE" or tokens[before].canon in data["fillers"]):
        before -= 1
    return before >= 0 and tokens[before].canon in data["behind"]


def _build(match: Match, anchor: Anchor) -> Meaning | None:
    """The meaning of a match; None where its numbers make no date (30 February, year 12000)."""
    try:
        meaning = BUILDERS[match.build](match.fields, anchor)
    except (ValueError, OverflowError):
        return None
    return meaning


def _times(text: str, anchor: Anchor) -> list[tuple[int, int, Meaning]]:
    found = []
    for candidates in _matches(text, "times"):
        for match in candidates:
            meaning = _build(match, anchor)
            if meaning:
                found.append((match.first, match.after, meaning))
                break
    return found


def _with_time(
    piece: Piece,
    tokens: Sequence[Token],
    times: Mapping[int, tuple[int, Meaning]],
    times_by_end: Mapping[int, tuple[int, Meaning]],
    floor: int,
    ceiling: int,
) -> Piece:
    """The piece with the time of day right behind it or right before it."""
    first, after, at = piece.first, piece.after, piece.meaning.at
    for _ in range(2):
        skip = after + 1 if after < len(tokens) and tokens[after].canon in (",", "的", "in") else after
        ahead = times.get(after) or times.get(skip)
        if ahead and ahead[0] <= ceiling:
            after, at = ahead[0], ahead[1].at or at
    before = first - 1 if first and tokens[first - 1].canon in ("on", ",") else first
    behind = times_by_end.get(first) or times_by_end.get(before)
    if behind and behind[0] >= floor:
        first, at = behind[0], behind[1].at or at
    return Piece(first, after, piece.meaning.replaced(at=at))


def _is_possessive(tokens: Sequence[Token], after: int) -> bool:
    """ "After today's call" is about the call."""
    return [token.canon for token in tokens[after : after + 2]] == ["'", "s"]


def _framed(piece: Piece, tokens: Sequence[Token], floor: int, ceiling: int) -> tuple[Piece, Bound, bool]:
    """The piece with words such as "by", "since" or 前 taken in; how they bind it; whether there were any."""
    data = load_data("dates")
    first, after, bound, framed = piece.first, piece.after, piece.meaning.bound, False
    for size in (3, 2, 1):
        words = " ".join(token.canon for token in tokens[after : after + size])
        if after + size <= ceiling and words in data["bounds_after"] and not piece.meaning.shift:
            after, bound, framed = after + size, data["bounds_after"][words], True
            break
    start = first
    while start - 1 >= floor and tokens[start - 1].canon in data["fillers"]:
        start -= 1
    for size in (3, 2, 1):
        words = " ".join(token.canon for token in tokens[max(start - size, 0) : start])
        if start - size >= floor and words in data["bounds"] and not _is_possessive(tokens, after):
            moved_to = (
                start - size and tokens[start - size - 1].canon in data["moved_to"] and words in ("到", "至")
            )
            before: Bound = "on" if moved_to else data["bounds"][words]
            bound = bound if framed or before == "on" else before
            return Piece(start - size, after, piece.meaning), "on" if piece.meaning.shift else bound, True
    if start < first and tokens[first - 1].canon == "the":
        first -= 1
    return Piece(first, after, piece.meaning), bound, framed
