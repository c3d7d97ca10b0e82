"""Made-up histories whose truth is known, for judging forecasts; the same seed gives the same history.

With signal, late stages, young stays and near close dates win more often, and each quarter has a good or bad luck
shared by all deals. Without signal every deal is won by the toss of one coin, whatever its stage and age.
"""

from dataclasses import dataclass

import numpy as np

from analytics.forecast.history import LOST, NEVER, OPEN, WON, Days, Floats, History, Stages

STAGE_NAMES = ("contact", "scope", "offer", "terms")
PRIORS = np.array([0.15, 0.35, 0.60, 0.90])
COIN = 0.4
_WEEK = 7
_QUARTER = 91


@dataclass(frozen=True)
class Recipe:
    """What a made-up company is like: weeks of history, new deals a week, owners, and the luck of quarters."""

    weeks: int = 182
    new_a_week: float = 8.0
    owners: int = 6
    luck: float = 0.2
    signal: bool = True
    first_day: int = 738_000


class _Company:
    """The simulation: all deals, a week at a time."""

    def __init__(self, recipe: Recipe, seed: int) -> None:
        self.recipe, self.chance = recipe, np.random.default_rng(seed)
        counts = self.chance.poisson(recipe.new_a_week, recipe.weeks)
        week = np.repeat(np.arange(recipe.weeks), counts)
        number = len(week)
        self.created = recipe.first_day + week * _WEEK + self.chance.integers(0, _WEEK, number)
        self.owner = self.chance.integers(0, recipe.owners, number)
        self.source = self.chance.integers(0, 4, number)
        self.amount = np.exp(self.chance.normal(10.3, 0.8, number)).round(-2)
        self.stage = np.zeros(number, dtype=np.int64)
        self.entered = self.created.copy()
        self.outcome = np.zeros(number, dtype=np.int64)
        self.closed = np.full(number, NEVER, dtype=np.int64)
        self.stated = self.created + self.chance.integers(45, 150, number)
        self.luck = self.chance.normal(0, recipe.luck, recipe.weeks * _WEEK // _QUARTER + 2)
        self.stays: list[tuple[Days, Days, Days, Days]] = []
        self.dates = [(np.arange(number), self.created, self.stated.copy())]

    def run(self) -> None:
        for week in range(self.recipe.weeks):
            today = self.recipe.first_day + (week + 1) * _WEEK
            here = np.flatnonzero((self.created < today) & (self.outcome == OPEN) & (self.entered < today))
            day = np.minimum(today - self.chance.integers(0, _WEEK, len(here)), today)
            day = np.maximum(day, self.entered[here] + 1)
            luck = self.luck[week * _WEEK // _QUARTER]
            moves = self._with_signal(here, today, luck) if self.recipe.signal else self._by_coin(here)
            self._close(here, day, moves)
            self._restate(here, today)
        still = np.flatnonzero(self.outcome == OPEN)
        self._leave(still, np.full(len(still), NEVER))

    def _with_signal(self, here: Days, today: int, luck: float) -> Days:
        """1 won, 2 lost, 3 on to the next stage, 0 stays."""
        stage, age = self.stage[here], today - self.entered[here]
        fresh = np.exp(-age / 45.0)
        near = np.where(self.stated[here] - today < 21, 1.6, 0.5)
        win = np.array([0.002, 0.004, 0.02, 0.09])[stage] * near * (0.15 + 1.3 * fresh) * np.exp(luck)
        lose = np.array([0.07, 0.045, 0.035, 0.02])[stage] * (1.5 - fresh) * np.exp(-luck)
        on = np.array([0.10, 0.11, 0.10, 0.0])[stage] * (0.3 + 0.9 * fresh)
        return self._draw(win, lose, on)

    def _by_coin(self, here: Days) -> Days:
        number = len(here)
        ends = np.full(number, 0.05)
        on = np.where(self.stage[here] < len(STAGE_NAMES) - 1, 0.08, 0.0)
        return self._draw(ends * COIN, ends * (1 - COIN), on)

    def _draw(self, win: Floats, lose: Floats, on: Floats) -> Days:
        drawn = self.chance.random(len(win))
        return np.select([drawn < win, drawn < win + lose, drawn < win + lose + on], [WON, LOST, 3], 0)

    def _close(self, here: Days, day: Days, moves: Days) -> None:
        ended, on = moves * (moves < 3) > 0, moves == 3
        self._leave(here[ended | on], day[ended | on])
        self.outcome[here[ended]], self.closed[here[ended]] = moves[ended], day[ended]
        self.stage[here[on]] += 1
        self.entered[here[on]] = day[on]

    def _leave(self, deals: Days, day: Days) -> None:
        self.stays.append((deals, self.stage[deals].copy(), self.entered[deals].copy(), day))

    def _restate(self, here: Days, today: int) -> None:
        late = here[(self.outcome[here] == OPEN) & (self.stated[here] <= today)]
        self.stated[late] = today + self.chance.integers(14, 60, len(late))
        self.dates.append((late, np.full(len(late), today), self.stated[late].copy()))


def made_up_history(seed: int, recipe: Recipe | None = None) -> History:
    """A made-up history of a company."""
    recipe = recipe or Recipe()
    company = _Company(recipe, seed)
    company.run()
    deal, stage, entered, left = (np.concatenate(rows) for rows in zip(*company.stays, strict=True))
    order = np.lexsort((entered, deal))
    dated, known, value = (np.concatenate(rows) for rows in zip(*company.dates, strict=True))
    by_deal = np.lexsort((known, dated))
    everyone = np.arange(len(company.created))
    priors = PRIORS if recipe.signal else np.full(len(PRIORS), COIN)
    return History(
        stages=Stages(STAGE_NAMES, priors),
        created=company.created, closed=company.closed, outcome=company.outcome, owner=company.owner,
        traits=np.column_stack((company.owner, company.source)),
        stay_deal=deal[order], stay_stage=stage[order], stay_entered=entered[order], stay_left=left[order],
        date_deal=dated[by_deal], date_known=known[by_deal], date_value=value[by_deal],
        worth_deal=everyone, worth_known=company.created, worth_value=company.amount,
    )  # fmt: skip


def quarter_ends(history_first: int, recipe: Recipe, count: int) -> list[tuple[int, int]]:
    """The first days and last days of the newest whole quarters of a made-up history, oldest first."""
    last = history_first + recipe.weeks * _WEEK
    whole = (last - history_first) // _QUARTER
    starts = [history_first + number * _QUARTER for number in range(whole - count, whole)]
    return [(start, start + _QUARTER - 1) for start in starts]
