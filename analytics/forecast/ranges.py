"""The probable range of what open and future deals will bring: many draws with one shock shared by all deals.

Deals of one team rise and fall together, so draws that are independent make ranges that are too narrow. The size
of the shared shock is learnt from how far past forecasts missed (`backtest.shock_of`).
"""

from dataclasses import dataclass

import numpy as np

from analytics.forecast.history import Floats

DRAWS = 4000
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
# Deals drawn one by one: those with most spread; the others of a large company are summed as a normal.
_ONE_BY_ONE = 300
_CHUNK = 500


@dataclass(frozen=True)
class NewDeals:
    """Deals that are not there yet and will be won in time: how many were in the past, and what each brought.

    `count` wins were seen in `stretches` stretches of that length; `amounts` are of past wins.
    """

    count: float
    stretches: float
    amounts: Floats

    @property
    def expected(self) -> float:
        """What they will bring on average."""
        if not len(self.amounts) or not self.stretches:
            return 0.0
        return float(self.count / self.stretches * self.amounts.mean())


NO_NEW_DEALS = NewDeals(0.0, 0.0, np.zeros(0))


@dataclass(frozen=True)
class Range:
    """Where the sum will lie with 80 %, its middle, and what it will be on average."""

    low: float
    middle: float
    high: float
    mean: float
    draws: Floats

    def chance_of(self, amount: float) -> float:
        """The share of draws that reach the amount."""
        return float((self.draws >= amount).mean())


def draw_range(
    chances: Floats, amounts: Floats, shock: float, new: NewDeals = NO_NEW_DEALS, draws: int = DRAWS, seed: int = 7
) -> Range:
    """Draws the sum of deals won; `shock` is the standard deviation, in log-odds, of what they share.

    The same input gives the same range.
    """
    chance = np.random.default_rng(seed)
    some = (chances > 0) & (amounts > 0)
    p, worth = np.clip(chances[some], 1e-6, 1 - 1e-6), amounts[some]
    order = np.argsort(-(worth**2 * p * (1 - p)))
    p, worth = p[order], worth[order]
    shared = chance.standard_normal(draws)
    sums = _won(chance, p, worth, shock * shared)
    sums += _new(chance, new, shock * shared)
    low, middle, high = np.quantile(sums, (LOW, MIDDLE, HIGH))
    return Range(float(low), float(middle), float(high), float(sums.mean()), sums)


def _won(chance: np.random.Generator, p: Floats, worth: Floats, shift: Floats) -> Floats:
    sums = np.zeros(len(shift))
    odds = np.log(p / (1 - p))
    for start in range(0, len(shift), _CHUNK):
        part = slice(start, start + _CHUNK)
        shifted = 1.0 / (1.0 + np.exp(-(odds[None, :] + shift[part, None])))
        single, rest = shifted[:, :_ONE_BY_ONE], shifted[:, _ONE_BY_ONE:]
        won = chance.random(single.shape) < single
        sums[part] = won @ worth[:_ONE_BY_ONE]
        if rest.shape[1]:
            others = worth[_ONE_BY_ONE:]
            spread = np.sqrt((rest * (1 - rest)) @ others**2)
            sums[part] += np.maximum(rest @ others + spread * chance.standard_normal(len(rest)), 0.0)
    return sums


def _new(chance: np.random.Generator, new: NewDeals, shift: Floats) -> Floats:
    if not len(new.amounts) or not new.stretches:
        return np.zeros(len(shift))
    rate = chance.gamma(new.count + 0.5, 1.0 / new.stretches, len(shift)) * np.exp(shift)
    number = chance.poisson(np.minimum(rate, 1e5))
    mean, spread = new.amounts.mean(), new.amounts.std()
    sums = np.zeros(len(shift))
    few = number <= 50
    picks = chance.choice(new.amounts, int(number[few].sum()))
    sums[few] = np.bincount(np.repeat(np.flatnonzero(few), number[few]), picks, minlength=len(shift))[few]
    many = number[~few]
    drawn = many * mean + np.sqrt(many) * spread * chance.standard_normal(len(many))
    sums[~few] = np.maximum(drawn, 0.0)
    return sums
