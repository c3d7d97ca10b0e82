"""How good the forecasts are: Brier scores, calibration and coverage of ranges over past forecasts made again.

The same is done on made-up histories whose truth is known, with and without signal. Nothing later than a
forecast's day enters it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from analytics.forecast.backtest import Origin, Rung, came_in, choose_rung, origins, range_of, shock_of
from analytics.forecast.generated import Recipe, made_up_history, quarter_ends
from analytics.forecast.history import Floats, History
from analytics.forecast.leaks import reads_the_future

BINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
# Earlier forecasts that a past forecast's rung and shock are taken from.
EARLIER = 8
LEAST_EARLIER = 2


@dataclass(frozen=True)
class Bin:
    """Deals whose chance lay between two bounds: how many, their mean chance, the share that was won in time."""

    low: float
    high: float
    n: int
    expected: float
    won: float


@dataclass
class Evaluation:
    """Past forecasts against what came. `brier` is over deals being won by the quarter's end.

    `ranges` counts forecasts of the whole and of each owner, `covered` those whose 80 % range held what came;
    `replayed` those that were made again after all that came later was changed, `leaking` those that differed.
    """

    forecasts: int = 0
    deals: int = 0
    rungs: dict[str, int] = field(default_factory=dict)
    brier: dict[str, float] = field(default_factory=dict)
    log_loss: dict[str, float] = field(default_factory=dict)
    bins: list[Bin] = field(default_factory=list)
    ranges: int = 0
    covered: int = 0
    owner_ranges: int = 0
    owner_covered: int = 0
    shock: float = 0.0
    replayed: int = 0
    leaking: int = 0

    @property
    def calibration_error(self) -> float:
        """The mean distance of chance and share won over the bins, by their deals."""
        return sum(each.n * abs(each.expected - each.won) for each in self.bins) / max(self.deals, 1)


@dataclass
class _Losses:
    chances: dict[str, list[Floats]] = field(default_factory=dict)
    used: list[Floats] = field(default_factory=list)
    won: list[Floats] = field(default_factory=list)
    shocks: list[float] = field(default_factory=list)


def evaluate_history(history: History, ends: Sequence[tuple[int, int]], *, owners: bool = True) -> Evaluation:
    """Makes the forecasts of past days again, each with rung and shock from the ones before it."""
    found, losses = Evaluation(), _Losses()
    _add(found, losses, history, ends, owners=owners)
    return _summed(found, losses)


def evaluate_generated(
    companies: int, *, signal: bool = True, quarters: int = 4, first_seed: int = 0
) -> Evaluation:
    """The same over made-up companies, for the newest quarters of each."""
    recipe = Recipe(signal=signal)
    found, losses = Evaluation(), _Losses()
    for seed in range(first_seed, first_seed + companies):
        history = made_up_history(seed, recipe)
        ends = quarter_ends(recipe.first_day, recipe, quarters + EARLIER)
        _add(found, losses, history, ends, owners=True, last=quarters)
    return _summed(found, losses)


def _add(
    found: Evaluation,
    losses: _Losses,
    history: History,
    ends: Sequence[tuple[int, int]],
    *,
    owners: bool,
    last: int | None = None,
) -> None:
    made = list(origins(history, ends, bayes=True))
    for place, origin in enumerate(made):
        earlier = [each for each in made[:place] if each.end < origin.day][-EARLIER:]
        if len(earlier) < LEAST_EARLIER or (last is not None and place < len(made) - last):
            continue
        rung = choose_rung(earlier)
        shock = shock_of(earlier, rung.name)
        _score(found, losses, origin, rung)
        losses.shocks.append(shock)
        _cover(found, history, origin, rung, shock, owners=owners)
        if place == len(made) - 1:
            found.replayed += 1
            found.leaking += int(reads_the_future(history, origin, rung.name, shock))


def _score(found: Evaluation, losses: _Losses, origin: Origin, rung: Rung) -> None:
    found.forecasts += 1
    found.deals += len(origin.won)
    found.rungs[rung.name] = found.rungs.get(rung.name, 0) + 1
    for name in ("prior", "stage", "age", "bayes"):
        losses.chances.setdefault(name, []).append(origin.chances(name))
    losses.used.append(origin.chances(rung.name))
    losses.won.append(origin.won.astype(float))


def _cover(found: Evaluation, history: History, origin: Origin, rung: Rung, shock: float, *, owners: bool) -> None:
    whole = range_of(history, origin, rung.name, shock)
    found.ranges += 1
    found.covered += int(whole.low <= came_in(history, origin) <= whole.high)
    for owner in np.unique(history.owner[origin.deals.deal]) if owners else ():
        own = np.array([owner])
        part = range_of(history, origin, rung.name, shock, own)
        if part.high > 0:
            found.owner_ranges += 1
            found.owner_covered += int(part.low <= came_in(history, origin, own) <= part.high)


def _summed(found: Evaluation, losses: _Losses) -> Evaluation:
    if not losses.won:
        return found
    won, used = np.concatenate(losses.won), np.concatenate(losses.used)
    every = {name: np.concatenate(rows) for name, rows in losses.chances.items()}
    every["used"] = used
    found.brier = {name: float(((p - won) ** 2).mean()) for name, p in every.items()}
    found.log_loss = {name: _log_loss(p, won) for name, p in every.items()}
    found.shock = float(np.mean(losses.shocks))
    for low, high in pairwise(BINS):
        here = (used >= low) & ((used < high) | (high == 1.0))
        if here.any():
            found.bins.append(Bin(low, high, int(here.sum()), float(used[here].mean()), float(won[here].mean())))
    return found


def _log_loss(p: Floats, won: Floats) -> float:
    safe = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-(won * np.log(safe) + (1 - won) * np.log(1 - safe)).mean())
