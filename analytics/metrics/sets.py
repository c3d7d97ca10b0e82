"""Sets of records that metrics are made of: open, won and lost deals, forecast categories, unresolved tickets."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from analytics.measure import Where
from analytics.view import View
from crm_store.deals import Deal
from crm_store.stages import Stage
from crm_store.tasks import Task
from crm_store.tickets import UNRESOLVED, Ticket

_DEAL: Any = Deal
_STAGE: Any = Stage
_TASK: Any = Task
_TICKET: Any = Ticket


def with_status(*statuses: str) -> Where:
    """Deals in stages of these statuses."""

    def where(view: View) -> Sequence[ColumnElement[bool]]:
        return (_DEAL.stage_id.in_(select(_STAGE.id).where(_STAGE.status.in_(statuses))),)

    return where


OPEN, WON, LOST = with_status("open"), with_status("won"), with_status("lost")
CLOSED = with_status("won", "lost")


def open_in(*categories: str) -> Where:
    """Open deals in these forecast categories."""

    def where(view: View) -> Sequence[ColumnElement[bool]]:
        return (*OPEN(view), _DEAL.forecast_category.in_(categories))

    return where


def qualified(view: View) -> Sequence[ColumnElement[bool]]:
    """Open deals from the second open stage on."""
    stages = sorted((stage for stage in view.stages if stage.status == "open"), key=lambda s: s.position)
    return (_DEAL.stage_id.in_([stage.id for stage in stages[1:]]),)


def unresolved(view: View) -> Sequence[ColumnElement[bool]]:
    """Open and pending tickets."""
    return (_TICKET.status.in_(UNRESOLVED),)


def open_tasks(view: View) -> Sequence[ColumnElement[bool]]:
    """Tasks that are not done."""
    return (_TASK.status == "open",)


def overdue_tasks(view: View) -> Sequence[ColumnElement[bool]]:
    """Open tasks whose due day has passed."""
    return (_TASK.status == "open", _TASK.due < view.today)
