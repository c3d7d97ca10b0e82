"""Hygiene rules that a company made itself, as a filter over open deals; data, kept by administrators."""

from sqlalchemy import JSON
from sqlmodel import Field

from crm_store.access import by_role, everyone
from crm_store.base import Record
from crm_store.nouns import FieldSpec, FieldType, Label, Noun
from crm_store.principals import Role

_NOT_ADMIN = frozenset({Role.REP, Role.MANAGER, Role.SUPPORT, Role.MARKETER})


class OwnRule(Record, table=True):
    """A rule fires on open deals that fulfil all `conditions`, such as "amount > 100k"; `fix` is what to do then.

    Names in conditions are kept as ids, days as they were written, so that "today" stays today.
    """

    __tablename__ = "own_rule"
    name: str = Field(unique=True)
    fix: str = ""
    conditions: list[str] = Field(default_factory=list, sa_type=JSON)
    is_on: bool = True


OWN_RULE = Noun(
    kind="own_rule",
    model=OwnRule,
    label=Label("rule of the company's own", "自定义规则"),
    fields=(
        FieldSpec("name", FieldType.TEXT, Label("name", "名称"), required=True),
        FieldSpec("fix", FieldType.TEXT, Label("how to fix it", "处理方法"), required=True),
        # They may speak of fields that others must not know of.
        FieldSpec(
            "conditions", FieldType.LIST, Label("conditions", "条件"), required=True, hidden_from=_NOT_ADMIN
        ),
        FieldSpec("is_on", FieldType.BOOLEAN, Label("on", "启用")),
    ),
    csv="own_rules.csv",
    read=everyone,
    write=by_role(),
)
