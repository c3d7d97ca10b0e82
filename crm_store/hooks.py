"""Tables of webhooks: where changes are sent to, and who may send leads in. Secrets are readable, to sign."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from crm_store.base import UtcDateTime


class WebhookTarget(SQLModel, table=True):
    """An address that learns of changes, as the user who set it up sees them, in order, at least once.

    `topics` are like `deal.updated` or `deal.*`. `last_seq` is the last outbox entry that is done with.
    """

    __tablename__ = "webhook_target"
    id: str = Field(primary_key=True)
    url: str
    secret: str
    topics: list[str] = Field(default_factory=list, sa_type=JSON)
    user_id: str = Field(foreign_key="user_account.id")
    is_active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_seq: int = 0
    failures: int = 0
    last_result: str = ""
    due_at: datetime = Field(sa_type=UtcDateTime)


class WebhookSource(SQLModel, table=True):
    """Someone who may send leads in, signed; they are created on behalf of the user who set it up."""

    __tablename__ = "webhook_source"
    id: str = Field(primary_key=True)
    name: str
    secret: str
    region: str = ""
    user_id: str = Field(foreign_key="user_account.id")
    is_active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
