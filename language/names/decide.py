"""Decides from scored candidates whether one record is meant, several may be, only near misses exist, or none.

The rule is definitions §8: a misspelt or partial name is certain when exactly one visible record is close; two
equally good are asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from language.names.entries import Scored
from language.names.vocabulary import scoring


@dataclass(frozen=True, slots=True)
class Decision:
    """What the candidates amount to: `chosen` is set for "one"; `candidates` are those worth naming to a
    person."""

    outcome: Literal["one", "several", "near", "none"]
    chosen: Scored | None
    candidates: tuple[Scored, ...]


def decide(scored: Sequence[Scored], *, margin: float | None = None, certain: float | None = None) -> Decision:
    """One record when the best is certain and no other comes within `margin`; several when others do; near
    when none is certain.

    `margin` and `certain` default to the measured thresholds of `data/names/scoring.yaml`.
    """
    limits = scoring("decide")
    margin = float(limits["margin"]) if margin is None else margin
    certain = float(limits["certain"]) if certain is None else certain
    best = sorted(scored, key=lambda item: -item.score)
    if not best or best[0].score < float(limits["near"]):
        return Decision("none", None, ())
    if best[0].score < certain:
        return Decision("near", None, tuple(item for item in best if item.score >= float(limits["near"])))
    close = tuple(item for item in best if item.score > best[0].score - margin)
    if len(close) == 1:
        return Decision("one", best[0], tuple(best))
    return Decision("several", None, close)
