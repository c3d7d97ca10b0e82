"""Frozen daily figures per owner and per deal. Derived: never edited, only made."""

from datetime import date
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from crm_store.access import by_role, in_command, nobody
from crm_store.base import Record
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class Snapshot(Record, table=True):
    """The state of an owner's period, or of one deal, on a day."""

    __tablename__ = "snapshot"
    taken_on: date = Field(index=True)
    owner_id: str | None = Field(default=None, foreign_key="user_account.id", index=True)
    deal_id: str | None = Field(default=None, index=True)
    period: str = ""
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


SNAPSHOT = Noun(
    kind="snapshot",
    model=Snapshot,
    label=Label("snapshot", "快照"),
    fields=(
        FieldSpec("taken_on", FieldType.DATE, Label("day", "日期"), required=True),
        FieldSpec("owner", FieldType.REF, Label("owner", "负责人"), ref="user", csv="owner_email"),
        FieldSpec("deal_id", FieldType.TEXT, Label("deal", "商机")),
        FieldSpec("period", FieldType.TEXT, Label("period", "期间")),
    ),
    name_field="taken_on",
    read=by_role(rep=in_command("owner_id")),
    write=by_role(rep=nobody, admin=nobody),
)
