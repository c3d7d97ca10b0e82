"""The history of the visible deals, read from stage history, frozen rows and audit into arrays.

Only what the asker may see is read: rates and ranges come from visible rows, as every number does. A deal that was
reopened is one more deal from then on. Of a large company a part is read, chosen by the end of the deals' ids.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select

from analytics.attributes import attributes
from analytics.forecast.history import LOST, NEVER, OPEN, WON, History, Stages
from analytics.view import View
from core.clock import local_date
from crm_store.deals import Deal, StageChange
from crm_store.query import count_where
from crm_store.snapshots import DealSnapshot

# More closed deals than this teach nothing new; a part of that size is read.
ENOUGH = 4000
TRAITS = ("source", "segment", "industry", "country")

_CHANGE: Any = StageChange
_DEAL: Any = Deal
_ROW: Any = DealSnapshot
_ENDINGS = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass
class Loaded:
    """The history with what its numbers stand for: owners by code, deals by id, how much was read."""

    history: History
    deal_ids: list[str]
    owners: list[str]
    share_read: float

    def owner_codes(self, people: frozenset[str] | None) -> Any:
        """The codes of people; None for everyone."""
        if people is None:
            return None
        return np.array([code for code, owner in enumerate(self.owners) if owner in people], dtype=np.int64)


@dataclass
class _Rows:
    """What is collected, a list a column."""

    created: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    outcome: list[int] = field(default_factory=list)
    deal: list[int] = field(default_factory=list)
    stays: list[tuple[int, int, int, int]] = field(default_factory=list)


def load_history(view: View) -> Loaded:
    """The history of the deals that the asker may see, up to now, worth in the base currency."""
    stages = sorted(view.stages, key=lambda each: each.position)
    opened = [each for each in stages if each.status == "open"]
    chosen, share = _chosen(view)
    deals = view.uow.session.execute(
        select(_DEAL.id, _DEAL.created_at, _DEAL.closed_at, _DEAL.owner_id, _DEAL.stage_id, *_traits(view))
        .where(*chosen)
        .order_by(_DEAL.id)
    ).all()
    moves = _moves(view, chosen)
    place = {stage.id: number for number, stage in enumerate(opened)}
    status = {stage.id: stage.status for stage in stages}
    rows = _Rows()
    for number, deal in enumerate(deals):
        _lives(view, rows, number, deal, moves.get(deal.id, ()), place, status)
    owners, owner = _codes(deal.owner_id for deal in deals)
    life = np.array(rows.deal, dtype=np.int64)
    columns = [_codes(deal[5 + number] for deal in deals)[1] for number in range(len(_traits(view)))]
    traits = np.column_stack(columns or [np.zeros(len(deals), dtype=np.int64)])
    dates, worths = _recorded(view, chosen, {deal.id: number for number, deal in enumerate(deals)}, rows)
    stays = np.array(rows.stays, dtype=np.int64).reshape(-1, 4)
    history = History(
        stages=Stages(tuple(each.id for each in opened), np.array([each.probability / 100 for each in opened])),
        created=_days(rows.created), closed=_days(rows.closed), outcome=_days(rows.outcome),
        owner=owner[life] if len(life) else life, traits=traits[life],
        stay_deal=stays[:, 0], stay_stage=stays[:, 1], stay_entered=stays[:, 2], stay_left=stays[:, 3],
        date_deal=_days(row[0] for row in dates), date_known=_days(row[1] for row in dates),
        date_value=_days(row[2] for row in dates),
        worth_deal=_days(row[0] for row in worths), worth_known=_days(row[1] for row in worths),
        worth_value=np.array([row[2] for row in worths], dtype=float),
    )  # fmt: skip
    return Loaded(history, [deals[number].id for number in rows.deal], owners, share)


def _chosen(view: View) -> tuple[list[Any], float]:
    """The condition for the deals to read, and which share of all they are."""
    total = count_where(view.uow, "deal")
    if total <= ENOUGH:
        return [], 1.0
    number = max(1, round(len(_ENDINGS) * ENOUGH / total))
    letters = _ENDINGS[:: len(_ENDINGS) // number][:number]
    last = func.substr(_DEAL.id, func.length(_DEAL.id))
    return [last.in_(list(letters))], number / len(_ENDINGS)


def _traits(view: View) -> list[Any]:
    known = attributes(view.uow, "deal")
    return [known[name].expression for name in TRAITS if name in known]


def _moves(view: View, chosen: Sequence[Any]) -> dict[str, list[tuple[datetime, str]]]:
    statement = select(_CHANGE.deal_id, _CHANGE.changed_at, _CHANGE.to_stage_id)
    if chosen:
        statement = statement.where(_CHANGE.deal_id.in_(select(_DEAL.id).where(*chosen)))
    found: dict[str, list[tuple[datetime, str]]] = {}
    ordered = statement.order_by(_CHANGE.changed_at, _CHANGE.created_at, _CHANGE.id)
    for deal_id, moment, stage_id in view.uow.session.execute(ordered):
        found.setdefault(deal_id, []).append((moment, stage_id))
    return found


def _lives(
    view: View,
    rows: _Rows,
    number: int,
    deal: Any,
    moves: Iterable[tuple[datetime, str]],
    place: dict[str, int],
    status: dict[str, str],
) -> None:
    """Adds a deal's life: its stays in open stages until it was closed; one more life for each reopening."""
    began = _day(view, deal.created_at)
    steps = [(_day(view, moment), stage_id) for moment, stage_id in moves] or [(began, deal.stage_id)]
    life = _begin(rows, number, min(began, steps[0][0]))
    for step, (day, stage_id) in enumerate(steps):
        following = steps[step + 1][0] if step + 1 < len(steps) else NEVER
        if status[stage_id] != "open":
            if rows.outcome[life] == OPEN:
                rows.outcome[life], rows.closed[life] = (WON if status[stage_id] == "won" else LOST), day
            continue
        if rows.outcome[life] != OPEN:
            life = _begin(rows, number, day)
        rows.stays.append((life, place[stage_id], day, following))


def _begin(rows: _Rows, number: int, day: int) -> int:
    rows.created.append(day)
    rows.closed.append(NEVER)
    rows.outcome.append(OPEN)
    rows.deal.append(number)
    return len(rows.created) - 1


def _recorded(
    view: View, chosen: Sequence[Any], number_of: dict[str, int], rows: _Rows
) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, float]]]:
    """Close dates and amounts with the days from which they were recorded; a first amount from the beginning."""
    shows = "amount" in attributes(view.uow, "deal")
    lives: dict[int, list[int]] = {}
    for life, number in enumerate(rows.deal):
        lives.setdefault(number, []).append(life)
    frozen = select(_ROW.deal_id, _ROW.since_on, _ROW.close_date, _ROW.amount, _ROW.currency, _ROW.is_known)
    frozen = frozen.join(_DEAL, _DEAL.id == _ROW.deal_id).where(*chosen).order_by(_ROW.deal_id, _ROW.since_on)
    current = select(_DEAL.id, _DEAL.updated_at, _DEAL.close_date, _DEAL.amount, _DEAL.currency)
    dates: list[tuple[int, int, int]] = []
    worths: list[tuple[int, int, float]] = []
    found: dict[str, list[Sequence[Any]]] = {}
    for row in view.uow.session.execute(frozen):
        found.setdefault(row[0], []).append((row[1].toordinal() - 1, *row[2:]))
    for deal_id, updated_at, *values in view.uow.session.execute(current.where(*chosen)):
        found.setdefault(deal_id, []).append((_day(view, updated_at), *values, True))
    for deal_id, records in sorted(found.items()):
        for life in lives.get(number_of.get(deal_id, -1), ()):
            _take_in(view, rows, life, records, dates, worths if shows else [])
    return dates, worths


def _take_in(
    view: View,
    rows: _Rows,
    life: int,
    records: Sequence[Sequence[Any]],
    dates: list[tuple[int, int, int]],
    worths: list[tuple[int, int, float]],
) -> None:
    last_date, last_worth = None, None
    for known, close_date, amount, currency, is_known in records:
        if rows.closed[life] < known and last_worth is not None:
            break
        if is_known and isinstance(close_date, date) and close_date != last_date and known < rows.closed[life]:
            dates.append((life, known, close_date.toordinal()))
            last_date = close_date
        worth = view.rates.convert(amount, currency, view.rates.base) if amount is not None else None
        if worth is not None and worth != last_worth:
            worths.append((life, known if last_worth is not None else rows.created[life], float(worth)))
            last_worth = worth


def _day(view: View, moment: datetime) -> int:
    return local_date(moment, view.timezone).toordinal()


def _days(values: Iterable[int]) -> Any:
    return np.array(list(values), dtype=np.int64)


def _codes(values: Iterable[Any]) -> tuple[list[Any], Any]:
    found: dict[Any, int] = {}
    codes = [found.setdefault(value, len(found)) for value in values]
    return list(found), np.array(codes, dtype=np.int64)
