"""Experience: what came of each action in the most similar past moments, smoothed, and whether that says anything.

Similar are moments with the same objections, similar words and a similar stage. What came of them is compared with
what the same owner's deals did at the same stage anyway, so that a lucky colleague makes no action look good.
Everything here describes what was seen together; nothing of it is a claim about causes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Any

import numpy as np

from analytics.next_best_action.past import Moment
from memory.facts.wordings import wordings
from memory.words import passage_terms

# Below these numbers nothing is said: moments in all, similar moments, similar moments with the action.
LEAST_MOMENTS, LEAST_SIMILAR, LEAST_WITH_ACTION = 60, 12, 5
# In standard errors; once in a thousand companies chance alone gets there.
LEAST_EVIDENCE = 3.1
# Chosen on seeds 100 to 107 of the simulator, which the published figures do not use.
OTHER_STAGE, LEAST_ALIKE, LEAST_TELLING = 0.8, 0.2, 1.8
NEIGHBOURS, SMOOTHING, OWNER_SMOOTHING = 150, 2.0, 8.0
_CONFIDENCE = 0.5
FOLDS = 5
_MOST_TERMS = 1500

Matrix = Any


@dataclass(frozen=True, slots=True)
class Query:
    """The present moment: stage, owner, objections on the table and the words of the last interaction."""

    stage_id: str
    owner_id: str
    heard: frozenset[str]
    words: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """What came of one action among the similar moments.

    `n` of them took it and `moved` moved on; of the `others` that did something else `others_moved` did. `gain` is
    the smoothed difference to what was to be expected there, in shares of 1, with cautious bounds.
    """

    action: str
    n: int
    moved: int
    others: int
    others_moved: int
    gain: float
    low: float
    high: float
    cases: tuple[Moment, ...] = ()


class Experience:
    """Past moments made comparable."""

    def __init__(self, moments: Sequence[Moment]) -> None:
        self.moments = tuple(moments)
        self._topics = {topic: at for at, topic in enumerate(wordings().topics)}
        self._terms = _vocabulary(self.moments)
        self._heard = _stacked([self._heard_row(each.heard) for each in moments], len(self._topics))
        self._words = _stacked([self._words_row(each.words) for each in moments], len(self._terms))
        self._stages = np.array([each.stage_id for each in moments])
        self._actions = np.array([each.action for each in moments])
        self._moved = np.array([each.moved for each in moments], dtype=np.float64)
        self._expected = self._expectations()
        self._residual = self._moved - self._expected
        self._telling = self._how_telling(np.ones(len(moments), dtype=bool))
        self.evidence = self._evidence()

    @property
    def says_something(self) -> bool:
        """Whether outcomes depended on what was done next clearly enough to learn from."""
        return len(self.moments) >= LEAST_MOMENTS and self.evidence >= LEAST_EVIDENCE

    def estimates(self, query: Query) -> dict[str, Estimate]:
        """What came of each action that was taken in similar moments; empty where there are too few of them."""
        if not self.moments:
            return {}
        return self._estimates(self._weights(query))

    def at_stage(self, query: Query) -> dict[str, Estimate]:
        """The same over all moments of the stage, for a situation that is like none of them in particular."""
        if not self.moments:
            return {}
        return self._estimates((self._stages == query.stage_id).astype(float))

    def _weights(self, query: Query) -> Matrix:
        heard, words = self._heard_row(query.heard), self._words_row(query.words)
        return self._similar(heard[None], words[None], np.array([query.stage_id]), self._telling)[0]

    def _estimates(self, weights: Matrix) -> dict[str, Estimate]:
        near = weights > 0
        if int(near.sum()) < LEAST_SIMILAR:
            return {}
        return {
            action: self._estimate(action, weights, near) for action in sorted(set(self._actions[near].tolist()))
        }

    def _estimate(self, action: str, weights: Matrix, near: Matrix) -> Estimate:
        own = near & (self._actions == action)
        total = float(weights[own].sum())
        gain = float((weights[own] * self._residual[own]).sum() / (total + SMOOTHING))
        spread = self._expected[own] * (1 - self._expected[own])
        error = sqrt(float((weights[own] ** 2 * spread).sum())) / (total + SMOOTHING)
        others = near & ~own
        best = sorted(np.flatnonzero(own).tolist(), key=lambda at: (-weights[at], at))
        return Estimate(
            action, int(own.sum()), int(self._moved[own].sum()), int(others.sum()), int(self._moved[others].sum()),
            gain, gain - _CONFIDENCE * error, gain + _CONFIDENCE * error,
            tuple(self.moments[at] for at in best[:3]),
        )  # fmt: skip

    def _similar(self, heard: Matrix, words: Matrix, stages: Matrix, telling: Matrix) -> Matrix:
        """How alike some situations (rows) are to all moments (columns), 0 to 1, the nearest ones only."""
        shared = heard @ self._heard.T
        either = heard.sum(1)[:, None] + self._heard.sum(1)[None] - shared
        overlap = shared / np.maximum(either, 1)
        cosine = _unit(words * telling) @ _unit(self._words * telling).T
        similarity = np.maximum(overlap, cosine)
        similarity = similarity * np.where(self._stages[None] == stages[:, None], 1.0, OTHER_STAGE)
        similarity = similarity * (similarity >= LEAST_ALIKE)
        if similarity.shape[1] > NEIGHBOURS:
            least = -np.partition(-similarity, NEIGHBOURS - 1, axis=1)[:, NEIGHBOURS - 1 : NEIGHBOURS]
            similarity = similarity * (similarity >= least)
        return similarity

    def _how_telling(self, learnt_from: Matrix) -> Matrix:
        """A weight for each word: how far outcomes of the actions taken where it was said differ from expectation.

        For a word that has nothing to do with what helps, the sum of squared standardised differences over the
        actions is by chance as large as their number; only what is clearly above counts (as in a chi-squared
        test).
        """
        spread = self._expected * (1 - self._expected)
        total = np.zeros(self._words.shape[1])
        kinds = np.zeros(self._words.shape[1])
        for action in sorted(set(self._actions.tolist())):
            own = learnt_from & (self._actions == action)
            words = self._words[own]
            sums, spreads = words.T @ self._residual[own], words.T @ spread[own]
            enough = words.sum(0) >= 2
            total += np.where(enough, sums**2 / np.maximum(spreads, 1e-9), 0.0)
            kinds += enough
        excess = (total - kinds) / np.sqrt(2 * np.maximum(kinds, 1))
        return np.clip(excess - LEAST_TELLING, 0.0, 6.0)

    def _heard_row(self, heard: frozenset[str]) -> Matrix:
        row = np.zeros(len(self._topics))
        row[[self._topics[topic] for topic in heard if topic in self._topics]] = 1.0
        return row

    def _words_row(self, text: str) -> Matrix:
        row = np.zeros(len(self._terms))
        row[[self._terms[term] for term in _terms_of(text) if term in self._terms]] = 1.0
        return row

    def _expectations(self) -> Matrix:
        """How often deals moved on at this stage with this owner, whatever was done; near the stage's rate."""
        by_stage: dict[str, list[float]] = {}
        by_owner: dict[tuple[str, str], list[float]] = {}
        for moment in self.moments:
            by_stage.setdefault(moment.stage_id, []).append(float(moment.moved))
            by_owner.setdefault((moment.stage_id, moment.owner_id), []).append(float(moment.moved))
        everywhere = float(self._moved.mean()) if self.moments else 0.0
        rates = {
            stage: (sum(moved) + OWNER_SMOOTHING * everywhere) / (len(moved) + OWNER_SMOOTHING)
            for stage, moved in by_stage.items()
        }
        return np.array(
            [
                (sum(own) + OWNER_SMOOTHING * rates[moment.stage_id]) / (len(own) + OWNER_SMOOTHING)
                for moment in self.moments
                for own in [by_owner[moment.stage_id, moment.owner_id]]
            ]
        )

    def _evidence(self) -> float:
        """How far what experience says of each moment agrees with what came of it, in standard errors.

        Every moment is judged by those of other deals only, with words weighted by those others. Without a
        connection this is about normal around 0.
        """
        if len(self.moments) < LEAST_MOMENTS:
            return 0.0
        names = sorted({each.deal_id for each in self.moments})
        fold_of = dict(zip(names, np.random.default_rng(17).permutation(len(names)) % FOLDS, strict=True))
        folds = np.array([fold_of[each.deal_id] for each in self.moments])
        said = np.zeros(len(self.moments))
        for fold in range(FOLDS):
            own = folds == fold
            telling = self._how_telling(~own)
            weights = self._similar(self._heard[own], self._words[own], self._stages[own], telling)
            weights = weights * (~own)[None] * (self._actions[own][:, None] == self._actions[None])
            said[own] = (weights @ self._residual) / (weights.sum(1) + SMOOTHING)
        error = sqrt(float((said**2 * self._expected * (1 - self._expected)).sum()))
        return float((said * self._residual).sum()) / error if error else 0.0


def _stacked(rows: Sequence[Matrix], width: int) -> Matrix:
    return np.stack(rows) if rows else np.zeros((0, width))


def _unit(rows: Matrix) -> Matrix:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _vocabulary(moments: Sequence[Moment]) -> Mapping[str, int]:
    """The terms that occur in more than one moment and in less than half of them, the commonest ones."""
    counts: Counter[str] = Counter(term for each in moments for term in _terms_of(each.words))
    kept = [term for term, number in counts.most_common(_MOST_TERMS) if 1 < number < max(3, len(moments) / 2)]
    return {term: at for at, term in enumerate(kept)}


@lru_cache(maxsize=50_000)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(passage_terms(text))
