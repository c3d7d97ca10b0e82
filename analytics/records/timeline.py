"""What happened with a record, newest first: interactions with their words, and a deal's moves between stages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from analytics.history import latest
from analytics.records.related import interactions_of
from analytics.view import View
from core.parts import RecordRef
from crm_store.deals import StageChange
from crm_store.query import names_of, readable

KINDS = ("account", "contact", "deal", "lead", "ticket")

_CHANGE: Any = StageChange


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `people` took part, `by` is who of ours it was."""

    sort: Literal["interaction", "stage"]
    at: datetime
    title: str
    text: str = ""
    type: str = ""
    direction: str = ""
    by: str = ""
    people: tuple[RecordRef, ...] = ()
    ref: RecordRef | None = None


def timeline(view: View, kind: str, record: Any, *, limit: int = 50) -> list[Event]:
    """The latest events of a record, newest first."""
    events = _said(view, kind, record, limit) if readable(view.uow, "interaction") else []
    if kind == "deal" and readable(view.uow, "stage_change"):
        events += _moves(view, record)
    return sorted(events, key=lambda event: event.at, reverse=True)[:limit]


def _said(view: View, kind: str, record: Any, limit: int) -> list[Event]:
    return [
        Event(
            sort="interaction",
            at=said.record.occurred_at,
            title=said.record.subject,
            text=said.text,
            type=said.record.type,
            direction=said.record.direction,
            by=said.by,
            people=said.contacts,
            ref=said.ref,
        )
        for said in latest(view, interactions_of(kind, record), limit=limit)
    ]


def _moves(view: View, deal: Any) -> list[Event]:
    statement = select(StageChange).where(_CHANGE.deal_id == deal.id).order_by(_CHANGE.changed_at, _CHANGE.id)
    found = view.uow.session.scalars(statement).all()
    stages = names_of(
        view.uow, "stage", [each for move in found for each in (move.from_stage_id, move.to_stage_id)]
    )
    people = names_of(view.uow, "user", [move.changed_by_id for move in found])
    return [
        Event(
            sort="stage",
            at=move.changed_at,
            title=stages.get(move.to_stage_id, ""),
            text=stages.get(move.from_stage_id or "", ""),
            by=people.get(move.changed_by_id or "", ""),
        )
        for move in found
    ]
