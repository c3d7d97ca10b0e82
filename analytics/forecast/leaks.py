"""Whether forecasts of a past day read what came later: everything later is made another story, with wins planted."""

from dataclasses import replace

import numpy as np

from analytics.forecast.backtest import RUNGS, Origin, origins, range_of
from analytics.forecast.history import LOST, WON, History


def planted(history: History, day: int) -> History:
    """The same up to a day; all that comes later is tossed anew, and who wins is planted in dates and amounts."""
    chance = np.random.default_rng(0)
    later = history.closed >= day
    outcome = np.where(later, chance.choice([WON, LOST], history.deals), history.outcome)
    closed = np.where(later, day + chance.integers(0, 60, history.deals), history.closed)
    stays = history.stay_entered < day
    left = np.where(history.stay_left >= day, closed[history.stay_deal], history.stay_left)
    dates, worths = history.date_known < day, history.worth_known < day
    leak = np.flatnonzero(later)
    return replace(
        history, outcome=outcome, closed=closed,
        stay_deal=history.stay_deal[stays], stay_stage=history.stay_stage[stays],
        stay_entered=history.stay_entered[stays], stay_left=left[stays],
        date_deal=np.append(history.date_deal[dates], leak),
        date_known=np.append(history.date_known[dates], closed[leak]),
        date_value=np.append(history.date_value[dates], closed[leak]),
        worth_deal=np.append(history.worth_deal[worths], leak),
        worth_known=np.append(history.worth_known[worths], closed[leak]),
        worth_value=np.append(history.worth_value[worths], np.where(outcome[leak] == WON, 1e9, 1.0)),
    )  # fmt: skip


def reads_the_future(history: History, origin: Origin, rung: str, shock: float) -> bool:
    """Whether the forecast made again after the planting differs in its deals, chances, amounts or range."""
    other = planted(history, origin.day)
    again = next(origins(other, [(origin.day, origin.end)], bayes=True), None)
    if again is None or not np.array_equal(origin.deals.deal, again.deals.deal):
        return True
    same = [np.array_equal(origin.chances(name), again.chances(name)) for name in (*RUNGS, "bayes")]
    same.append(np.array_equal(origin.deals.amount, again.deals.amount))
    one, two = range_of(history, origin, rung, shock), range_of(other, again, rung, shock)
    return not all(same) or (one.low, one.high) != (two.low, two.high)
