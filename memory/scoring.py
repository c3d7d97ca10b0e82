"""Scores of passages for a query: BM25 over terms, cosines over vectors, and their fusion. Pure functions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from memory.embedders.protocol import Vectors

K1, B = 1.2, 0.6
# Weight of the cosine beside BM25 divided by its best; see `python -m evals.bench_memory` and docs/memory.md.
COSINE_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Corpus:
    """What BM25 has to know of all passages: how many, how long, and how many hold each term."""

    passages: int
    average_length: float
    counts: Mapping[str, int]

    @classmethod
    def of(cls, documents: Sequence[Sequence[str]], wanted: Sequence[str]) -> "Corpus":
        """The corpus that these documents are."""
        sets = [frozenset(document) for document in documents]
        counts = {term: sum(term in each for each in sets) for term in wanted}
        length = sum(map(len, documents)) / len(documents) if documents else 0.0
        return cls(len(documents), length, counts)


def bm25(wanted: Sequence[str], documents: Sequence[Sequence[str]], corpus: Corpus) -> list[float]:
    """BM25 of each document (Robertson and Zaragoza 2009), with a rarity that stays positive in small sets."""
    rarities = {term: rarity(corpus.counts.get(term, 0), corpus.passages) for term in wanted}
    average = corpus.average_length or 1.0
    scores = []
    for document in documents:
        counted = Counter(term for term in document if term in rarities)
        norm = K1 * (1 - B + B * len(document) / average)
        scores.append(
            sum(rarities[term] * number * (K1 + 1) / (number + norm) for term, number in counted.items())
        )
    return scores


def rarity(present: int, total: int) -> float:
    """How much a term tells: the rarer, the more; never negative."""
    return log(1 + max(0.0, total - present + 0.5) / (present + 0.5))


def cosines(query: Vectors, rows: Vectors) -> list[float]:
    """The cosine of each row with the query; all have unit length."""
    return [float(each) for each in rows @ query] if rows.size else []


def fuse(lexical: Sequence[float], dense: Sequence[float], *, floor: float) -> list[float]:
    """BM25 divided by its best plus the weighted cosine; 0 where neither a term nor a cosine speaks for it."""
    best = max(lexical, default=0.0) or 1.0
    return [
        one / best + COSINE_WEIGHT * max(0.0, other) if one > 0 or other >= floor else 0.0
        for one, other in zip(lexical, dense or np.zeros(len(lexical)), strict=True)
    ]
