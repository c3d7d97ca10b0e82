"""What a chat channel keeps: installations, people, threads, linked rooms, deliveries, events seen, feedback.

A workspace is one installation at the channel's side (a Slack team, or an organisation). No row is shared
between workspaces; forgetting a workspace forgets all of them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from crm_store.base import UtcDateTime


class ChannelInstallation(SQLModel, table=True):
    """The tokens of one workspace, as the channel's library keeps them.

    While `renewing_until` lies ahead, one process is at work on a new token.
    """

    __tablename__ = "channel_installation"
    workspace: str = Field(primary_key=True)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    installed_at: datetime = Field(sa_type=UtcDateTime)
    renewing_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ChannelIdentity(SQLModel, table=True):
    """Who someone of a workspace is in the CRM, as an administrator has said."""

    __tablename__ = "channel_identity"
    workspace: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="user_account.id")
    mapped_by: str = ""
    mapped_at: datetime = Field(sa_type=UtcDateTime)


class ChannelThread(SQLModel, table=True):
    """A thread in which the agent takes part; `stops` counts how often someone has stopped its turns."""

    __tablename__ = "channel_thread"
    workspace: str = Field(primary_key=True)
    room: str = Field(primary_key=True)
    thread: str = Field(primary_key=True)
    engaged_at: datetime = Field(sa_type=UtcDateTime)
    stops: int = 0


class ChannelRoom(SQLModel, table=True):
    """A room that belongs to an account or a deal: what is said there is about that record."""

    __tablename__ = "channel_room"
    workspace: str = Field(primary_key=True)
    room: str = Field(primary_key=True)
    kind: str
    record_id: str
    linked_by: str
    linked_at: datetime = Field(sa_type=UtcDateTime)


class ChannelDelivery(SQLModel, table=True):
    """A message of ours on its way: once `status` is "done", it is never sent again.

    `message` is its id at the channel, as soon as that is known; `turn_id` the turn that it answers. While
    `owned_until` lies ahead, only the process `owner` may send.
    """

    __tablename__ = "channel_delivery"
    key: str = Field(primary_key=True)
    workspace: str = Field(index=True)
    room: str
    thread: str = ""
    message: str = ""
    status: str = "open"
    turn_id: str = Field(default="", index=True)
    user_id: str = ""
    owner: str = ""
    owned_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class ChannelSeen(SQLModel, table=True):
    """An event that was taken in, or a state of an installation that is under way, by its key."""

    __tablename__ = "channel_seen"
    key: str = Field(primary_key=True)
    workspace: str = Field(default="", index=True)
    seen_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ChannelFeedback(SQLModel, table=True):
    """What someone thought of a reply; `reason` in their words."""

    __tablename__ = "channel_feedback"
    id: str = Field(primary_key=True)
    workspace: str = Field(index=True)
    turn_id: str = Field(index=True)
    user_id: str
    rating: str
    reason: str = ""
    given_at: datetime = Field(sa_type=UtcDateTime)
