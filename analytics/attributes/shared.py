"""Pieces that derived attributes of several kinds are made of: parents' fields, teams, latest interactions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, not_, or_, select

from crm_store.accounts import Account
from crm_store.interactions import Interaction
from crm_store.nouns import FieldType, Label
from crm_store.query import Attribute, Op, OwnClause, Parent
from crm_store.unit_of_work import UnitOfWork
from crm_store.users import User

ACCOUNT_FIELDS = ("industry", "country", "segment")


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived attribute, and the fields of its kind that one has to see for it to exist."""

    attribute: Attribute
    needs: tuple[str, ...] = ()


def parent_value(parent: Any, column: str, foreign_key: Any) -> Any:
    """SQL for a column of the record that a foreign key points to, if that one is visible."""
    return select(getattr(parent, column)).where(parent.id == foreign_key).scalar_subquery()


def of_parent(
    name: str, label: Label, parent: Any, foreign_key: Any, type: FieldType = FieldType.TEXT, ref: str = ""
) -> Derived:
    """An attribute that is the field of that name of the record that a foreign key points to."""
    column = f"{name}_id" if ref else name
    place = Parent(foreign_key, parent.id, getattr(parent, column))
    return Derived(Attribute(name, type, label, parent_value(parent, column, foreign_key), ref=ref, parent=place))


def account_attributes(account_id: Any) -> list[Derived]:
    """Industry, country and segment of the account that a record belongs to."""
    labels = {
        "industry": Label("industry", "行业"),
        "country": Label("country", "国家"),
        "segment": Label("segment", "规模分类"),
    }
    return [of_parent(name, labels[name], Account, account_id) for name in ACCOUNT_FIELDS]


def team_attribute(user_id: Any) -> Derived:
    """The team of the person that a record belongs to."""
    return of_parent("team", Label("team", "团队"), User, user_id, FieldType.REF, ref="team")


def activity_attributes(latest: Any, created_at: Any, heard: Any = None) -> list[Derived]:
    """Day of the latest interaction, and the days since that one, or since the last time that one `heard` of them.

    Where there is none, since the record was created.
    """
    silence = Label("days silent", "未联系天数")
    if heard is not None:
        silence = Label("days without two-way contact", "无双向互动天数")
    since = func.coalesce(latest if heard is None else heard, created_at)
    return [
        Derived(Attribute("last_activity", FieldType.DATETIME, Label("last activity", "最近互动"), latest)),
        Derived(Attribute("days_silent", FieldType.DATETIME, silence, since, age=True)),
    ]


def latest_interaction(*where: Any) -> Any:
    """SQL for the time of the latest visible interaction that fulfils the conditions."""
    return select(func.max(Interaction.occurred_at)).where(*where).scalar_subquery()


def count_of(model: Any, *where: Any) -> Any:
    """SQL for the number of visible records of a model that fulfil the conditions."""
    return select(func.count(model.id)).where(*where).scalar_subquery()


def flag(name: str, label: Label, condition: ColumnElement[bool]) -> Attribute:
    """A yes-or-no attribute that is true where a condition holds."""
    return Attribute(name, FieldType.BOOLEAN, label, case((condition, True), else_=False))


def age(name: str, label: Label, since: Any, *, moment: bool = True) -> Attribute:
    """Whole days since a time or a day."""
    return Attribute(name, FieldType.DATETIME if moment else FieldType.DATE, label, since, age=True)


def among(found: Callable[[UnitOfWork, Sequence[Any]], Any], any_at_all: Callable[[UnitOfWork], Any]) -> OwnClause:
    """A filter by a set of related records: `found` gives the condition for values, `any_at_all` for any value."""

    def own_clause(uow: UnitOfWork, op: Op, values: Sequence[Any]) -> ColumnElement[bool]:
        if op in ("is_empty", "not_empty"):
            present: ColumnElement[bool] = any_at_all(uow)
            return not_(present) if op == "is_empty" else present
        match: ColumnElement[bool] = found(uow, values)
        return not_(match) if op == "!=" else match

    return own_clause


def texts_contain(columns: Sequence[Any], words: Sequence[str]) -> ColumnElement[bool]:
    """Whether one of the words stands in one of the columns, in any case."""
    return or_(*(column.icontains(word, autoescape=True) for word in words for column in columns))
