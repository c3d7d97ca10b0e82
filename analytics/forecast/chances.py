"""Win chances by stage and days in it, learnt from what became of deals that once stood there.

Deals are looked at once a week of each stay; deals still open count as long as they were seen (competing risks,
Aalen-Johansen). Where few deals are known a rate leans on the stage's, and that on its default probability.
"""

from dataclasses import dataclass, field

import numpy as np

from analytics.forecast.history import LOST, NEVER, OPEN, WON, Days, Floats, History, OpenDeals

# Days in stage from which a new cell begins.
EDGES = (0, 14, 30, 60, 120)
# Closed deals that the default probability, and the stage's rate, are worth.
STAGE_WEIGHT, AGE_WEIGHT, TIME_WEIGHT = 10.0, 20.0, 10.0
FEW = 30
_STEP = 7
_LONGEST = 1500


@dataclass(frozen=True)
class Rate:
    """A share of deals won, and of how many closed ones."""

    share: float
    won: int
    closed: int

    @property
    def is_thin(self) -> bool:
        """Whether there are too few deals to stand alone."""
        return self.closed < FEW


@dataclass(frozen=True)
class Chances:
    """What was learnt up to a day. `stage` and `cell` hold rates (already leaning), `raw` what was counted."""

    day: int
    priors: Floats
    stage: Floats
    cell: Floats
    raw_stage: list[Rate]
    raw_cell: list[list[Rate]]
    time: Floats
    base: Rate
    slips: "Slips" = field(default_factory=lambda: Slips(np.zeros(0, np.int64), np.zeros(0, np.int64), 0))

    def win(self, deals: OpenDeals, rung: str = "age") -> Floats:
        """The chance that each deal is won some day, by `prior`, `stage` or `age`."""
        if rung == "prior":
            return self.priors[deals.stage]
        if rung == "stage":
            return self.stage[deals.stage]
        found: Floats = self.cell[deals.stage, bucket(deals.age)]
        return found

    def in_time(self, deals: OpenDeals, end: int) -> Floats:
        """The chance that a deal that is won is won by the end of the day `end`."""
        horizon = end - deals.day + 1
        if horizon <= 0:
            return np.zeros(len(deals.deal))
        learnt: Floats = self.time[deals.stage, bucket(deals.age), min(horizon, _LONGEST) - 1]
        wins = self.base.won
        stated = self.slips.in_time(deals, end)
        known = deals.stated < NEVER
        most = 2 * TIME_WEIGHT
        slip_weight = np.where(known, min(float(self.slips.deals), most), 0.0)
        word = np.where(known, (deals.stated <= end).astype(float), 0.5)
        weight = min(float(wins), most)
        total = slip_weight + weight + 1.0
        mixed: Floats = (slip_weight * stated + weight * learnt + word) / total
        return np.clip(mixed, 0.0, 1.0)


@dataclass(frozen=True)
class Slips:
    """How far wins came after the close date stated before: lead days then, days of slip; of how many deals."""

    lead: Days
    slip: Days
    deals: int

    def in_time(self, deals: OpenDeals, end: int) -> Floats:
        """The share of past wins with a similar lead that would have been won by then."""
        found = np.full(len(deals.deal), 0.5)
        if not self.deals:
            return found
        lead = np.where(deals.stated < NEVER, deals.stated - deals.day, 0)
        codes = _lead_code(self.lead)
        for code in range(len(_LEADS) + 1):
            mine = _lead_code(lead) == code
            if mine.any():
                found[mine] = self._share(codes == code, lead[mine], end - deals.day)
        return found

    def _share(self, similar: np.ndarray, lead: Days, horizon: int) -> Floats:
        slips = np.sort(self.slip[similar] if similar.sum() >= FEW else self.slip)
        late = np.searchsorted(slips, horizon - lead, side="right")
        past = np.searchsorted(
            slips, -lead, side="left"
        )  # such a slip would lie in the past: not possible any more
        left = len(slips) - past
        share: Floats = np.where(left > 0, (late - past) / np.maximum(left, 1), 0.5)
        return np.clip(share, 0.0, 1.0)


_LEADS = (0, 31, 91)


def _lead_code(lead: Days) -> Days:
    return np.searchsorted(np.array(_LEADS), lead, side="right")


def bucket(age: Days) -> Days:
    """The cell of each number of days in stage."""
    found: Days = np.searchsorted(np.array(EDGES), age, side="right") - 1
    return found


def learn(history: History, day: int) -> Chances:
    """The chances as of the beginning of a day; nothing that happened on it or later is read."""
    outcome = history.outcome_at(day)
    known = history.created < day
    base = _rate(outcome[known])
    stage_of, cell_of, deal, after, event = _looks(history, day, outcome)
    stages, cells = len(history.stages.ids), len(EDGES)
    stage_share, cell_share = np.zeros(stages), np.zeros((stages, cells))
    raw_stage: list[Rate] = []
    raw_cell: list[list[Rate]] = []
    overall = _spread(after, event)
    time = np.zeros((stages, cells, _LONGEST))
    for s in range(stages):
        here = stage_of == s
        rate, wins, times = _cell(deal[here], after[here], event[here])
        raw_stage.append(rate)
        stage_share[s] = _lean(rate, history.stages.priors[s], STAGE_WEIGHT)
        stage_time = _lean_time(times, wins, overall)
        raw_cell.append([])
        for b in range(cells):
            mine = here & (cell_of == b)
            rate, wins, times = _cell(deal[mine], after[mine], event[mine])
            raw_cell[s].append(rate)
            cell_share[s, b] = _lean(rate, stage_share[s], AGE_WEIGHT)
            time[s, b] = _lean_time(times, wins, stage_time)
    return Chances(
        day, history.stages.priors, stage_share, cell_share, raw_stage, raw_cell, time, base,
        _slips(history, day, outcome),
    )  # fmt: skip


def _looks(history: History, day: int, outcome: Days) -> tuple[Days, Days, Days, Days, Days]:
    """One row a week of each stay: stage, cell, deal, days until the deal closed (or was last seen), and how."""
    seen = history.stay_entered < day
    deal, stage = history.stay_deal[seen], history.stay_stage[seen]
    entered = history.stay_entered[seen]
    left = np.minimum(np.minimum(history.stay_left[seen], history.closed[deal]), day)
    weeks = np.maximum((left - entered - 1) // _STEP + 1, 1)
    weeks = np.minimum(weeks, EDGES[-1] // _STEP + 26)
    row = np.repeat(np.arange(len(deal)), weeks)
    number = np.arange(len(row)) - np.repeat(np.cumsum(weeks) - weeks, weeks)
    age = number * _STEP
    end = np.minimum(history.closed[deal], day)[row]
    after = np.clip(end - (entered[row] + age), 0, _LONGEST - 1)
    return stage[row], bucket(age), deal[row], after, outcome[deal[row]]


def _cell(deal: Days, after: Days, event: Days) -> tuple[Rate, int, Floats]:
    """The rate of one cell, wins in it, and the share of its wins by day."""
    if not len(deal):
        return Rate(0.0, 0, 0), 0, np.zeros(_LONGEST)
    won, lost = _incidence(after, event)
    total = won[-1] + lost[-1]
    wins = len(np.unique(deal[event == WON]))
    closed = len(np.unique(deal[event != OPEN]))
    share = float(won[-1] / total) if total > 0 else 0.0
    times = won / won[-1] if won[-1] > 0 else np.zeros(_LONGEST)
    return Rate(share, wins, closed), wins, times


def _incidence(after: Days, event: Days) -> tuple[Floats, Floats]:
    """Shares won and lost by each day, deals that are still open taken out when last seen (Aalen-Johansen)."""
    wins = np.bincount(after[event == WON], minlength=_LONGEST).astype(float)
    losses = np.bincount(after[event == LOST], minlength=_LONGEST).astype(float)
    leaving = np.bincount(after, minlength=_LONGEST).astype(float)
    at_risk = np.cumsum(leaving[::-1])[::-1]
    some = np.maximum(at_risk, 1.0)
    hazard = np.where(at_risk > 0, (wins + losses) / some, 0.0)
    before = np.concatenate(([1.0], np.cumprod(1.0 - hazard)[:-1]))
    return np.cumsum(before * wins / some), np.cumsum(before * losses / some)


def _spread(after: Days, event: Days) -> Floats:
    won, _ = _incidence(after, event) if len(after) else (np.zeros(_LONGEST), None)
    if won[-1] > 0:
        share: Floats = won / won[-1]
        return share
    return np.full(_LONGEST, 0.5)


def _lean(rate: Rate, on: float, weight: float) -> float:
    return float((weight * on + rate.closed * rate.share) / (weight + rate.closed))


def _lean_time(times: Floats, wins: int, on: Floats) -> Floats:
    return (TIME_WEIGHT * on + wins * times) / (TIME_WEIGHT + wins)


def _rate(outcome: Days) -> Rate:
    won, lost = int((outcome == WON).sum()), int((outcome == LOST).sum())
    return Rate(won / (won + lost) if won + lost else 0.0, won, won + lost)


def _slips(history: History, day: int, outcome: Days) -> Slips:
    """Every four weeks of a won deal's life: the close date stated then, and how much later it was won."""
    known = (history.date_known < day) & (outcome[history.date_deal] == WON)
    deal, since, value = history.date_deal[known], history.date_known[known], history.date_value[known]
    if not len(deal):
        return Slips(np.zeros(0, np.int64), np.zeros(0, np.int64), 0)
    same = np.append(deal[1:] == deal[:-1], False)
    until = np.where(same, np.append(since[1:], 0), history.closed[deal])
    until = np.minimum(until, history.closed[deal])
    looks = np.maximum((until - since + 27) // 28, 0)
    row = np.repeat(np.arange(len(deal)), looks)
    number = np.arange(len(row)) - np.repeat(np.cumsum(looks) - looks, looks)
    at = since[row] + 1 + number * 28
    lead, slip = value[row] - at, history.closed[deal[row]] - value[row]
    fine = at <= history.closed[deal[row]]
    return Slips(lead[fine], slip[fine], len(np.unique(deal[row][fine])))
