"""The naive Bayes of other open-source CRMs, as a rival in the same evaluation; nothing else uses it.

Frequencies of each value among won and lost deals with 0.1 added, multiplied as if they were independent (after
the published method of Odoo's predictive lead scoring: stage and traits; no calibration).
"""

import numpy as np

from analytics.forecast.history import LOST, WON, Days, Floats, History, OpenDeals

_ADDED = 0.1


def naive_bayes(history: History, day: int, deals: OpenDeals) -> Floats:
    """The chance that each open deal is won some day, from the deals that were closed before the day."""
    outcome = history.outcome_at(day)
    closed = np.flatnonzero(outcome != 0)
    won, lost = (outcome[closed] == WON), (outcome[closed] == LOST)
    odds = np.full(len(deals.deal), np.log((won.sum() + _ADDED) / (lost.sum() + _ADDED)))
    reached = np.where(outcome == WON, len(history.stages.ids), _reached(history, day))[closed]
    for stage in range(len(history.stages.ids)):
        # A won deal counts for every stage, a lost one for those it came to.
        odds += np.where(deals.stage == stage, _weight((reached >= stage).astype(float), won, lost), 0.0)
    for column in range(history.traits.shape[1]):
        values = history.traits[:, column]
        for value in np.unique(values[deals.deal]):
            here = (values[closed] == value).astype(float)
            odds += np.where(values[deals.deal] == value, _weight(here, won, lost), 0.0)
    found: Floats = 1.0 / (1.0 + np.exp(-odds))
    return found


def _weight(share: Floats, won: np.ndarray, lost: np.ndarray) -> float:
    among_won = (share[won].sum() + _ADDED) / (won.sum() + 2 * _ADDED)
    among_lost = (share[lost].sum() + _ADDED) / (lost.sum() + 2 * _ADDED)
    return float(np.log(among_won / among_lost))


def _reached(history: History, day: int) -> Days:
    """The last stage that each deal was in before the day; -1 before any."""
    seen = history.stay_entered < day
    found = np.full(history.deals, -1, dtype=np.int64)
    np.maximum.at(found, history.stay_deal[seen], history.stay_stage[seen])
    return found
