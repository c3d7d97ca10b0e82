"""The journal of the store: audit trail, outbox and effect ledger. Written only by the unit of work."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from crm_store.base import UtcDateTime


class AuditEntry(SQLModel, table=True):
    """One change of one record: who, through what, because of what, before and after.

    `before` and `after` hold the changed fields by name (all fields for a created or deleted record);
    `version` is the record's version after the change. Entries of one unit of work share `effect_id`.
    `undoes` and `undone_by` name effects.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_changes", "kind", "action", "record_id"),)
    seq: int | None = Field(default=None, primary_key=True)
    effect_id: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor_id: str | None = Field(default=None, index=True)
    channel: str = ""
    conversation_id: str = Field(default="", index=True)
    turn_id: str = Field(default="", index=True)
    cause: str = ""
    action: str
    kind: str
    record_id: str = Field(index=True)
    record_name: str = ""
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    version: int
    undoes: str = Field(default="", index=True)
    undone_by: str = ""


class OutboxEntry(SQLModel, table=True):
    """Something that others have to learn after the commit (memory, channels). Delivered at least once."""

    __tablename__ = "outbox_entry"
    seq: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    topic: str = Field(index=True)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    status: str = Field(default="waiting", index=True)
    attempts: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Effect(SQLModel, table=True):
    """The ledger: a key that has had its effect, with the result it gave."""

    __tablename__ = "effect"
    key: str = Field(primary_key=True)
    effect_id: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    result: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Counter(SQLModel, table=True):
    """The next free number of a numbered noun."""

    __tablename__ = "counter"
    name: str = Field(primary_key=True)
    next: int
