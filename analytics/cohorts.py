"""Cohorts: deals by the quarter they were created in, and how many were won within how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from analytics.measure import Slice, filtered
from analytics.view import View
from core.clock import local_date
from crm_store.deals import Deal
from crm_store.stages import Stage
from language.dates.calendar import unit_period
from language.dates.types import add_months

HORIZONS = (3, 6, 9, 12)

_DEAL: Any = Deal
_STAGE: Any = Stage


@dataclass(frozen=True, slots=True)
class Cohort:
    """Deals created in a quarter: how many, won and lost by now, and won within 3, 6, 9 and 12 months of life.

    A share within months is None while some deal of the cohort is younger than that.
    """

    label: str
    created: int
    won: int
    lost: int
    within: tuple[int | None, ...]

    @property
    def open(self) -> int:
        """How many are still open."""
        return self.created - self.won - self.lost


def cohorts(part: Slice) -> list[Cohort]:
    """The cohorts of the deals of a slice (its period bounds when they were created), oldest first."""
    view = part.view
    statement = (
        select(_DEAL.created_at, _DEAL.closed_at, _STAGE.status)
        .join(_STAGE, _STAGE.id == _DEAL.stage_id)
        .where(*filtered(part, "deal", None, "created_at"))
    )
    groups: dict[str, list[tuple[date, date | None, str]]] = {}
    for created_at, closed_at, status in view.uow.session.execute(statement):
        created = local_date(created_at, view.timezone)
        closed = local_date(closed_at, view.timezone) if closed_at is not None else None
        quarter = unit_period("quarter", created, view.fiscal)
        groups.setdefault(quarter.label if quarter else "", []).append((created, closed, status))
    return [_cohort(view, label, rows) for label, rows in sorted(groups.items())]


def _cohort(view: View, label: str, rows: Sequence[tuple[date, date | None, str]]) -> Cohort:
    won = [(created, closed) for created, closed, status in rows if status == "won"]
    youngest = max(created for created, _, _ in rows)
    within: list[int | None] = []
    for months in HORIZONS:
        if add_months(youngest, months) > view.today:
            within.append(None)
        else:
            within.append(
                sum(closed is not None and closed <= add_months(created, months) for created, closed in won)
            )
    return Cohort(label, len(rows), len(won), sum(status == "lost" for _, _, status in rows), tuple(within))
