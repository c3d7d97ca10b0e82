"""Passages to search, made as the index makes them, and the ways of ranking them that are compared."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from memory.embedders.protocol import Embedder, Vectors
from memory.passages import Note, passages_of
from memory.scoring import Corpus, Document, bm25, cosines, fuse, shares_of
from memory.topics import document, sought

SOME_DAY = datetime(2026, 3, 2, tzinfo=UTC)
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Pool:
    """Passages with their terms and vectors; `numbers` says how many rows belong to each, `means` has one for each."""

    ids: tuple[str, ...]
    documents: tuple[Document, ...]
    vectors: Vectors
    numbers: tuple[int, ...]
    means: Vectors

    @classmethod
    def of(cls, notes: Iterable[Note], embedder: Embedder) -> "Pool":
        """The pool of these notes."""
        passages = [passage for note in notes for passage in passages_of(note)]
        keys = [key for each in passages for key in each.keys]
        rows = np.concatenate([embedder.embed(keys[at : at + _AT_ONCE]) for at in range(0, len(keys), _AT_ONCE)])
        numbers = tuple(len(each.keys) for each in passages)
        starts = np.cumsum([0, *numbers[:-1]])
        means = np.add.reduceat(rows, starts, axis=0)
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        ids = tuple(each.interaction_id for each in passages)
        return cls(ids, tuple(document(each.terms) for each in passages), rows, numbers, means)


Ranker = Callable[[Pool, str, Vectors, float], list[float]]


def by_words(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """BM25 alone."""
    wanted = sought(query)
    return bm25(wanted, pool.documents, Corpus.of(pool.documents, wanted))


def by_meaning(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """The cosine of the nearest sentence alone."""
    return [each + 1 for each in cosines(row, pool.vectors, pool.numbers)]


def by_mean(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """The cosine of the passage's mean alone, by which candidates are found in large scopes."""
    return [each + 1 for each in cosines(row, pool.means, (1,) * len(pool.ids))]


def fused(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """What search does, without its floor for unrelated passages."""
    return [each + 1 for each in fuse(_shares(pool, query), cosines(row, pool.vectors, pool.numbers), floor=-1.0)]


def by_best(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """BM25 divided by its best plus the cosine: the usual fusion, for comparison."""
    lexical = by_words(pool, query, row, floor)
    best = max(lexical, default=0.0) or 1.0
    near = cosines(row, pool.vectors, pool.numbers)
    return [one / best + max(0.0, other) + 1 for one, other in zip(lexical, near, strict=True)]


def with_floor(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """What search does: passages that neither words nor meaning speak for are left out."""
    return fuse(_shares(pool, query), cosines(row, pool.vectors, pool.numbers), floor=floor)


def words_with_floor(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """What search does without an index or an embedder."""
    return fuse(_shares(pool, query), None, floor=floor)


RANKERS: dict[str, Ranker] = {
    "words (BM25)": by_words,
    "meaning (cosine)": by_meaning,
    "BM25 / best + cosine": by_best,
    "fused": fused,
    "mean of sentences": by_mean,
    "fused, with floor": with_floor,
    "words, with floor": words_with_floor,
}


def places(pool: Pool, scores: Sequence[float], wanted: set[str]) -> list[int]:
    """At which place each wanted note comes, from 0; what was not found comes last."""
    best: dict[str, float] = {}
    for id_, score in zip(pool.ids, scores, strict=True):
        best[id_] = max(score, best.get(id_, 0.0))
    ranked = [id_ for id_ in sorted(best, key=best.__getitem__, reverse=True) if best[id_] > 0]
    return [ranked.index(each) if each in ranked else len(pool.ids) for each in wanted]


def _shares(pool: Pool, query: str) -> list[float]:
    wanted = sought(query)
    return shares_of(wanted, pool.documents, Corpus.of(pool.documents, wanted))
