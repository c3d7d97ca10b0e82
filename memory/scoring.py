"""Scores of passages for a query: BM25 over terms, cosines over vectors, and their fusion. Pure functions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from memory.embedders.protocol import Vectors

K1, B = 1.2, 0.6
# Chosen on half of evals/data/memory_recall.yaml (`python -m evals.bench_memory`), see docs/memory.md.
COSINE_WEIGHT = 1.5
# A passage with less of the query's words has to be near in meaning.
SHARE_FLOOR = 0.2


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


def most_possible(wanted: Sequence[str], corpus: Corpus) -> float:
    """What BM25 nears when a short passage says every term of the query again and again."""
    return sum(rarity(corpus.counts.get(term, 0), corpus.passages) for term in wanted) * (K1 + 1)


def shares_of(wanted: Sequence[str], documents: Sequence[Sequence[str]], corpus: Corpus) -> list[float]:
    """BM25 of each document as a share of what the query makes possible, 0 to about 1."""
    most = most_possible(wanted, corpus) or 1.0
    return [score / most for score in bm25(wanted, documents, corpus)]


def cosines(query: Vectors, rows: Vectors) -> list[float]:
    """The cosine of each row with the query; all have unit length."""
    return [float(each) for each in rows @ query] if rows.size else [0.0] * len(rows)


def fuse(shares: Sequence[float], dense: Sequence[float], *, floor: float) -> list[float]:
    """The lexical share plus the weighted cosine; 0 where neither speaks for the passage.

    A share is BM25 divided by what was possible, not by the best that was found: one common word in the wrong
    language would else count as much as the right meaning (measured in docs/memory.md).
    """
    return [
        share + COSINE_WEIGHT * max(0.0, cosine) if share >= SHARE_FLOOR or cosine >= floor else 0.0
        for share, cosine in zip(shares, dense, strict=True)
    ]
