"""Which sentence of a passage to quote for a query. A pure function."""

from collections.abc import Sequence
from functools import lru_cache

from language.sentences import sentences
from memory import index
from memory.embedders.protocol import Vectors
from memory.scope import PassageRow
from memory.scoring import COSINE_WEIGHT, Corpus, Document, Sought, shares_of
from memory.topics import indexed_terms


def best_sentence(
    row: PassageRow, wanted: Sequence[Sought], query: Vectors | None, corpus: Corpus, floor: float
) -> str:
    """The sentence that answers best by words and meaning; "" where none does, as if only the subject speaks of it."""
    said = sentences(row.text)
    shares = shares_of(wanted, [Document(_terms_of(each)) for each in said], corpus)
    near = [0.0] * len(said)
    if query is not None and row.vectors:
        rows = index.unpack([row.vectors], len(query))[: len(said)]
        near = [max(0.0, float(each)) for each in rows @ query]
    scores = [share + COSINE_WEIGHT * cosine for share, cosine in zip(shares, near, strict=True)]
    best = max(range(len(said)), key=scores.__getitem__, default=-1)
    return said[best] if best >= 0 and (shares[best] > 0 or near[best] >= floor) else ""


@lru_cache(maxsize=5_000)
def _terms_of(sentence: str) -> tuple[str, ...]:
    """Kept, because the same notes are quoted again."""
    return tuple(indexed_terms(sentence))
