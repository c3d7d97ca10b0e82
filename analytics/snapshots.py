"""Daily snapshots: freezes what deals were, and each owner's figures for the current and the next quarter.

A snapshot of a day is of its first moment in UTC (`crm_store/deal_states.py`), so it is the same whenever it is
taken, missed days are made up exactly, and a frozen day is never written again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select

from analytics.quota import quota_of
from analytics.view import Rates, View
from core.clock import local_date
from core.ids import new_id
from crm_store.deal_states import DealState, first_frozen_day, freeze_deals, frozen_through, states_at
from crm_store.snapshots import Snapshot
from crm_store.unit_of_work import UnitOfWork
from language.dates import FiscalCalendar, Period
from language.dates.calendar import step_unit, unit_period

# Days that are made up one by one; of earlier ones Mondays and first days of quarters only.
DAILY_BACK = 31

_SNAPSHOT: Any = Snapshot


@dataclass(frozen=True, slots=True)
class SnapshotRun:
    """What was frozen: the last day, rows of deals, rows of owners and periods."""

    day: date
    deals: int
    owners: int


@dataclass(frozen=True, slots=True)
class OwnerPeriod:
    """Figures of one owner for one quarter, in the base currency; `quota` None: there was none."""

    pipeline: Decimal = Decimal(0)
    best_case: Decimal = Decimal(0)
    commit: Decimal = Decimal(0)
    closed: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)
    n: int = 0
    quota: Decimal | None = None
    is_known: bool = True

    def plus(self, other: "OwnerPeriod") -> "OwnerPeriod":
        """Both together; known only where both are."""
        quotas = [each for each in (self.quota, other.quota) if each is not None]
        return OwnerPeriod(
            self.pipeline + other.pipeline,
            self.best_case + other.best_case,
            self.commit + other.commit,
            self.closed + other.closed,
            self.weighted + other.weighted,
            self.n + other.n,
            sum(quotas, Decimal(0)) if quotas else None,
            self.is_known and other.is_known,
        )


def take_snapshots(uow: UnitOfWork, day: date | None = None, fiscal: FiscalCalendar | None = None) -> SnapshotRun:
    """Freezes every day up to `day` (today) that is not frozen yet; taking it again changes nothing.

    On behalf of the product itself; the caller commits.
    """
    day = day or uow.today
    view = View(uow, fiscal=fiscal or FiscalCalendar())
    deals = freeze_deals(uow, day)
    rows: list[dict[str, Any]] = []
    for each in _days_to_take(uow, day, view.fiscal):
        rows += _owner_rows(view, each)
    if rows:
        uow.session.execute(insert(Snapshot), rows)
    return SnapshotRun(day, deals, len(rows))


def owner_periods(
    view: View, period: Period, day: date, people: frozenset[str] | None = None
) -> dict[str, OwnerPeriod]:
    """The frozen figures of a quarter by owner, as of the newest snapshot up to the day (at most a week before).

    Only of people whose figures the asker may see; empty where no snapshot is that near.
    """
    label = _SNAPSHOT.period == period.label
    near = select(func.max(_SNAPSHOT.taken_on)).where(
        label, _SNAPSHOT.taken_on <= day, _SNAPSHOT.taken_on > day - timedelta(days=7)
    )
    taken_on = view.uow.session.scalar(near)
    if taken_on is None:
        return {}
    rows = view.uow.all("snapshot", label, _SNAPSHOT.taken_on == taken_on)
    return {row.owner_id: _read(row.figures) for row in rows if people is None or row.owner_id in people}


def figures_at(view: View, period: Period, day: date, people: frozenset[str] | None = None) -> OwnerPeriod:
    """The figures of people for a period as computed from what the visible deals were on a day."""
    whole = OwnerPeriod()
    for figures in _by_owner(view, period, day, people).values():
        whole = whole.plus(figures)
    return whole


def _days_to_take(uow: UnitOfWork, day: date, fiscal: FiscalCalendar) -> Iterator[date]:
    first = uow.session.scalar(select(func.max(_SNAPSHOT.taken_on)))
    begin = first + timedelta(days=1) if first else (first_frozen_day(uow) or day)
    for number in range((day - begin).days + 1):
        each = begin + timedelta(days=number)
        quarter = unit_period("quarter", each, fiscal)
        opens = quarter is not None and quarter.start == each
        if opens or each.weekday() == 0 or (day - each).days < DAILY_BACK:
            yield each


def _owner_rows(view: View, day: date) -> list[dict[str, Any]]:
    rows = []
    now = view.uow.clock.now()
    states = states_at(view.uow, day)
    for period in _periods(view, day):
        for owner_id, figures in _by_owner(view, period, day, None, states).items():
            plain = {each.name: _plain(getattr(figures, each.name)) for each in fields(figures)}
            rows.append(
                {
                    "id": new_id("snapshot"), "created_at": now, "updated_at": now, "version": 1, "custom": {},
                    "taken_on": day, "owner_id": owner_id, "period": period.label, "figures": plain,
                }
            )  # fmt: skip
    return rows


def _periods(view: View, day: date) -> Sequence[Period]:
    both = (unit_period("quarter", day, view.fiscal), step_unit("quarter", day, 1, view.fiscal))
    return [each for each in both if each is not None]


def _by_owner(
    view: View,
    period: Period,
    day: date,
    people: frozenset[str] | None,
    states: dict[str, DealState] | None = None,
) -> dict[str, OwnerPeriod]:
    stages = {stage.id: stage for stage in view.stages}
    found: dict[str, OwnerPeriod] = {}
    known = frozen_through(view.uow) is not None
    for state in (states if states is not None else states_at(view.uow, day)).values():
        owner = state.owner_id
        if owner is None or (people is not None and owner not in people):
            continue
        figures = _figures(view.rates, state, stages[state.stage_id], period, view.timezone)
        if figures is not None:
            found[owner] = found.get(owner, OwnerPeriod(is_known=known)).plus(figures)
    for user in view.uow.all("user"):
        target = quota_of(view, user.id, period)
        if target is not None and (people is None or user.id in people):
            found[user.id] = found.get(user.id, OwnerPeriod()).plus(OwnerPeriod(quota=target))
    return found


def _figures(rates: Rates, state: DealState, stage: Any, period: Period, timezone: str) -> OwnerPeriod | None:
    """What one deal adds to its owner's figures; None when it has nothing to do with the period."""
    amount = rates.convert(state.amount or Decimal(0), state.currency, rates.base) or Decimal(0)
    none, known = Decimal(0), state.is_known
    if stage.status == "won":
        day = local_date(state.closed_at, timezone) if state.closed_at else state.close_date
        won = day is not None and period.start <= day <= period.end
        return OwnerPeriod(closed=amount, is_known=known) if won else None
    if stage.status != "open" or state.close_date is None:
        return None
    if not period.start <= state.close_date <= period.end:
        return None
    return OwnerPeriod(
        pipeline=amount,
        best_case=amount if state.forecast_category == "best_case" else none,
        commit=amount if state.forecast_category == "commit" else none,
        weighted=amount * stage.probability / 100,
        n=1,
        is_known=known,
    )


def _plain(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value


def _read(figures: dict[str, Any]) -> OwnerPeriod:
    plain: dict[str, Any] = {each.name: figures[each.name] for each in fields(OwnerPeriod)}
    for name, value in plain.items():
        if name not in ("n", "is_known") and value is not None:
            plain[name] = Decimal(value)
    return OwnerPeriod(**plain)
