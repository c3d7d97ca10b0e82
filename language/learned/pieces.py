"""Pieces of words: the subword vocabulary of the encoder, and how a message of features is written in it.

Names and values are written as a word of their kind, so that the encoder sees an ordinary sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from language.learned.features import WordFeatures
from language.script import is_cjk

START, END, UNKNOWN = 0, 1, 2
SPACE = "▁"
# How a name or value is written, by its kind.
STAND_INS: Mapping[str, str] = {
    "account": "company",
    "amount": "500",
    "contact": "anna",
    "date": "friday",
    "deal": "project",
    "duration": "minutes",
    "lead": "maria",
    "product": "product",
    "stage": "stage",
    "task": "task",
    "ticket": "ticket",
    "user": "david",
}
# Of a longer word only that many signs are read.
_MOST_SIGNS = 20
_ILLEGIBLE = "\N{REPLACEMENT CHARACTER}"
_NEVER = -1e30
_MOST_OFFSET = 3


@dataclass(frozen=True, slots=True)
class Written:
    """A message in pieces: `ids` with a start and an end, and for each word its first and last piece and how many
    signs of the first piece stand before it (a Chinese piece holds several words)."""

    ids: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    offset: NDArray[np.int64]


class Pieces:
    """The vocabulary; `scores` are the log probabilities of a unigram model, the best split is taken."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._known = {
            piece: (row, float(score))
            for row, (piece, score) in enumerate(zip(pieces, scores, strict=True))
            if row > UNKNOWN
        }
        self._longest = max(map(len, self._known))
        self._signs = frozenset(sign for piece in self._known for sign in piece)
        self._unknown_score = min(map(float, scores)) - 10

    def write(self, features: Sequence[WordFeatures]) -> Written:
        """The words of a message in pieces."""
        text, spans = "", list[tuple[int, int]]()
        for each in features:
            word = self._legible(_spelt(each.text, is_first=not text))
            spans.append((len(text) + (len(word) > 1 and word[0] == SPACE), len(text) + len(word)))
            text += word
        split = self._split(text)
        piece_at = np.zeros(len(text) + 1, dtype=np.int64)
        for place, (_, start, end) in enumerate(split):
            piece_at[start:end] = place
        return Written(
            np.array([START, *(row for row, _, _ in split), END], dtype=np.int64),
            np.array([piece_at[start] + 1 for start, _ in spans], dtype=np.int64),
            np.array([piece_at[end - 1] + 1 for _, end in spans], dtype=np.int64),
            np.array([min(_MOST_OFFSET, start - split[piece_at[start]][1]) for start, _ in spans], dtype=np.int64),
        )

    def _legible(self, word: str) -> str:
        """The word with one sign for each stretch of signs that no piece has."""
        if self._signs.issuperset(word):
            return word
        stretches = groupby(word, key=self._signs.__contains__)
        return "".join("".join(signs) if is_known else _ILLEGIBLE for is_known, signs in stretches)

    def _split(self, text: str) -> list[tuple[int, int, int]]:
        """The likeliest pieces as (row, start, end), found from left to right (Viterbi)."""
        best, came = [0.0, *[_NEVER] * len(text)], [(UNKNOWN, 0)] * (len(text) + 1)
        for start in range(len(text)):
            if best[start] + self._unknown_score > best[start + 1]:
                best[start + 1], came[start + 1] = best[start] + self._unknown_score, (UNKNOWN, start)
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                found = self._known.get(text[start:end])
                if found is not None and best[start] + found[1] > best[end]:
                    best[end], came[end] = best[start] + found[1], (found[0], start)
        pieces, end = list[tuple[int, int, int]](), len(text)
        while end:
            row, start = came[end]
            pieces.append((row, start, end))
            end = start
        return pieces[::-1]


def _spelt(shown: str, *, is_first: bool) -> str:
    if shown[:1] == "<" and len(shown) > 1:
        return SPACE + STAND_INS.get(shown[1:-1].split("|", maxsplit=1)[0], "it")
    begins_word = is_first or (shown[:1].isalnum() and not is_cjk(shown[0]))
    return (SPACE + shown if begins_word else shown)[:_MOST_SIGNS]
