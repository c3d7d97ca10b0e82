"""What a noun and its fields are: the one declaration that import, export, filters, audit and tools read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table

from crm_store.base import Record
from crm_store.principals import Principal, Role

if TYPE_CHECKING:
    from crm_store.unit_of_work import UnitOfWork

Values = dict[str, Any]
Access = Callable[[Principal, Table], ColumnElement[bool]]


class FieldType(StrEnum):
    """What a field holds. A REF holds one record's id, REFS a tuple of ids, LIST a list of texts."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    AMOUNT = "amount"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    REF = "ref"
    REFS = "refs"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages."""

    en: str
    zh: str

    def of(self, language: str) -> str:
        """The name in `language` (`en` or `zh`)."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a noun.

    `name` is what tools, filters and people call it; `attr` is the model's attribute (a custom field has
    none); `csv` is its column in files. A hidden field is absent for the roles in `hidden_from`. A
    `follows` field is set by rules from other fields. A `timed` moment is shown with its time of day.
    """

    name: str
    type: FieldType
    label: Label
    attr: str = ""
    csv: str = ""
    ref: str = ""
    link: Any = None
    choices: tuple[str, ...] = ()
    required: bool = False
    follows: bool = False
    timed: bool = False
    custom: bool = False
    hidden_from: frozenset[Role] = frozenset()

    @property
    def column(self) -> str:
        """Attribute of the model that holds the value."""
        return self.attr or (f"{self.name}_id" if self.type is FieldType.REF else self.name)

    @property
    def header(self) -> str:
        """Column name in CSV files."""
        return self.csv or self.name

    def visible_to(self, principal: Principal) -> bool:
        """Whether someone may see that the field exists."""
        return principal.role not in self.hidden_from


def _keep(uow: "UnitOfWork", record: Record | None, values: Values) -> Values:
    return values


def _nothing(uow: "UnitOfWork", record: Record, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of record: its table, fields, names, and who may read and write a row.

    `complete` holds the business rules that run before a change: it adds the values that follow from it,
    or refuses. `follow` runs after a change and creates the rows that go with it. `part_of` names the
    field that points to the record this one is a part of (it is deleted together with that one).
    """

    kind: str
    model: type[Record]
    label: Label
    fields: tuple[FieldSpec, ...]
    read: Access
    write: Access
    name_field: str = "name"
    csv: str = ""
    part_of: str = ""
    complete: Callable[["UnitOfWork", Record | None, Values], Values] = _keep
    follow: Callable[["UnitOfWork", Record, Mapping[str, Any], Mapping[str, Any]], None] = _nothing
    _by_name: dict[str, FieldSpec] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_name.update({spec.name: spec for spec in self.fields})

    @property
    def table(self) -> Table:
        """The noun's table."""
        table: Table = self.model.__table__  # type: ignore[attr-defined]
        return table

    def field(self, name: str) -> FieldSpec:
        """The built-in field of that name; KeyError for an unknown one is a programming mistake."""
        return self._by_name[name]
