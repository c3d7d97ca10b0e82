"""Typed conditions over records as SQL: attributes, conditions, and the rows, counts and names they select.

Statements are built from ORM entities only, so the permission filter of the session applies to all of them,
subqueries included. Words are read elsewhere (`tools/filters.py`); here every value is typed.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from operator import ge, gt, le, lt
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    False_,
    Float,
    Numeric,
    String,
    and_,
    case,
    cast,
    false,
    func,
    not_,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.types import TypeDecorator

from crm_store.nouns import FieldSpec, FieldType, Label
from crm_store.record_names import names_of_many
from crm_store.references import link_columns
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork
from language.dates import Period

Op = Literal["=", "!=", ">", ">=", "<", "<=", "in", "has", "is_empty", "not_empty", "between"]
OwnClause = Callable[[UnitOfWork, Op, Sequence[Any]], ColumnElement[bool]]

_COMPARISONS: Mapping[Op, Callable[[Any, Any], Any]] = {">": gt, ">=": ge, "<": lt, "<=": le}
_TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.CHOICE})
_CENT = Decimal("0.01")


class _IsoDate(TypeDecorator[date]):
    """A day of a custom field, which JSON keeps as text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Any) -> str | None:
        return None if value is None else value.isoformat()


@dataclass(frozen=True, slots=True)
class Parent:
    """Where a value of another record is read: the column that names that record, its id, its column."""

    key: Any
    id: Any
    value: Any


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something records of a kind can be filtered, sorted and grouped by: a field, or what is derived from others.

    `expression` is its SQL; None for one that only filters, by `own_clause`. The value of an `age` is whole
    days since the time or day that its expression gives. `currency` is the column with an amount's currency;
    `parent` is where a value of another record is read.
    """

    name: str
    type: FieldType
    label: Label
    expression: Any = None
    ref: str = ""
    choices: tuple[str, ...] = ()
    age: bool = False
    currency: Any = None
    own_clause: OwnClause | None = None
    spec: FieldSpec | None = None
    parent: Parent | None = None

    @property
    def is_groupable(self) -> bool:
        """Whether each record has one value of it in SQL."""
        return self.expression is not None and self.type not in (FieldType.LIST, FieldType.REFS)

    @property
    def is_indexed_moment(self) -> bool:
        """Whether it is a time that an index is kept of."""
        columns = getattr(getattr(self.expression, "property", None), "columns", ())
        return self.type is FieldType.DATETIME and not self.age and any(each.index for each in columns)


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount to compare with, in each currency that rows may have."""

    by_currency: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: values are typed (texts, ids, numbers, booleans, periods, limits). `words` is for people."""

    attribute: Attribute
    op: Op
    values: tuple[Any, ...] = ()
    words: str = ""


def readable(uow: UnitOfWork, kind: str) -> bool:
    """Whether the asker may read records of a kind at all; if not, the kind does not exist for them."""
    noun = NOUNS[kind]
    return not isinstance(noun.read(uow.principal, noun.table), False_)


def sight(uow: UnitOfWork, kind: str) -> str:
    """What decides which records of a kind the asker sees: two people with the same text see the same ones."""
    noun = NOUNS[kind]
    rule = noun.read(uow.principal, noun.table)
    return str(rule.compile(compile_kwargs={"literal_binds": True}))


def attribute_of(kind: str, spec: FieldSpec) -> Attribute:
    """A field of a noun, or a custom one, as an attribute."""
    model: Any = NOUNS[kind].model
    expression = _custom_column(model, spec) if spec.custom else None
    if not spec.custom and spec.link is None:
        expression = getattr(model, spec.column)
    currency = getattr(model, "currency", None) if spec.type is FieldType.AMOUNT else None
    return Attribute(
        spec.name, spec.type, spec.label, expression, spec.ref, spec.choices, currency=currency, spec=spec
    )


def clause(uow: UnitOfWork, condition: Condition) -> ColumnElement[bool]:
    """The SQL of a condition."""
    attribute, op, values = condition.attribute, condition.op, condition.values
    if attribute.own_clause is not None:
        return attribute.own_clause(uow, op, values)
    if op == "is_empty":
        return _empty(attribute)
    if op == "not_empty":
        return not_(_empty(attribute))
    if op == "!=":
        return or_(not_(_positive(uow, attribute, "=", values)), _empty(attribute))
    return _positive(uow, attribute, "=" if op == "in" else op, values)


def clauses(uow: UnitOfWork, conditions: Iterable[Condition]) -> list[ColumnElement[bool]]:
    """The SQL of several conditions, all of which have to hold."""
    return [clause(uow, condition) for condition in conditions]


def day_start(uow: UnitOfWork, day: date) -> datetime:
    """The first moment of a calendar day of the asker, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(uow.principal.timezone)).astimezone(UTC)


def in_period(uow: UnitOfWork, expression: Any, period: Period, *, moment: bool) -> ColumnElement[bool]:
    """Rows whose day, or moment on the asker's calendar, lies in a period."""
    if not moment:
        return and_(expression >= period.start, expression <= period.end)
    after = day_start(uow, period.end + timedelta(days=1))
    return and_(expression >= day_start(uow, period.start), expression < after)


def names_of(uow: UnitOfWork, kind: str, ids: Iterable[str | None]) -> dict[str, str]:
    """Names of the visible records among `ids`, in one query for each thousand."""
    return names_of_many(uow, {kind: ids})


def distinct_values(uow: UnitOfWork, kind: str, attribute: Attribute, *where: Any) -> list[str]:
    """The different texts that an attribute has among the visible records."""
    model: Any = NOUNS[kind].model
    found = uow.session.scalars(
        select(attribute.expression).select_from(model).where(*where).distinct().limit(5000)
    )
    return sorted({str(value) for value in found if value})


def count_where(uow: UnitOfWork, kind: str, where: Sequence[ColumnElement[bool]] = ()) -> int:
    """How many visible records fulfil the conditions."""
    model: Any = NOUNS[kind].model
    return uow.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def order_of(attribute: Attribute, rates: Mapping[str, Decimal], *, descending: bool) -> list[ColumnElement[Any]]:
    """ORDER BY of an attribute: empty last, amounts by their worth in the base currency, longest age first when
    descending."""
    expression: Any = attribute.expression
    if attribute.currency is not None:
        expression = worth(expression, attribute.currency, rates)
    backwards = descending is not attribute.age
    return [expression.is_(None), expression.desc() if backwards else expression.asc()]


def worth(amount: Any, currency: Any, rates: Mapping[str, Decimal]) -> Any:
    """SQL for an amount in the base currency, for ordering only (a float)."""
    rate = case({code: float(rate) for code, rate in rates.items()}, value=currency, else_=1.0)
    return type_coerce(type_coerce(amount, BigInteger) * rate, Float)


def _positive(uow: UnitOfWork, attribute: Attribute, op: Op, values: Sequence[Any]) -> ColumnElement[bool]:
    if attribute.age:
        return or_(*(_age(uow, attribute, op, value) for value in values)) if values else false()
    if attribute.type in (FieldType.DATE, FieldType.DATETIME):
        return or_(*(_day(uow, attribute, op, value) for value in values)) if values else false()
    if attribute.type is FieldType.AMOUNT:
        return _amount(attribute, op, values)
    if attribute.type is FieldType.REFS:
        return _linked(attribute, values)
    if attribute.type is FieldType.LIST or op == "has":
        return or_(*(_has(attribute, str(value)) for value in values)) if values else false()
    return _compare(attribute, op, values)


def _compare(attribute: Attribute, op: Op, values: Sequence[Any]) -> ColumnElement[bool]:
    expression = attribute.expression
    if op == "between" and len(values) == 2:
        return and_(expression >= values[0], expression <= values[1])
    if op in (">", ">=", "<", "<="):
        return or_(*(_ordered(expression, op, value) for value in values)) if values else false()
    return expression.in_(list(values)) if values else false()


def _ordered(expression: Any, op: Op, value: Any) -> ColumnElement[bool]:
    return _COMPARISONS[op](expression, value)  # type: ignore[no-any-return]


def _day(uow: UnitOfWork, attribute: Attribute, op: Op, period: Period) -> ColumnElement[bool]:
    moment = attribute.type is FieldType.DATETIME
    expression = attribute.expression
    if attribute.spec is not None and attribute.spec.custom:
        expression = type_coerce(expression, _IsoDate)
    if op in ("=", "between", "has"):
        return in_period(uow, expression, period, moment=moment)
    edge = {">": period.end, "<=": period.end}.get(op, period.start)
    if not moment:
        return _ordered(expression, op, edge)
    if op in (">", "<="):
        return _ordered(expression, ">=" if op == ">" else "<", day_start(uow, edge + timedelta(days=1)))
    return _ordered(expression, op, day_start(uow, edge))


def _age(uow: UnitOfWork, attribute: Attribute, op: Op, days: int) -> ColumnElement[bool]:
    day = uow.today - timedelta(days=days)
    reverse: dict[Op, Op] = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
    return _day(uow, attribute, reverse.get(op, "="), Period(day, day, day.isoformat()))


def _amount(attribute: Attribute, op: Op, limits: Sequence[Limit]) -> ColumnElement[bool]:
    if op == "between" and len(limits) == 2:
        return and_(_against(attribute, ">=", limits[0]), _against(attribute, "<=", limits[1]))
    return or_(*(_against(attribute, op, limit) for limit in limits)) if limits else false()


def _against(attribute: Attribute, op: Op, limit: Limit) -> ColumnElement[bool]:
    """Amounts are whole cents, so a threshold rounded to the right side compares exactly."""
    branches = []
    for currency, amount in sorted(limit.by_currency.items()):
        rounding = ROUND_CEILING if op in (">=", "<") else ROUND_FLOOR
        edge = amount.quantize(_CENT, rounding)
        test = attribute.expression == edge if op == "=" else _ordered(attribute.expression, op, edge)
        branches.append(and_(attribute.currency == currency, test) if attribute.currency is not None else test)
    return or_(*branches) if branches else false()


def _linked(attribute: Attribute, ids: Sequence[str]) -> ColumnElement[bool]:
    if attribute.spec is None:
        return false()
    here, there = link_columns(attribute.spec)
    model: Any = next(noun.model for noun in NOUNS.values() if attribute.spec in noun.fields)
    return model.id.in_(select(here).where(there.in_(list(ids))))  # type: ignore[no-any-return]


def _has(attribute: Attribute, text: str) -> ColumnElement[bool]:
    expression = attribute.expression
    if attribute.type is FieldType.LIST:
        expression, text = cast(expression, String), json.dumps(text)[1:-1]
    return expression.ilike(f"%{_escaped(text)}%", escape="\\")  # type: ignore[no-any-return]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _empty(attribute: Attribute) -> ColumnElement[bool]:
    expression = attribute.expression
    if attribute.type is FieldType.REFS and attribute.spec is not None:
        here, _ = link_columns(attribute.spec)
        model: Any = next(noun.model for noun in NOUNS.values() if attribute.spec in noun.fields)
        return model.id.not_in(select(here))  # type: ignore[no-any-return]
    if attribute.type in _TEXTS:
        return func.coalesce(expression, "") == ""
    if attribute.type is FieldType.LIST:
        return cast(expression, String).in_(["[]", "null"])
    return expression.is_(None) if expression is not None else true()


def _custom_column(model: Any, spec: FieldSpec) -> Any:
    column = model.custom[spec.name]
    match spec.type:
        case FieldType.INTEGER:
            return column.as_integer()
        case FieldType.AMOUNT:
            return cast(column.as_string(), Numeric(20, 2))
        case FieldType.BOOLEAN:
            return column.as_boolean()
        case _:
            return column.as_string()
