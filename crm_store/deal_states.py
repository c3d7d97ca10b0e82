"""What deals were on past days: from frozen rows, and for days not frozen yet from stage history and audit.

The state of a day is that of its first moment in UTC, so a day's own changes show from the next day on. For days
before the audit knows a deal only its stage is of that day (`is_known`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, func, insert, or_, select, update

from crm_store.deals import Deal, StageChange
from crm_store.journal import AuditEntry
from crm_store.snapshots import DealSnapshot, SnapshotRun
from crm_store.unit_of_work import UnitOfWork

CHUNK = 900

_AUDIT: Any = AuditEntry
_CHANGE: Any = StageChange
_DEAL: Any = Deal
_ROW: Any = DealSnapshot
_RUN: Any = SnapshotRun
_STATE_COLUMNS = (
    "owner_id", "stage_id", "amount", "currency", "close_date", "forecast_category", "closed_at", "is_known",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DealState:
    """A deal as it was at one moment."""

    owner_id: str | None
    stage_id: str
    amount: Decimal | None
    currency: str
    close_date: date | None
    forecast_category: str
    closed_at: datetime | None
    is_known: bool = True


def day_begin(day: date) -> datetime:
    """The moment that the state of a day is of."""
    return datetime.combine(day, time(), UTC)


def frozen_through(uow: UnitOfWork) -> date | None:
    """The newest day whose snapshot was taken; None before the first."""
    return uow.session.scalar(select(func.max(_RUN.day)))


def state_of(deal: Deal) -> DealState:
    """The deal as it is now."""
    return DealState(
        deal.owner_id, deal.stage_id, deal.amount, deal.currency, deal.close_date, deal.forecast_category,
        deal.closed_at,
    )  # fmt: skip


def states_at(
    uow: UnitOfWork, day: date, deals: Select[Any] | None = None, due: tuple[date, date] | None = None
) -> dict[str, DealState]:
    """The deals that existed when the day began, by id: the visible ones, or those selected by their ids.

    `due` lets those be left out whose recorded close date then lay outside of these days; some may still come.
    """
    last = frozen_through(uow)
    if last is not None and day <= last:
        return _frozen(uow, day, deals, due)
    found = {} if last is None else _frozen(uow, last, deals)
    begin = day_begin(day)
    for deal_id, timeline in _timelines(uow, _candidates(last, deals)).items():
        before = [state for moment, state in timeline if moment < begin]
        if before:
            found[deal_id] = before[-1]
    return found


def freeze_deals(uow: UnitOfWork, day: date) -> int:
    """Freezes what deals were on every day up to `day`; days frozen before stay. Says how many rows were written.

    A deal without any row gets all its past. The caller is the product itself and commits.
    """
    last = frozen_through(uow)
    if last is not None and last > day:
        return 0
    written = 0
    ids = list(uow.session.scalars(_candidates(last, None)))
    for some in _chunks(ids):
        latest = _latest_rows(uow, some)
        rows: list[dict[str, Any]] = []
        for deal_id, timeline in _timelines(uow, select(_DEAL.id).where(_DEAL.id.in_(some))).items():
            rows += _rows_of(uow, deal_id, timeline, latest.get(deal_id), last, day)
        if rows:
            uow.session.execute(insert(DealSnapshot), rows)
        written += len(rows)
    if last != day:
        uow.session.execute(insert(SnapshotRun), [{"day": day, "made_at": uow.clock.now()}])
    return written


def first_frozen_day(uow: UnitOfWork) -> date | None:
    """The first day for which there is a row of a deal."""
    return uow.session.scalar(select(func.min(_ROW.since_on)))


def _frozen(
    uow: UnitOfWork, day: date, deals: Select[Any] | None, due: tuple[date, date] | None = None
) -> dict[str, DealState]:
    columns = [getattr(_ROW, name) for name in _STATE_COLUMNS]
    statement = (
        select(_ROW.deal_id, *columns)
        .join(_DEAL, _DEAL.id == _ROW.deal_id)
        .where(_ROW.since_on <= day, or_(_ROW.until_on.is_(None), _ROW.until_on > day))
    )
    if deals is not None:
        statement = statement.where(_ROW.deal_id.in_(deals))
    if due is not None:
        statement = statement.where(or_(_ROW.is_known.is_(False), _ROW.close_date.between(*due)))
    return {row[0]: DealState(*row[1:]) for row in uow.session.execute(statement)}


def _candidates(last: date | None, deals: Select[Any] | None) -> Select[Any]:
    """Deals that may have changed since the last frozen day, or have no row yet."""
    statement = select(_DEAL.id)
    if deals is not None:
        statement = statement.where(_DEAL.id.in_(deals))
    if last is None:
        return statement
    begin = day_begin(last)
    moved = select(_CHANGE.deal_id).where(_CHANGE.changed_at >= begin)
    return statement.where(
        or_(
            _DEAL.updated_at >= begin,
            _DEAL.id.in_(moved),
            ~select(_ROW.seq).where(_ROW.deal_id == _DEAL.id).exists(),
        )
    )


def _rows_of(
    uow: UnitOfWork,
    deal_id: str,
    timeline: Sequence[tuple[datetime, DealState]],
    latest: DealSnapshot | None,
    last: date | None,
    day: date,
) -> list[dict[str, Any]]:
    """The rows to add for a deal; closes its latest row where another one follows."""
    by_day: dict[date, DealState] = {}
    for moment, state in timeline:
        begins = moment.astimezone(UTC).date() + timedelta(days=1)
        if begins <= day and (latest is None or last is None or begins > last):
            by_day[begins] = state
    before = None if latest is None else DealState(*(getattr(latest, name) for name in _STATE_COLUMNS))
    kept: list[tuple[date, DealState]] = []
    for begins, state in sorted(by_day.items(), key=lambda each: each[0]):
        if state != before:
            kept.append((begins, state))
        before = state
    if kept and latest is not None:
        uow.session.execute(update(DealSnapshot).where(_ROW.seq == latest.seq).values(until_on=kept[0][0]))
    ends = [following[0] for _, following in pairwise(kept)]
    return [
        {"deal_id": deal_id, "since_on": begins, "until_on": until,
         **{name: getattr(state, name) for name in _STATE_COLUMNS}}
        for (begins, state), until in zip(kept, [*ends, None], strict=False)
    ]  # fmt: skip


def _latest_rows(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, DealSnapshot]:
    found = uow.session.scalars(select(DealSnapshot).where(_ROW.deal_id.in_(ids), _ROW.until_on.is_(None)))
    return {row.deal_id: row for row in found}


def _timelines(uow: UnitOfWork, chosen: Select[Any]) -> dict[str, list[tuple[datetime, DealState]]]:
    """All states of the chosen deals with the moments from which they held, oldest first."""
    deals = {deal.id: deal for deal in uow.session.scalars(select(Deal).where(_DEAL.id.in_(chosen)))}
    stages = {stage.id: stage for stage in uow.all("stage")}
    moves: dict[str, list[tuple[datetime, str]]] = {}
    entries: dict[str, list[Sequence[Any]]] = {}
    for some in _chunks(list(deals)):
        for deal_id, moment, stage_id in uow.session.execute(
            select(_CHANGE.deal_id, _CHANGE.changed_at, _CHANGE.to_stage_id)
            .where(_CHANGE.deal_id.in_(some))
            .order_by(_CHANGE.changed_at, _CHANGE.created_at, _CHANGE.id)
        ):
            moves.setdefault(deal_id, []).append((moment, stage_id))
        for row in uow.session.execute(
            select(_AUDIT.record_id, _AUDIT.at, _AUDIT.action, _AUDIT.before)
            .where(_AUDIT.kind == "deal", _AUDIT.record_id.in_(some), _AUDIT.action != "deleted")
            .order_by(_AUDIT.seq.desc())
        ):
            entries.setdefault(row[0], []).append(row[1:])
    return {
        deal_id: _timeline(deal, moves.get(deal_id, []), entries.get(deal_id, []), stages)
        for deal_id, deal in deals.items()
    }


def _timeline(
    deal: Deal, moves: Sequence[tuple[datetime, str]], entries: Sequence[Sequence[Any]], stages: Mapping[str, Any]
) -> list[tuple[datetime, DealState]]:
    fields = _fields_over_time(deal, entries)
    known_since = min((at for at, _, _ in entries), default=None)
    moments = {deal.created_at, *(at for at, _ in fields), *(at for at, _ in moves)}
    states = []
    for moment in sorted(each for each in moments if each >= deal.created_at):
        recorded = _at(fields, moment) or fields[0][1]
        stage_id = _at(moves, moment) or (moves[0][1] if moves else deal.stage_id)
        is_known = known_since is not None and moment >= known_since
        states.append((moment, _in_stage(recorded, stages[stage_id], is_known=is_known)))
    return states


def _in_stage(recorded: DealState, stage: Any, *, is_known: bool) -> DealState:
    """The recorded fields with the stage of that time; what a later stage brought with it is taken out."""
    category = recorded.forecast_category
    if not is_known and recorded.stage_id != stage.id:
        category = stage.forecast_category
    closed_at = None if stage.status == "open" else recorded.closed_at
    return replace(recorded, stage_id=stage.id, forecast_category=category, closed_at=closed_at, is_known=is_known)


def _fields_over_time(deal: Deal, entries: Sequence[Sequence[Any]]) -> list[tuple[datetime, DealState]]:
    """The fields with the moments from which they held, oldest first, by taking changes back one by one."""
    state = state_of(deal)
    found: list[tuple[datetime, DealState]] = []
    for at, action, before in entries:
        found.append((at, state))
        if action == "updated":
            state = _taken_back(state, before)
    found.append((min(deal.created_at, found[-1][0]) if found else deal.created_at, state))
    return found[::-1]


def _taken_back(state: DealState, before: Mapping[str, Any]) -> DealState:
    readers: dict[str, tuple[str, Any]] = {
        "owner": ("owner_id", lambda plain: plain),
        "stage": ("stage_id", lambda plain: plain),
        "amount": ("amount", lambda plain: None if plain is None else Decimal(str(plain))),
        "currency": ("currency", lambda plain: plain),
        "close_date": ("close_date", lambda plain: date.fromisoformat(plain) if plain else None),
        "forecast_category": ("forecast_category", lambda plain: plain),
        "closed_at": ("closed_at", lambda plain: datetime.fromisoformat(plain) if plain else None),
    }
    changed = {readers[name][0]: readers[name][1](plain) for name, plain in before.items() if name in readers}
    return replace(state, **changed) if changed else state


def _at(over_time: Sequence[tuple[datetime, Any]], moment: datetime) -> Any:
    """The last of the values that held at the moment, as `over_time` is sorted by time."""
    found = None
    for since, value in over_time:
        if since > moment:
            break
        found = value
    return found


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
