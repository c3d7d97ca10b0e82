"""Scores of passages for a query: BM25 over terms, cosines over vectors, and their fusion. Pure functions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from memory.embedders.protocol import Vectors

K1, B = 1.2, 0.6
# Chosen on half of evals/data/memory_recall.yaml (`python -m evals.bench_memory`), see docs/memory.md.
COSINE_WEIGHT = 1.5
# A passage with less of the query's words has to be near in meaning.
SHARE_FLOOR = 0.2
# The same where only words are known.
SHARE_FLOOR_ALONE = 0.1
# A word of the subject or of a name beside a word that was said.
AROUND_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Sought:
    """A term of a query with its weight; it counts as rare as `rare_as` is, where that is given."""

    term: str
    weight: float = 1.0
    rare_as: str = ""


class Document:
    """The terms of a passage: what was said, and what stands around it (subject, names), which counts less.

    With `sought` only these terms are sure to be counted, which is quicker: most passages hold none of them.
    """

    __slots__ = ("_counts", "_length")

    def __init__(
        self, said: Sequence[str], around: Sequence[str] = (), sought: frozenset[str] | None = None
    ) -> None:
        self._length = len(said) + len(around)
        holds_some = sought is None or not sought.isdisjoint(said)
        self._counts = dict[str, float](Counter(said)) if holds_some else {}
        for term in around:
            self._counts[term] = self._counts.get(term, 0) + AROUND_WEIGHT

    @classmethod
    def without(cls, length: int) -> "Document":
        """A document of so many terms that holds nothing that is sought."""
        bare = cls(())
        bare._length = length
        return bare

    @property
    def is_bare(self) -> bool:
        """Whether it is known to hold nothing that is sought."""
        return not self._counts

    def count(self, term: str) -> float:
        """How often a term occurs."""
        return self._counts.get(term, 0)

    def __contains__(self, term: str) -> bool:
        return term in self._counts

    def __len__(self) -> int:
        """How many terms there are."""
        return self._length


@dataclass(frozen=True, slots=True)
class Corpus:
    """What BM25 has to know of all passages: how many, how long, and how many hold each term."""

    passages: int
    average_length: float
    counts: Mapping[str, int]

    @classmethod
    def of(cls, documents: Sequence[Document], wanted: Sequence[Sought]) -> "Corpus":
        """The corpus that these documents are."""
        counts = {each.term: sum(each.term in document for document in documents) for each in wanted}
        length = sum(map(len, documents)) / len(documents) if documents else 0.0
        return cls(len(documents), length, counts)

    def weight(self, each: Sought) -> float:
        """How much a term tells: the rarer, the more; never negative."""
        present = self.counts.get(each.rare_as or each.term, 0)
        return each.weight * log(1 + max(0.0, self.passages - present + 0.5) / (present + 0.5))


def bm25(wanted: Sequence[Sought], documents: Sequence[Document], corpus: Corpus) -> list[float]:
    """BM25 of each document (Robertson and Zaragoza 2009), with a rarity that stays positive in small sets."""
    weights = [(each.term, corpus.weight(each)) for each in wanted]
    average = corpus.average_length or 1.0
    scores = []
    for document in documents:
        score = 0.0
        for term, weight in () if document.is_bare else weights:
            number = document.count(term)
            if number:
                norm = K1 * (1 - B + B * len(document) / average)
                score += weight * number * (K1 + 1) / (number + norm)
        scores.append(score)
    return scores


def shares_of(wanted: Sequence[Sought], documents: Sequence[Document], corpus: Corpus) -> list[float]:
    """BM25 of each document as a share, 0 to about 1, of what a short passage that says it all would near."""
    most = sum(map(corpus.weight, wanted)) * (K1 + 1) or 1.0
    return [score / most for score in bm25(wanted, documents, corpus)]


def cosines(query: Vectors, rows: Vectors, numbers: Sequence[int]) -> list[float]:
    """For each passage the cosine of its nearest vector with the query; `numbers` says how many rows are whose.

    All have unit length; a passage without vectors has 0.
    """
    if not rows.size:
        return [0.0] * len(numbers)
    all_of_them, held = rows @ query, [number for number in numbers if number]
    starts = np.cumsum([0, *held[:-1]])
    best = iter(np.maximum.reduceat(all_of_them, starts).tolist())
    return [next(best) if number else 0.0 for number in numbers]


def fuse(shares: Sequence[float], dense: Sequence[float] | None, *, floor: float) -> list[float]:
    """The lexical share plus the weighted cosine; 0 where neither speaks for the passage. Without cosines words decide.

    A share is BM25 divided by what was possible, not by the best that was found: one common word in the wrong
    language would else count as much as the right meaning (measured in docs/memory.md).
    """
    if dense is None:
        return [share if share >= SHARE_FLOOR_ALONE else 0.0 for share in shares]
    return [
        share + COSINE_WEIGHT * max(0.0, cosine) if share >= SHARE_FLOOR or cosine >= floor else 0.0
        for share, cosine in zip(shares, dense, strict=True)
    ]
