"""The SQL of typed conditions."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from operator import ge, gt, le, lt
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, cast, false, func, not_, or_, select, true, type_coerce
from sqlalchemy.types import TypeDecorator

from crm_store.nouns import FieldType
from crm_store.query.attributes import Attribute, Condition, Limit, Op
from crm_store.references import link_columns
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork
from language.dates import Period

_COMPARISONS: Mapping[Op, Callable[[Any, Any], Any]] = {">": gt, ">=": ge, "<": lt, "<=": le}
_TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.CHOICE})
_CENT = Decimal("0.01")


class _IsoDate(TypeDecorator[date]):
    """A day of a custom field, which JSON keeps as text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Any) -> str | None:
        return None if value is None else value.isoformat()


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
