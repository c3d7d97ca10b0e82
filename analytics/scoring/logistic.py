"""A small logistic regression on categories, kept from overfitting by a ridge; its weights are the reasons.

Unlike a naive Bayes it weighs categories together, so that two that say the same are not counted twice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

RIDGE = 2.0
_ROUNDS = 30


@dataclass(frozen=True)
class Scorecard:
    """The log-odds of everyone, and what each value of each column adds."""

    base: float
    weights: tuple[dict[int, float], ...]

    def odds(self, codes: Codes) -> Floats:
        """The log-odds of each row; values never seen add nothing."""
        found = np.full(len(codes), self.base)
        for column, weights in enumerate(self.weights):
            found += np.array([weights.get(int(code), 0.0) for code in codes[:, column]])
        return found

    def chances(self, codes: Codes) -> Floats:
        """The chance of each row."""
        found: Floats = 1.0 / (1.0 + np.exp(-self.odds(codes)))
        return found


def fit(codes: Codes, won: Codes, ridge: float = RIDGE) -> Scorecard:
    """The scorecard of rows of category codes (one column a trait) with their outcomes (0 or 1)."""
    values = [np.unique(codes[:, column]) for column in range(codes.shape[1])]
    table = np.concatenate(
        [np.ones((len(codes), 1)), *(codes[:, [column]] == value[None, :] for column, value in enumerate(values))],
        axis=1,
    ).astype(float)
    penalty = np.full(table.shape[1], ridge)
    penalty[0] = 1e-6
    weights = np.zeros(table.shape[1])
    for _ in range(_ROUNDS):
        p = 1.0 / (1.0 + np.exp(-table @ weights))
        slope = table.T @ (won - p) - penalty * weights
        curve = (table * (p * (1 - p))[:, None]).T @ table + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights = weights + np.clip(step, -4.0, 4.0)
        if np.abs(step).max() < 1e-6:
            break
    cards, start = [], 1
    for value in values:
        cards.append({int(code): float(weights[start + place]) for place, code in enumerate(value)})
        start += len(value)
    return Scorecard(float(weights[0]), tuple(cards))


def naive_bayes(codes: Codes, won: Codes, wanted: Codes) -> Floats:
    """The rival: frequencies of each value among won and lost with 0.1 added, multiplied as if independent."""
    yes, no = won == 1, won == 0
    odds = np.full(len(wanted), np.log((yes.sum() + 0.1) / (no.sum() + 0.1)))
    for column in range(codes.shape[1]):
        for value in np.unique(wanted[:, column]):
            same = codes[:, column] == value
            among_won = ((same & yes).sum() + 0.1) / (yes.sum() + 0.2)
            among_lost = ((same & no).sum() + 0.1) / (no.sum() + 0.2)
            odds[wanted[:, column] == value] += np.log(among_won / among_lost)
    found: Floats = 1.0 / (1.0 + np.exp(-odds))
    return found


def brier(chances: Floats, won: Codes) -> float:
    """The mean squared distance of chances from what came."""
    return float(((chances - won) ** 2).mean())
