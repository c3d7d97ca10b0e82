"""The history that forecasts learn from, as arrays: deals, their stays in stages, and what was recorded when.

Everything carries the day it became known, so that a forecast of a past day can be made from that day's knowledge
alone (`asof`). Reading it from records is in `loading`; made-up histories for evaluation come from elsewhere.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
T = TypeVar("T", bound=np.generic)

NEVER = 10_000_000  # a day after all days
OPEN, WON, LOST = 0, 1, 2


@dataclass(frozen=True)
class Stages:
    """The open stages in their order with their default probability (a share of 1)."""

    ids: tuple[str, ...]
    priors: Floats


@dataclass(frozen=True)
class History:
    """Deals with their stays and recorded close dates, days as ordinals.

    `stay_*`: one row a stay of a deal in an open stage, ordered by deal and day; `left` is NEVER while it lasts.
    `date_*`: one row a close date as it was recorded on a day; `worth_*`: one row an amount, in one currency, from
    the day it was recorded. `owner` and `traits` (columns of codes) do not change with a deal's progress.
    """

    stages: Stages
    created: Days
    closed: Days
    outcome: Days
    owner: Days
    traits: Days
    stay_deal: Days
    stay_stage: Days
    stay_entered: Days
    stay_left: Days
    date_deal: Days
    date_known: Days
    date_value: Days
    worth_deal: Days
    worth_known: Days
    worth_value: Floats

    @property
    def deals(self) -> int:
        """How many deals there are."""
        return len(self.created)

    def outcome_at(self, day: int) -> Days:
        """OPEN, WON or LOST as known when the day begins."""
        return np.where(self.closed < day, self.outcome, OPEN)

    def first_day(self) -> int:
        """The day of the first deal; NEVER without any."""
        return int(self.created.min()) if self.deals else NEVER


@dataclass(frozen=True)
class OpenDeals:
    """The deals that were open when a day began: index in the history, stage, days in it, stated close date.

    `stated` is NEVER where no close date was recorded by then; `amount` as recorded by then.
    """

    day: int
    deal: Days
    stage: Days
    age: Days
    stated: Days
    amount: Floats


def asof(history: History, day: int) -> OpenDeals:
    """The open deals of a day, from what was known when it began."""
    entered, left = history.stay_entered, history.stay_left
    here = (entered < day) & (left >= day)
    deals, stage, since = history.stay_deal[here], history.stay_stage[here], entered[here]
    still = history.closed[deals] >= day
    deals, stage, since = deals[still], stage[still], since[still]
    deals, last = _last_of_each(deals)
    stage, since = stage[last], since[last]
    stated, worth = stated_dates(history, day), amounts(history, day)
    return OpenDeals(day, deals, stage, np.maximum(day - since, 0), stated[deals], worth[deals])


def stated_dates(history: History, day: int) -> Days:
    """For each deal the close date that was recorded last when the day began; NEVER without one."""
    known = history.date_known < day
    found = np.full(history.deals, NEVER, dtype=np.int64)
    found[history.date_deal[known]] = history.date_value[known]  # later rows win
    return found


def amounts(history: History, day: int) -> Floats:
    """For each deal the worth that was recorded last when the day began; 0 without one."""
    known = history.worth_known < day
    found = np.zeros(history.deals)
    found[history.worth_deal[known]] = history.worth_value[known]
    return found


def _last_of_each(deals: Days) -> tuple[Days, Days]:
    """The different deals, and where the last row of each stands; rows of a deal stand together."""
    if not len(deals):
        return deals, np.zeros(0, dtype=np.int64)
    ends = np.append(np.flatnonzero(np.diff(deals)), len(deals) - 1)
    return deals[ends], ends
