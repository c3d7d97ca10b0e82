"""What the visible rows of a kind are: whether there are any for the asker, how many, their names, values, order."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, False_, Float, case, func, select, type_coerce

from crm_store.query.attributes import Attribute
from crm_store.record_names import names_of_many
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork


def readable(uow: UnitOfWork, kind: str) -> bool:
    """Whether the asker may read records of a kind at all; if not, the kind does not exist for them."""
    noun = NOUNS[kind]
    return not isinstance(noun.read(uow.principal, noun.table), False_)


def sight(uow: UnitOfWork, kind: str) -> str:
    """What decides which records of a kind the asker sees: two people with the same text see the same ones."""
    noun = NOUNS[kind]
    rule = noun.read(uow.principal, noun.table)
    return str(rule.compile(compile_kwargs={"literal_binds": True}))


def count_where(uow: UnitOfWork, kind: str, where: Sequence[ColumnElement[bool]] = ()) -> int:
    """How many visible records fulfil the conditions."""
    model: Any = NOUNS[kind].model
    return uow.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def distinct_values(uow: UnitOfWork, kind: str, attribute: Attribute, *where: Any) -> list[str]:
    """The different texts that an attribute has among the visible records."""
    model: Any = NOUNS[kind].model
    found = uow.session.scalars(
        select(attribute.expression).select_from(model).where(*where).distinct().limit(5000)
    )
    return sorted({str(value) for value in found if value})


def names_of(uow: UnitOfWork, kind: str, ids: Iterable[str | None]) -> dict[str, str]:
    """Names of the visible records among `ids`, in one query for each thousand."""
    return names_of_many(uow, {kind: ids})


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
