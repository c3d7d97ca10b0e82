"""What moved, from stage history and audit trail: stays in stages, pushed close dates, deals as they were."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, func, null, select

from analytics.measure import Cell, Cells, Slice, filtered
from analytics.view import View
from crm_store.deal_states import DealState, states_at
from crm_store.deals import Deal, StageChange
from crm_store.journal import AuditEntry
from crm_store.local_days import LocalDays, raw_moment
from crm_store.query import in_period
from crm_store.stages import Stage
from language.dates import Period

CHUNK = 500

_AUDIT: Any = AuditEntry
_CHANGE: Any = StageChange
_DEAL: Any = Deal
# Changes of deals that stand: neither taken back nor taking back.
_DEAL_UPDATES = (
    _AUDIT.kind == "deal", _AUDIT.action == "updated", _AUDIT.undone_by == "", _AUDIT.undoes == "",
)  # fmt: skip


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
    return [Stay(*each) for each in _stays(view, deals, stages)]


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
    chosen = _chosen_stages(part)
    found: Counter[str] = Counter()
    for path, number in _paths(part):
        found.update({stage_id: number for stage_id in chosen & path})
    return {stage_id: Cell(n=number) for stage_id, number in found.items()}


def reached_later(part: Slice) -> Cells:
    """By stage: how many of the deals that entered it ever reached a later open stage or were won."""
    stages = {stage.id: stage for stage in part.view.stages}
    chosen = _chosen_stages(part)
    found = dict.fromkeys(chosen, 0)
    for path, number in _paths(part):
        for stage_id in chosen & path:
            if any(_is_later(stages[other], stages[stage_id]) for other in path):
                found[stage_id] += number
    return {stage_id: Cell(n=number) for stage_id, number in found.items()}


def durations(part: Slice) -> Cells:
    """By stage: the days of all stays of the cohort, current ones included."""
    cohort = _cohort(part)
    deals = select(_DEAL.id).where(*cohort) if cohort else None
    found: dict[str, list[float]] = {}
    for _, stage_id, days, _ in _stays(part.view, deals, _chosen_stages(part)):
        found.setdefault(stage_id, []).append(float(days))
    return {stage_id: Cell(n=len(days), values=days) for stage_id, days in found.items()}


def push_count(part: Slice) -> Cells:
    """How often close dates of the slice's deals were moved later, within the period if there is one."""
    view = part.view
    where = filtered(replace(part, period=None), "deal", None, "")
    if part.period is not None:
        where.append(in_period(view.uow, _AUDIT.at, part.period, moment=True))
    before, after = (each["close_date"].as_string() for each in (_AUDIT.before, _AUDIT.after))
    where += [*_DEAL_UPDATES, after > before]
    counted = select(func.count()).select_from(AuditEntry).join(_DEAL, _DEAL.id == _AUDIT.record_id).where(*where)
    if part.by is None:
        return {None: Cell(n=view.uow.session.scalar(counted) or 0)}
    by = part.by.attribute.expression
    cells: Cells = {}
    for number, group in view.uow.session.execute(counted.add_columns(by).group_by(by)):
        cells.setdefault(part.by.key(view, group), Cell()).add(Cell(n=number))
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
    due = _due_then(part, period)
    by = part.by.attribute.expression if part.by is not None else null()
    cells: Cells = {}
    for some in _chunks(list(due)):
        now = select(_DEAL.id, _DEAL.closed_at, _DEAL.close_date, by).where(_DEAL.id.in_(some))
        for deal_id, closed_at, close_date, group in view.uow.session.execute(now):
            gone = closed_at is None and close_date is not None and close_date > period.end
            if slipped_only and not gone:
                continue
            state = due[deal_id]
            key = part.by.key(view, group) if part.by is not None else None
            lacks = not state.is_known or state.amount is None
            sums = {} if lacks or state.amount is None else {state.currency: state.amount}
            cells.setdefault(key, Cell()).add(Cell(n=1, missing=int(lacks), sums=sums))
    return cells


def _due_then(part: Slice, period: Period) -> dict[str, DealState]:
    """The deals that were open and due in the period when it began; looked up once for all terms over a slice."""
    view = part.view
    key = f"due then {id(part)}"
    if key not in view.memo:
        where = filtered(replace(part, period=None), "deal", None, "")
        chosen = select(_DEAL.id).where(*where) if where else None
        opened = {stage.id for stage in view.stages if stage.status == "open"}
        states = states_at(view.uow, period.start, chosen, (period.start, period.end))
        due = {
            deal_id: state
            for deal_id, state in states.items()
            if state.stage_id in opened and _due_in(state, period.start, period.end)
        }
        view.memo[key] = (part, due)
    found: dict[str, DealState] = view.memo[key][1]
    return found


def _due_in(state: DealState, start: date, end: date) -> bool:
    return not state.is_known or (state.close_date is not None and start <= state.close_date <= end)


def _stays(view: View, deals: Select[Any] | None, stages: Collection[str]) -> Iterator[tuple[str, str, int, bool]]:
    """Deal, stage, days and whether it is over, of each stay."""
    statement = select(_CHANGE.deal_id, _CHANGE.to_stage_id, raw_moment(_CHANGE.changed_at))
    if deals is not None:
        statement = statement.where(_CHANGE.deal_id.in_(deals))
    ordered = statement.order_by(_CHANGE.deal_id, _CHANGE.changed_at, _CHANGE.id)
    rows = [tuple(row) for row in view.uow.session.execute(ordered)]
    day_of = LocalDays(view.uow, (since for _, _, since in rows))
    today = view.today.toordinal()
    for (deal_id, stage_id, since), (following, _, until) in pairwise([*rows, ("", "", None)]):
        if not stages or stage_id in stages:
            is_over = following == deal_id
            yield deal_id, stage_id, (day_of(until) if is_over else today) - day_of(since), is_over


def _paths(part: Slice) -> list[tuple[frozenset[str], int]]:
    """The sets of stages that deals of the cohort ever entered, with how many deals went each way."""
    entered = (
        select(func.aggregate_strings(_CHANGE.to_stage_id, ","))
        .where(_CHANGE.deal_id == _DEAL.id)
        .correlate(_DEAL)
        .scalar_subquery()
    )
    rows = part.view.uow.session.execute(
        select(entered, func.count()).select_from(Deal).where(*_cohort(part)).group_by(entered)
    )
    return [(frozenset(path.split(",")), number) for path, number in rows if path]


def _cohort(part: Slice) -> list[ColumnElement[bool]]:
    """The deals created in the period; a stage condition names the stage asked about."""
    return filtered(part.without("stage", "status"), "deal", None, "created_at")


def _chosen_stages(part: Slice) -> set[str]:
    opened = {stage.id for stage in part.view.stages if stage.status == "open"}
    named = [
        set(each.values) for each in part.conditions if each.attribute.name == "stage" and each.op in ("=", "in")
    ]
    return opened.intersection(*named) if named else opened


def _is_later(other: Stage, stage: Stage) -> bool:
    return other.status == "won" or (other.status == "open" and other.position > stage.position)


def _changes(view: View, ids: Sequence[str]) -> Iterable[Sequence[Any]]:
    for some in _chunks(ids):
        rows = view.uow.session.execute(
            select(_AUDIT.record_id, _AUDIT.at, _AUDIT.before, _AUDIT.after)
            .where(*_DEAL_UPDATES, _AUDIT.record_id.in_(some))
            .order_by(_AUDIT.seq.desc())
        )
        yield from rows


def _push(before: Mapping[str, Any], after: Mapping[str, Any], at: datetime, in_commit: bool) -> Push | None:
    if not before.get("close_date") or not after.get("close_date"):
        return None
    old, new = date.fromisoformat(before["close_date"]), date.fromisoformat(after["close_date"])
    return Push(old, new, in_commit, at) if new > old else None


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
