"""Conversations, turns, messages and approvals: the agent's own state, in the same database."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from crm_store.base import UtcDateTime


class Conversation(SQLModel, table=True):
    """What one person and the agent say to each other in one place."""

    __tablename__ = "conversation"
    id: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="user_account.id", index=True)
    channel: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class TurnRow(SQLModel, table=True):
    """One message and its reply. The same `key` in one conversation is one turn, however often it arrives.

    While `lease_until` lies ahead, a process is at work on it.
    """

    __tablename__ = "turn"
    __table_args__ = (UniqueConstraint("conversation_id", "key"),)
    id: str = Field(primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    key: str
    user_id: str = Field(foreign_key="user_account.id", index=True)
    status: str = "running"
    started_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime = Field(sa_type=UtcDateTime)
    reply: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class MessageRow(SQLModel, table=True):
    """One message of a turn as the model sees it (human, assistant or tool), in order of `seq`."""

    __tablename__ = "message"
    seq: int | None = Field(default=None, primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    turn_id: str = Field(foreign_key="turn.id", index=True)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Approval(SQLModel, table=True):
    """A tool call whose effect waits for a yes; bound to the effect by its hash.

    `edits` are values that the person put in place of those of the call; `answered_by` is the user who said yes
    or no.
    """

    __tablename__ = "approval"
    id: str = Field(primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    turn_id: str = Field(foreign_key="turn.id", index=True)
    user_id: str = Field(foreign_key="user_account.id", index=True)
    effect_key: str
    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    effect_hash: str
    status: str = Field(default="pending", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    edits: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    answered_by: str = ""
