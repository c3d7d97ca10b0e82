"""Pages of records in a fixed order: each goes on after the last row of the one before, whatever was added."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, false, null, or_, select, type_coerce

from core.errors import InvalidArgumentError
from crm_store.query import Attribute, worth
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Order:
    """By which attribute a list is sorted; None: by name. Empty values come last."""

    by: Attribute | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some records in order with the values of further attributes, and the cursor of the next page (or empty)."""

    rows: Sequence[tuple[Any, tuple[Any, ...]]]
    next: str


@dataclass(frozen=True, slots=True)
class _Key:
    expression: Any
    descending: bool = False


def page_of(
    uow: UnitOfWork,
    kind: str,
    where: Sequence[ColumnElement[bool]],
    *,
    order: Order = Order(),
    after: str = "",
    limit: int = 50,
    rates: Mapping[str, Decimal] | None = None,
    also: Sequence[Attribute] = (),
) -> RecordPage:
    """A page of visible records that fulfil the conditions; `also` gives values beside each.

    Raises:
        InvalidArgumentError: `after` is no cursor of a list in this order.
    """
    model: Any = NOUNS[kind].model
    keys = _keys(kind, order, rates or {})
    mark = f"{kind}:{order.by.name if order.by else ''}:{order.descending}"
    later = [_after(keys, _read(after, mark, len(keys)))] if after else []
    found = uow.session.execute(
        select(model, *(key.expression for key in keys), *(each.expression for each in also))
        .where(*where, *later)
        .order_by(*(key.expression.desc() if key.descending else key.expression.asc() for key in keys))
        .limit(limit + 1)
    ).all()
    shown = found[:limit]
    cursor = _write(mark, shown[-1][1 : 1 + len(keys)]) if len(found) > limit else ""
    return RecordPage([(row[0], tuple(row[1 + len(keys) :])) for row in shown], cursor)


def _keys(kind: str, order: Order, rates: Mapping[str, Decimal]) -> list[_Key]:
    noun = NOUNS[kind]
    model: Any = noun.model
    last = [_Key(getattr(model, noun.field(noun.name_field).column)), _Key(model.id)]
    if order.by is None:
        return last
    expression: Any = order.by.expression
    if order.by.currency is not None:
        expression = worth(expression, order.by.currency, rates)
    descending = order.descending is not order.by.age
    return [_Key(expression.is_(None)), _Key(expression, descending), *last]


def _after(keys: Sequence[_Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """Rows that come after the one with these key values; an empty value equals an empty one."""
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key, value in zip(keys, values, strict=True):
        if value is not None:
            typed = type_coerce(value, key.expression.type)
            ways.append(and_(*same, key.expression < typed if key.descending else key.expression > typed))
            same.append(key.expression == typed)
        else:
            same.append(key.expression.is_(null()))
    return or_(*ways) if ways else false()


def _write(mark: str, values: Sequence[Any]) -> str:
    text = json.dumps([mark, *(_plain(value) for value in values)], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, mark: str, number: int) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(found, list) or found[:1] != [mark] or len(found) != number + 1:
            raise ValueError(cursor)
        return [_typed(value) for value in found[1:]]
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise InvalidArgumentError(
            "This cursor is not of this list in this order; start from the first page.", argument="cursor"
        ) from error


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return {"n": str(value)} if isinstance(value, Decimal) else value


def _typed(value: Any) -> Any:
    if not isinstance(value, dict):
        if isinstance(value, list) or (isinstance(value, str) and "\x00" in value):
            raise ValueError(value)
        return value
    ((sort, text),) = value.items()
    readers: Mapping[str, Any] = {"t": datetime.fromisoformat, "d": date.fromisoformat, "n": Decimal}
    return readers[sort](text) if sort in readers else _refuse(sort)


def _refuse(sort: str) -> Any:
    raise ValueError(sort)
