"""What records can be filtered, sorted and grouped by, and typed conditions on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Numeric, cast

from crm_store.nouns import FieldSpec, FieldType, Label
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork

Op = Literal["=", "!=", ">", ">=", "<", "<=", "in", "has", "is_empty", "not_empty", "between"]
OwnClause = Callable[[UnitOfWork, Op, Sequence[Any]], ColumnElement[bool]]


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
