"""What a retriever is, and how scores of several are fused; a vector retriever joins by this protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Passage:
    """One text that may be found, with the text around it that helps to find it (names, day, what came before)."""

    id: str
    text: str
    context: str = ""


class Retriever(Protocol):
    """Scores passages for a query; what it has no reason to find gets none. Comparable within a call."""

    def score(self, query: str, passages: Sequence[Passage]) -> Mapping[str, float]:
        """Passage ids with scores above 0."""
        ...


def fuse(scores: Sequence[tuple[float, Mapping[str, float]]]) -> dict[str, float]:
    """Weighted sum of scores, each divided by its best: measured better than ranks or a gate on one of them."""
    fused: dict[str, float] = {}
    for weight, found in scores:
        best = max(found.values(), default=0.0)
        for passage_id, score in found.items():
            if best > 0:
                fused[passage_id] = fused.get(passage_id, 0.0) + weight * score / best
    return fused
