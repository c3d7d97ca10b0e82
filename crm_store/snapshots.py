"""Frozen days: figures of owners and periods, and what each deal was. Derived, never edited.

Rows of deals belong to no one by themselves: they are read joined to their deals, so that the permission filter
of the deals applies and a deleted deal is gone from the past as well.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from crm_store.access import by_role, in_command, nobody
from crm_store.base import Record, ScaledDecimal, UtcDateTime
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class Snapshot(Record, table=True):
    """An owner's period as it stood when a day began; `figures` are in the base currency, as texts."""

    __tablename__ = "snapshot"
    taken_on: date = Field(index=True)
    owner_id: str | None = Field(default=None, foreign_key="user_account.id", index=True)
    period: str = ""
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class DealSnapshot(SQLModel, table=True):
    """What a deal was when each of the days from `since_on` to before `until_on` began (UTC); None: up to now.

    `is_known` is false for days before its first entry in the audit: then only the stage is of that day, the other
    fields are the first that were recorded.
    """

    __tablename__ = "deal_snapshot"
    __table_args__ = (
        Index("ix_deal_snapshot_due", "close_date", "since_on", "until_on"),
        Index("ix_deal_snapshot_known", "is_known", "since_on", "until_on"),
    )
    seq: int | None = Field(default=None, primary_key=True)
    deal_id: str = Field(index=True)
    since_on: date = Field(index=True)
    until_on: date | None = Field(default=None, index=True)
    owner_id: str | None = None
    stage_id: str
    amount: Decimal | None = Field(default=None, sa_type=ScaledDecimal(2))
    currency: str = "USD"
    close_date: date | None = None
    forecast_category: str = "pipeline"
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_known: bool = True


class SnapshotRun(SQLModel, table=True):
    """A day whose snapshot was taken; all days up to the newest one are frozen."""

    __tablename__ = "snapshot_run"
    day: date = Field(primary_key=True)
    made_at: datetime = Field(sa_type=UtcDateTime)


SNAPSHOT = Noun(
    kind="snapshot",
    model=Snapshot,
    label=Label("snapshot", "快照"),
    fields=(
        FieldSpec("taken_on", FieldType.DATE, Label("day", "日期"), required=True),
        FieldSpec("owner", FieldType.REF, Label("owner", "负责人"), ref="user", csv="owner_email"),
        FieldSpec("period", FieldType.TEXT, Label("period", "期间")),
    ),
    name_field="taken_on",
    read=by_role(rep=in_command("owner_id")),
    write=by_role(rep=nobody, admin=nobody),
)
