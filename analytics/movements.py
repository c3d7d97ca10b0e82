"""What moved, from stage history and audit trail: stays in stages, pushed close dates, deals as they were."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from analytics.measure import Cell, Cells, Slice, filtered
from analytics.view import View
from core.clock import local_date
from crm_store.base import UtcDateTime
from crm_store.deal_states import DealState, day_begin, states_at
from crm_store.deals import Deal, StageChange
from crm_store.journal import AuditEntry
from crm_store.stages import Stage

CHUNK = 500

_AUDIT: Any = AuditEntry
_CHANGE: Any = StageChange
_DEAL: Any = Deal


@dataclass(frozen=True, slots=True)
class Push:
    """One move of a close date to a later day: when it was made, and whether the deal was in commit then."""

    before: date
    after: date
    in_commit: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay of a deal in a stage in days, until it moved on or until today."""

    deal_id: str
    stage_id: str
    days: int
    completed: bool


def stays(view: View, deals: Select[Any] | None = None, stages: Collection[str] = ()) -> list[Stay]:
    """Every stay of the visible deals, or of those selected, in each stage, or in those named."""
    following = func.lead(_CHANGE.changed_at, type_=UtcDateTime()).over(
        partition_by=_CHANGE.deal_id, order_by=(_CHANGE.changed_at, _CHANGE.id)
    )
    statement = select(_CHANGE.deal_id, _CHANGE.to_stage_id, _CHANGE.changed_at, following)
    if deals is not None:
        statement = statement.where(_CHANGE.deal_id.in_(deals))
    # Stages are chosen here and not in an outer SELECT: that would be none of the ORM, and unfiltered.
    return [
        Stay(deal_id, stage_id, _days(view, since, until), until is not None)
        for deal_id, stage_id, since, until in view.uow.session.execute(statement)
        if not stages or stage_id in stages
    ]


def pushes(view: View, categories: Mapping[str, str]) -> dict[str, list[Push]]:
    """The pushes of deals with these present forecast categories; newest first, so the category then is known."""
    category = dict(categories)
    found: dict[str, list[Push]] = {}
    for deal_id, at, before, after in _changes(view, list(categories)):
        push = _push(before, after, at, category[deal_id] == "commit")
        if push is not None:
            found.setdefault(deal_id, []).append(push)
        if "forecast_category" in before:
            category[deal_id] = before["forecast_category"]
    return found


def entered(part: Slice) -> Cells:
    """By stage: how many deals of the cohort ever entered it."""
    return {stage_id: Cell(n=len(ids)) for stage_id, ids in _entered_by(part).items()}


def reached_later(part: Slice) -> Cells:
    """By stage: how many of the deals that entered it ever reached a later open stage or were won."""
    entries = _entered_by(part, every=True)
    stages = {stage.id: stage for stage in part.view.stages}
    found: Cells = {}
    for stage_id in _chosen_stages(part):
        later = {
            deal_id
            for other, ids in entries.items()
            if _is_later(stages[other], stages[stage_id])
            for deal_id in ids
        }
        found[stage_id] = Cell(n=len(entries.get(stage_id, set()) & later))
    return found


def durations(part: Slice) -> Cells:
    """By stage: the days of all stays of the cohort, current ones included."""
    found: Cells = {}
    chosen = _chosen_stages(part)
    for stay in stays(part.view, _cohort(part), chosen):
        found.setdefault(stay.stage_id, Cell()).add(Cell(n=1, values=[float(stay.days)]))
    return found


def push_count(part: Slice) -> Cells:
    """How often close dates of the slice's deals were moved later, within the period if there is one."""
    view = part.view
    by = part.by.attribute.expression if part.by is not None else _DEAL.id
    where = filtered(Slice(view, part.people, None, part.conditions), "deal", None, "")
    rows = view.uow.session.execute(select(_DEAL.id, _DEAL.forecast_category, by).where(*where)).all()
    groups = {deal_id: group for deal_id, _, group in rows}
    cells: Cells = {}
    for deal_id, made in pushes(view, {row[0]: row[1] for row in rows}).items():
        number = sum(_within(view, part, push.at) for push in made)
        if number:
            key = part.by.key(view, groups[deal_id]) if part.by is not None else None
            cells.setdefault(key, Cell()).add(Cell(n=number))
    return cells


def due_at_opening(part: Slice) -> Cells:
    """Amounts of the deals that were open and due in the period when it began."""
    return _opening(part, slipped_only=False)


def slipped(part: Slice) -> Cells:
    """Amounts of those whose close date has moved past the period, still unclosed."""
    return _opening(part, slipped_only=True)


def _opening(part: Slice, *, slipped_only: bool) -> Cells:
    """Deals as the snapshot of the period's first day holds them; amounts not recorded then count as missing."""
    view, period = part.view, part.period
    if period is None:
        return {}
    by = part.by.attribute.expression if part.by is not None else _DEAL.id
    where = filtered(Slice(view, part.people, None, part.conditions), "deal", None, "")
    existed = (*where, _DEAL.created_at < day_begin(period.start))
    rows = view.uow.session.execute(select(_DEAL.id, _DEAL.closed_at, _DEAL.close_date, by).where(*existed)).all()
    then = states_at(view.uow, period.start, select(_DEAL.id).where(*existed), (period.start, period.end))
    opened = {stage.id for stage in view.stages if stage.status == "open"}
    cells: Cells = {}
    for deal_id, closed_at, close_date, group in rows:
        state = then.get(deal_id)
        if state is None or state.stage_id not in opened or not _due_in(state, period.start, period.end):
            continue
        gone = closed_at is None and close_date is not None and close_date > period.end
        if slipped_only and not gone:
            continue
        key = part.by.key(view, group) if part.by is not None else None
        lacks = not state.is_known or state.amount is None
        sums = {} if lacks or state.amount is None else {state.currency: state.amount}
        cells.setdefault(key, Cell()).add(Cell(n=1, missing=int(lacks), sums=sums))
    return cells


def _due_in(state: DealState, start: date, end: date) -> bool:
    return not state.is_known or (state.close_date is not None and start <= state.close_date <= end)


def _entered_by(part: Slice, *, every: bool = False) -> dict[str, set[str]]:
    statement = select(_CHANGE.to_stage_id, _CHANGE.deal_id).where(_CHANGE.deal_id.in_(_cohort(part)))
    chosen = None if every else _chosen_stages(part)
    found: dict[str, set[str]] = {}
    for stage_id, deal_id in part.view.uow.session.execute(statement):
        if chosen is None or stage_id in chosen:
            found.setdefault(stage_id, set()).add(deal_id)
    return found


def _cohort(part: Slice) -> Select[Any]:
    """The deals created in the period; a stage condition names the stage asked about."""
    rest = part.without("stage", "status")
    return select(_DEAL.id).where(*filtered(rest, "deal", None, "created_at"))


def _chosen_stages(part: Slice) -> set[str]:
    opened = {stage.id for stage in part.view.stages if stage.status == "open"}
    named = [
        set(each.values) for each in part.conditions if each.attribute.name == "stage" and each.op in ("=", "in")
    ]
    return opened.intersection(*named) if named else opened


def _is_later(other: Stage, stage: Stage) -> bool:
    return other.status == "won" or (other.status == "open" and other.position > stage.position)


def _within(view: View, part: Slice, moment: datetime) -> bool:
    if part.period is None:
        return True
    return part.period.start <= local_date(moment, view.timezone) <= part.period.end


def _changes(view: View, ids: Sequence[str]) -> Iterable[Sequence[Any]]:
    for some in _chunks(ids):
        rows = view.uow.session.execute(
            select(_AUDIT.record_id, _AUDIT.at, _AUDIT.before, _AUDIT.after)
            .where(
                _AUDIT.kind == "deal",
                _AUDIT.action == "updated",
                _AUDIT.record_id.in_(some),
                _AUDIT.undone_by == "",
                _AUDIT.undoes == "",
            )
            .order_by(_AUDIT.seq.desc())
        )
        yield from rows


def _push(before: Mapping[str, Any], after: Mapping[str, Any], at: datetime, in_commit: bool) -> Push | None:
    if not before.get("close_date") or not after.get("close_date"):
        return None
    old, new = date.fromisoformat(before["close_date"]), date.fromisoformat(after["close_date"])
    return Push(old, new, in_commit, at) if new > old else None


def _days(view: View, since: datetime, until: datetime | None) -> int:
    end = local_date(until, view.timezone) if until is not None else view.today
    return (end - local_date(since, view.timezone)).days


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
