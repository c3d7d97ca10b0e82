"""From a slice of the records to sums, counts and lists of numbers: the terms that metrics are made of.

A term is a function from a slice to one cell a group. What is combined to which metric is in `analytics/metrics/`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import ColumnElement, func, select, type_coerce

from analytics.attributes import attribute
from analytics.listing import settle_amounts
from analytics.view import View
from core.clock import local_date
from crm_store.base import ScaledDecimal
from crm_store.nouns import FieldType
from crm_store.query import Attribute, Condition, Parent, clauses, in_period
from crm_store.schema import NOUNS
from crm_store.stages import Stage
from language.dates import FiscalCalendar, Period
from language.dates.calendar import unit_period, units_between

# Whose a record is, by kind.
OWNER_COLUMNS = {
    "account": "owner_id", "deal": "owner_id", "lead": "owner_id", "task": "assignee_id", "ticket": "assignee_id",
    "interaction": "owner_id", "quota": "user_id",
}  # fmt: skip

# Periods from which on they are no longer counted one by one.
MOST_PERIODS = 200

Where = Callable[[View], Sequence[ColumnElement[bool]]]
_STAGE: Any = Stage


@dataclass(frozen=True, slots=True)
class Grouping:
    """By what figures are broken down; a day or time is put into weeks, months, quarters or years."""

    attribute: Attribute
    unit: str = ""

    def key(self, view: View, value: Any) -> Any:
        """The group that a value belongs to."""
        if self.unit and value is not None:
            day = local_date(value, view.timezone) if isinstance(value, datetime) else value
            return _period_of(self.unit, day, view.fiscal)
        return value


@dataclass(frozen=True, slots=True)
class Slice:
    """Which records count: whose (None: everyone's that are visible), when, under which conditions, by what."""

    view: View
    people: frozenset[str] | None = None
    period: Period | None = None
    conditions: tuple[Condition, ...] = ()
    by: Grouping | None = None

    def without(self, *names: str) -> "Slice":
        """The slice without conditions on these attributes."""
        rest = tuple(each for each in self.conditions if each.attribute.name not in names)
        return replace(self, conditions=rest)


@dataclass
class Cell:
    """What a term found in one group: sums by currency, counted records, those without a value, single numbers.

    `members` are the ids of what is counted where one may stand in several groups; it counts once in the whole.
    """

    n: int = 0
    missing: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    values: list[float] = field(default_factory=list)
    members: set[str] = field(default_factory=set)

    def add(self, other: "Cell") -> None:
        """Takes another cell in."""
        self.n += other.n
        if other.members:
            self.members |= other.members
            self.n = len(self.members)
        self.missing += other.missing
        self.values += other.values
        for currency, amount in other.sums.items():
            self.sums[currency] = self.sums.get(currency, Decimal(0)) + amount


Cells = dict[Any, Cell]


class Term(Protocol):
    """Measures a slice; the key of a cell is its group, None where nothing is grouped."""

    def __call__(self, part: Slice) -> Cells:
        """One cell for each group with records."""
        ...


@dataclass(frozen=True, slots=True)
class Count:
    """How many records of a kind fulfil `where`; the period bounds the attribute `when`."""

    kind: str
    where: Where | None = None
    when: str = ""

    def __call__(self, part: Slice) -> Cells:
        """Counts, one cell a group."""
        by = part.by
        if by is not None and by.unit and by.attribute.is_indexed_moment:
            periods = self._periods(part, by)
            if len(periods) < MOST_PERIODS:
                return self._by_period(part, by, periods)
        if by is not None and by.attribute.parent is not None:
            return self._by_parent(part, by.attribute.parent)
        rows = _grouped(part, self.kind, self.where, self.when, (func.count(),))
        return _folded(part, ((key, Cell(n=number)) for key, number in rows))

    def _periods(self, part: Slice, by: Grouping) -> Sequence[Period]:
        """The periods from the first record to the last one, or as many of them as are too many."""
        first, last = (self._one(part, edge(by.attribute.expression)) for edge in (func.min, func.max))
        between = _periods_between(part, by.unit, first, last) if first is not None else iter(())
        return list(islice(between, MOST_PERIODS))

    def _by_period(self, part: Slice, by: Grouping, periods: Iterable[Period]) -> Cells:
        """One count in the index a period: far faster than to put each of many moments into its period."""
        moment = by.attribute.expression
        inside: dict[str | None, int] = {
            each.label: self._one(part, func.count(), in_period(part.view.uow, moment, each, moment=True))
            for each in periods
        }
        without = self._one(part, func.count(), moment.is_(None))
        return {key: Cell(n=number) for key, number in {**inside, None: without}.items() if number}

    def _one(self, part: Slice, wanted: Any, *more: ColumnElement[bool]) -> Any:
        model: Any = NOUNS[self.kind].model
        where = filtered(part, self.kind, self.where, self.when)
        return part.view.uow.session.scalar(select(wanted).select_from(model).where(*where, *more))

    def _by_parent(self, part: Slice, parent: Parent) -> Cells:
        """Counts by parent, each then put under the parent's value: one look at a parent instead of one a record."""
        rows = _grouped(part, self.kind, self.where, self.when, (func.count(),), by=parent.key)
        values: dict[Any, Any] = dict(part.view.uow.session.execute(select(parent.id, parent.value)).all())
        return _folded(part, ((values.get(key), Cell(n=number)) for key, number in rows))


@dataclass(frozen=True, slots=True)
class Sum:
    """Sum of the amounts of deals, each in its currency; weighted by stage probability where asked."""

    where: Where
    when: str = ""
    weighted: bool = False
    kind: str = "deal"

    def __call__(self, part: Slice) -> Cells:
        """Sums by currency, one cell a group."""
        model: Any = NOUNS[self.kind].model
        total: Any = func.sum(model.amount)
        if self.weighted:
            chance = select(_STAGE.probability).where(_STAGE.id == model.stage_id).scalar_subquery()
            total = type_coerce(func.sum(model.amount * chance), ScaledDecimal(4))
        columns = (model.currency, total, func.count(model.id), func.count(model.amount))
        rows = _grouped(part, self.kind, self.where, self.when, columns, more=(model.currency,))
        return _folded(part, (_sum_cell(row) for row in rows))


@dataclass(frozen=True, slots=True)
class Numbers:
    """One number a record, for medians and means: `read` makes it of the values of `columns`, or None."""

    kind: str
    columns: Callable[[View], Sequence[Any]]
    read: Callable[..., float | None]
    where: Where | None = None
    when: str = ""

    def __call__(self, part: Slice) -> Cells:
        """The numbers, one cell a group."""
        rows = _rows(part, self.kind, self.where, self.when, self.columns(part.view))
        return _folded(part, (self._cell(row) for row in rows))

    def _cell(self, row: Sequence[Any]) -> tuple[Any, Cell]:
        number = self.read(*row[1:])
        return row[0], Cell(n=1, missing=1) if number is None else Cell(n=1, values=[number])


def filtered(part: Slice, kind: str, where: Where | None, when: str) -> list[ColumnElement[bool]]:
    """The SQL conditions of a slice over a kind of record."""
    view = part.view
    model: Any = NOUNS[kind].model
    conditions = list(where(view)) if where else []
    if part.people is not None and kind in OWNER_COLUMNS:
        conditions.append(getattr(model, OWNER_COLUMNS[kind]).in_(sorted(part.people)))
    if part.period is not None and when:
        bounded = attribute(view.uow, kind, when)
        moment = bounded.type is FieldType.DATETIME
        conditions.append(in_period(view.uow, bounded.expression, part.period, moment=moment))
    settled, _ = settle_amounts(view, kind, part.conditions)
    return conditions + clauses(view.uow, settled)


def days_between(start: datetime | None, end: datetime | None) -> float | None:
    """Days from one moment to another; None when one is missing."""
    return None if start is None or end is None else (end - start).total_seconds() / 86400


def _group_column(part: Slice) -> Any:
    return part.by.attribute.expression if part.by is not None else None


def _grouped(
    part: Slice,
    kind: str,
    where: Where | None,
    when: str,
    columns: Sequence[Any],
    more: Sequence[Any] = (),
    by: Any = None,
) -> Iterable[Sequence[Any]]:
    model: Any = NOUNS[kind].model
    by = by if by is not None else _group_column(part)
    conditions = filtered(part, kind, where, when)
    if by is None:
        statement = select(*columns).select_from(model).where(*conditions)
        statement = statement.group_by(*more) if more else statement
        return [(None, *row) for row in part.view.uow.session.execute(statement)]
    statement = select(by, *columns).select_from(model).where(*conditions).group_by(by, *more)
    return [tuple(row) for row in part.view.uow.session.execute(statement)]


def _rows(
    part: Slice, kind: str, where: Where | None, when: str, columns: Sequence[Any]
) -> Iterable[Sequence[Any]]:
    model: Any = NOUNS[kind].model
    by = _group_column(part)
    conditions = filtered(part, kind, where, when)
    chosen = columns if by is None else (by, *columns)
    found = part.view.uow.session.execute(select(*chosen).select_from(model).where(*conditions))
    return [(None, *row) for row in found] if by is None else [tuple(row) for row in found]


def _sum_cell(row: Sequence[Any]) -> tuple[Any, Cell]:
    key, currency, total, number, with_amount = row
    sums = {currency: Decimal(total)} if with_amount else {}
    return key, Cell(n=number, missing=number - with_amount, sums=sums)


def _folded(part: Slice, pairs: Iterable[tuple[Any, Cell]]) -> Cells:
    cells: Cells = {}
    for raw, cell in pairs:
        key = part.by.key(part.view, raw) if part.by is not None else None
        cells.setdefault(key, Cell()).add(cell)
    return cells


def _periods_between(part: Slice, unit: str, first: datetime, last: datetime) -> Iterator[Period]:
    """The weeks, months, quarters or years from one moment to another."""
    view = part.view
    day, end = (local_date(moment, view.timezone) for moment in (first, last))
    return units_between(unit, day, end, view.fiscal)


def _period_of(unit: str, day: date, fiscal: FiscalCalendar) -> str:
    period = unit_period(unit, day, fiscal)
    return period.label if period else day.isoformat()
