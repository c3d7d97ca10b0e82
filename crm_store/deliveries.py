"""Tables of what is sent to people: one row a delivery under its business key, and how far was planned."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from crm_store.base import UtcDateTime


class Delivery(SQLModel, table=True):
    """One briefing, reminder or notice to one person.

    `key` says what it is (person, schedule and local date; or task and time), so it exists once. `status` is
    "waiting", "sending" (handed to the channel, outcome not known yet), "sent", "skipped", "failed" or
    "cancelled"; `content` is what is sent, fixed when it is first composed.
    """

    __tablename__ = "delivery"
    key: str = Field(primary_key=True)
    user_id: str = Field(index=True)
    kind: str
    subject_id: str = ""
    channel: str
    due_at: datetime = Field(sa_type=UtcDateTime)
    next_try_at: datetime = Field(sa_type=UtcDateTime)
    status: str = Field(default="waiting", index=True)
    attempts: int = 0
    is_late: bool = False
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    provider_ref: str = ""
    reason: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ClockMark(SQLModel, table=True):
    """Up to which moment something was planned; so what fell due while nobody looked is found."""

    __tablename__ = "clock_mark"
    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
