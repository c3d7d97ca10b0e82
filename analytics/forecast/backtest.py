"""Past forecasts made again: on each past day from what was known then, against what came of it.

From here come the rung that is used, the size of the shared shock, and what `dealhand forecast evaluate` shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from analytics.forecast.bayes import naive_bayes
from analytics.forecast.chances import Chances, learn
from analytics.forecast.history import WON, Days, Flags, Floats, History, OpenDeals, amounts, asof
from analytics.forecast.ranges import NO_NEW_DEALS, NewDeals, Range, draw_range

RUNGS = ("prior", "stage", "age")
# Closed deals without which there is nothing to learn from.
LEAST_CLOSED = 30
# A rung is climbed when it is better by this many standard errors.
SURE = 2.58
# The prior is left only for a Brier score that is smaller by this share; less may be luck of the quarters.
LEAST_SKILL = 0.03
# The shared shock before any forecast was checked, and how many checked forecasts that guess is worth.
SHOCK, SHOCK_WEIGHT = 0.4, 4.0
_MOST_SHOCK = 1.5


@dataclass(frozen=True)
class Origin:
    """One past forecast: the day, the end it was for, the chances then, and which deals were won in time."""

    day: int
    end: int
    learnt: Chances
    deals: OpenDeals
    won: Flags
    bayes: Floats

    def chances(self, rung: str) -> Floats:
        """The chances of being won in time, by `prior`, `stage`, `age` or `bayes`."""
        some_day = self.bayes if rung == "bayes" else self.learnt.win(self.deals, rung)
        found: Floats = some_day * self.learnt.in_time(self.deals, self.end)
        return found


@dataclass(frozen=True)
class Rung:
    """How chances are made, and why: the Brier score of each way over the checked forecasts (of `n` deals)."""

    name: str
    n: int
    origins: int
    brier: dict[str, float] = field(default_factory=dict)

    @property
    def skill(self) -> float:
        """How much smaller than with the default probabilities the Brier score is, as a share; 0 for the prior."""
        base = self.brier.get("prior", 0.0)
        return 0.0 if not base else 1.0 - self.brier[self.name] / base


def origins(history: History, ends: Sequence[tuple[int, int]], *, bayes: bool = False) -> Iterator[Origin]:
    """The forecasts of past days for past ends; days with nothing closed before or nothing open are left out."""
    for day, end in ends:
        learnt = learn(history, day)
        deals = asof(history, day)
        if learnt.base.closed < LEAST_CLOSED or not len(deals.deal):
            continue
        won = (history.outcome[deals.deal] == WON) & (history.closed[deals.deal] <= end)
        other = naive_bayes(history, day, deals) if bayes else np.zeros(0)
        yield Origin(day, end, learnt, deals, won, other)


def choose_rung(checked: Sequence[Origin]) -> Rung:
    """The highest rung that is surely better than the one below; the prior where nothing is."""
    names = (*RUNGS, *(("bayes",) if checked and len(checked[0].bayes) else ()))
    losses = {name: [(each.chances(name) - each.won) ** 2 for each in checked] for name in names}
    brier = {name: float(np.concatenate(rows).mean()) for name, rows in losses.items() if rows}
    best = "prior"
    for name in RUNGS[1:]:
        worth_it = checked and (best != "prior" or brier[name] <= brier["prior"] * (1 - LEAST_SKILL))
        if worth_it and _surely_better(losses[best], losses[name], checked):
            best = name
    return Rung(best, sum(len(each.won) for each in checked), len(checked), brier)


def _surely_better(one: Sequence[Floats], other: Sequence[Floats], checked: Sequence[Origin]) -> bool:
    """Whether `other` loses less; a deal that several forecasts looked at counts as one."""
    gain = np.concatenate(one) - np.concatenate(other)
    deal = np.concatenate([each.deals.deal for each in checked])
    _, code = np.unique(deal, return_inverse=True)
    sums = np.bincount(code, gain)
    total, spread = sums.sum(), np.sqrt((sums**2).sum())
    return bool(len(sums) >= LEAST_CLOSED and total > SURE * spread)


def shock_of(checked: Sequence[Origin], rung: str) -> float:
    """The shared shock in log-odds: what the misses of past forecasts have beyond chance, leaning on a guess."""
    total, weight = SHOCK_WEIGHT * SHOCK**2, SHOCK_WEIGHT
    for each in checked:
        p = each.chances(rung)
        spread = float((p * (1 - p)).sum())
        if spread > 1.0:
            miss = float(each.won.sum() - p.sum())
            total += (miss**2 - spread) / spread**2
            weight += 1.0
    return float(np.sqrt(np.clip(total / weight, 0.0, _MOST_SHOCK**2)))


def new_deals(history: History, day: int, end: int, owners: Days | None = None) -> NewDeals:
    """What deals created in past stretches as long as this one brought within them, as of a day."""
    length = end - day + 1
    first = history.first_day()
    if length <= 0 or first >= day:
        return NO_NEW_DEALS
    outcome = history.outcome_at(day)
    mine = outcome == WON
    if owners is not None:
        mine = mine & np.isin(history.owner, owners)
    worth = amounts(history, day)
    every = worth[(outcome == WON) & (worth > 0)]
    starts = np.arange(day - length, max(first, day - length - 365) - 1, -max(length // 2, 7))
    if not len(starts) or not len(every):
        return NO_NEW_DEALS
    counts = [
        int((mine & (history.created >= start) & (history.closed < start + length)).sum()) for start in starts
    ]
    own = worth[mine & (worth > 0)]
    stretches = max(1.0, (day - starts[-1]) / length)
    return NewDeals(float(np.mean(counts)) * stretches, stretches, own if len(own) >= 10 else every)


def range_of(
    history: History, origin: Origin, rung: str, shock: float, owners: Days | None = None, seed: int = 7
) -> Range:
    """The range of what a past or present forecast expects from open and future deals."""
    chosen = np.ones(len(origin.deals.deal), dtype=bool)
    if owners is not None:
        chosen = np.isin(history.owner[origin.deals.deal], owners)
    new = new_deals(history, origin.day, origin.end, owners)
    return draw_range(origin.chances(rung)[chosen], origin.deals.amount[chosen], shock, new, seed=seed)


def came_in(history: History, origin: Origin, owners: Days | None = None) -> float:
    """What was won from the forecast's day to its end, deals that came later included."""
    won = (history.outcome == WON) & (history.closed >= origin.day) & (history.closed <= origin.end)
    if owners is not None:
        won = won & np.isin(history.owner, owners)
    return float(amounts(history, origin.end + 1)[won].sum())
