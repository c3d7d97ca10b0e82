"""Quotas of people over whole quarters, as a term of metrics. Set in the base currency."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from analytics.measure import Cell, Cells, Slice
from analytics.view import View
from core.errors import InvalidArgumentError
from crm_store.quotas import Quota
from language.dates import Period
from language.dates.calendar import unit_period

ANY_QUARTER = "quarterly"


def quota(part: Slice) -> Cells:
    """The visible quotas of the slice's people, by owner or team where grouped so.

    Raises:
        InvalidArgumentError: the period is not made of whole quarters, or quotas are to be filtered.
    """
    if part.conditions:
        raise InvalidArgumentError("Quotas belong to people; they cannot be filtered.", argument="filters")
    view = part.view
    labels = [each.label for each in quarters(view, part.period)]
    by_user: dict[str, list[Quota]] = {}
    for row in view.uow.all("quota"):
        if part.people is None or row.user_id in part.people:
            by_user.setdefault(row.user_id, []).append(row)
    by_team = part.by is not None and part.by.attribute.name == "team"
    teams = {user.id: user.team_id for user in view.uow.all("user")} if by_team else {}
    cells: Cells = {}
    for user_id, rows in by_user.items():
        amounts = [_amount_for(rows, label) for label in labels]
        known = [amount for amount in amounts if amount is not None]
        if not known:
            continue
        key = None
        if part.by is not None:
            key = teams.get(user_id) if by_team else user_id
        total = sum(known, Decimal(0))
        cells.setdefault(key, Cell()).add(Cell(n=1, sums={view.rates.base: total}))
    return cells


def quota_of(view: View, user_id: str, period: Period) -> Decimal | None:
    """The visible quota of one person for one quarter."""
    if "quotas" not in view.memo:
        by_user: dict[str, list[Quota]] = {}
        for row in view.uow.all("quota"):
            by_user.setdefault(row.user_id, []).append(row)
        view.memo["quotas"] = by_user
    return _amount_for(view.memo["quotas"].get(user_id, []), period.label)


def quarters(view: View, period: Period | None) -> Iterator[Period]:
    """The whole quarters of a period.

    Raises:
        InvalidArgumentError: it does not begin and end with a quarter.
    """
    day = period.start if period else view.today
    end = period.end if period else view.today
    while day <= end:
        quarter = unit_period("quarter", day, view.fiscal)
        if quarter is None or (period and (quarter.start != day or quarter.end > end)):
            raise InvalidArgumentError("Quotas are set by quarter; give a quarter or a year.", argument="period")
        yield quarter
        day = quarter.end + timedelta(days=1)


def _amount_for(rows: list[Quota], label: str) -> Decimal | None:
    by_period = {row.period.upper(): row.amount for row in rows}
    return by_period.get(label.upper(), by_period.get(ANY_QUARTER.upper()))
