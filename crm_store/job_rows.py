"""The table of durable jobs; `crm_store/job_ledger.py` reads and writes it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from crm_store.base import UtcDateTime


class JobRow(SQLModel, table=True):
    """One job. `status` is "waiting", "done" or "failed"; `sent_at` is when the engine had it."""

    __tablename__ = "job"
    key: str = Field(primary_key=True)
    id: str = Field(unique=True)
    queue: str
    handler: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    partition: str = ""
    run_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status: str = Field(default="waiting", index=True)
    reason: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
