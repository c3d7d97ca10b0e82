"""Keeps what a chat channel has to remember; each write is its own durable transaction.

What is known of the messages that were sent is in `crm_store/channel_deliveries.py`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from core.ids import new_id
from crm_store.channel_deliveries import DeliveryNotes
from crm_store.channel_state import (
    ChannelDelivery,
    ChannelFeedback,
    ChannelIdentity,
    ChannelInstallation,
    ChannelRoom,
    ChannelSeen,
    ChannelThread,
)
from crm_store.conversations import Approval, Conversation, MessageRow, TurnRow
from crm_store.job_rows import JobRow

_OF_A_WORKSPACE: tuple[Any, ...] = (
    ChannelInstallation, ChannelIdentity, ChannelThread, ChannelRoom,
    ChannelDelivery, ChannelSeen, ChannelFeedback,
)  # fmt: skip
_conversations: Any = Conversation
_given: Any = ChannelFeedback
_installed: Any = ChannelInstallation
_jobs: Any = JobRow
_seen: Any = ChannelSeen


class ChannelLog(DeliveryNotes):
    """All reads and writes of the state of channels; the rows of one workspace are never seen by another."""

    # Events

    def remember(self, key: str, workspace: str = "") -> bool:
        """Notes that an event was taken in; False when it was before."""
        return self._insert(ChannelSeen(key=key, workspace=workspace, seen_at=self.now))

    def seen(self, key: str) -> bool:
        """Whether an event was taken in."""
        with self._session() as session:
            return session.get(ChannelSeen, key) is not None

    def consume(self, key: str, within: timedelta) -> bool:
        """Takes a note away again; says whether it was there and is not older than `within`."""
        with self._session(writes=True) as session:
            taken = delete(ChannelSeen).where(_seen.key == key).returning(_seen.seen_at)
            seen_at = session.scalars(taken).first()
            session.commit()
            return seen_at is not None and seen_at >= self.now - within

    def mark_changed(self, key: str, workspace: str) -> None:
        """Notes that something changed now, for all processes to see."""
        self._merge(ChannelSeen(key=key, workspace=workspace, seen_at=datetime.now(UTC)))

    def changed_at(self, key: str) -> datetime | None:
        """When `mark_changed` was called last with this key, of late."""
        with self._session() as session:
            found = session.get(ChannelSeen, key)
            return found.seen_at if found is not None else None

    def forget_events(self, older_than: timedelta) -> None:
        """Drops notes of events that are too old to come again."""
        limit = self.now - older_than
        with self._session(writes=True) as session:
            session.execute(delete(ChannelSeen).where(_seen.seen_at < limit))
            session.commit()

    # Threads

    def engage(self, workspace: str, room: str, thread: str) -> None:
        """Notes that the agent takes part in a thread."""
        self._insert(ChannelThread(workspace=workspace, room=room, thread=thread, engaged_at=self.now))

    def find_thread(self, workspace: str, room: str, thread: str) -> ChannelThread | None:
        """The thread, when the agent takes part in it."""
        with self._session() as session:
            return session.get(ChannelThread, (workspace, room, thread))

    def stop_thread(self, workspace: str, room: str, thread: str) -> None:
        """Ends every turn of the thread that is running now."""
        self.engage(workspace, room, thread)
        with self._session(writes=True) as session:
            found = session.get_one(ChannelThread, (workspace, room, thread))
            found.stops += 1
            session.add(found)
            session.commit()

    # Rooms

    def link_room(self, workspace: str, room: str, kind: str, record_id: str, linked_by: str) -> None:
        """Says which record a room belongs to; an earlier link is replaced."""
        row = ChannelRoom(
            workspace=workspace, room=room, kind=kind, record_id=record_id, linked_by=linked_by, linked_at=self.now
        )
        self._merge(row)

    def unlink_room(self, workspace: str, room: str) -> bool:
        """Takes the link of a room away; says whether there was one."""
        with self._session(writes=True) as session:
            found = session.get(ChannelRoom, (workspace, room))
            if found is not None:
                session.delete(found)
                session.commit()
            return found is not None

    def find_room(self, workspace: str, room: str) -> ChannelRoom | None:
        """The link of a room, if it has one."""
        with self._session() as session:
            return session.get(ChannelRoom, (workspace, room))

    # People

    def map_person(self, workspace: str, person: str, user_id: str, mapped_by: str) -> None:
        """Says who someone is in the CRM."""
        self._merge(
            ChannelIdentity(
                workspace=workspace, person=person, user_id=user_id, mapped_by=mapped_by, mapped_at=self.now
            )
        )

    def unmap_person(self, workspace: str, person: str) -> bool:
        """Takes a mapping away; says whether there was one."""
        with self._session(writes=True) as session:
            found = session.get(ChannelIdentity, (workspace, person))
            if found is not None:
                session.delete(found)
                session.commit()
            return found is not None

    def mapped(self, workspace: str, person: str) -> str | None:
        """The CRM user that someone was mapped to."""
        with self._session() as session:
            found = session.get(ChannelIdentity, (workspace, person))
            return found.user_id if found else None

    def mappings(self) -> Sequence[ChannelIdentity]:
        """All mappings."""
        with self._session() as session:
            return session.scalars(select(ChannelIdentity)).all()

    # Feedback

    def add_feedback(self, workspace: str, turn_id: str, user_id: str, rating: str, reason: str = "") -> str:
        """Keeps what someone thought of a reply; their later word replaces the earlier one. Gives its id."""
        with self._session(writes=True) as session:
            query = select(ChannelFeedback).where(_given.turn_id == turn_id, _given.user_id == user_id)
            row = session.scalars(query).first() or ChannelFeedback(
                id=new_id("fb"),
                workspace=workspace,
                turn_id=turn_id,
                user_id=user_id,
                rating="",
                given_at=self.now,
            )
            row.rating, row.reason, row.given_at = rating, reason or row.reason, self.now
            session.add(row)
            session.commit()
            return row.id

    def feedback(self, *, rating: str = "") -> Sequence[ChannelFeedback]:
        """All feedback, newest first."""
        with self._session() as session:
            query = select(ChannelFeedback).order_by(_given.given_at.desc())
            return session.scalars(query.where(_given.rating == rating) if rating else query).all()

    def find_feedback(self, feedback_id: str) -> ChannelFeedback | None:
        """The feedback of that id."""
        with self._session() as session:
            return session.get(ChannelFeedback, feedback_id)

    # Installations

    def save_installation(self, workspace: str, data: dict[str, Any]) -> None:
        """Keeps the tokens of a workspace; earlier ones are replaced."""
        self._merge(
            ChannelInstallation(workspace=workspace, data=data, installed_at=self.now, renewing_until=None)
        )

    def find_installation(self, workspace: str) -> dict[str, Any] | None:
        """The tokens of a workspace."""
        with self._session() as session:
            found = session.get(ChannelInstallation, workspace)
            return dict(found.data) if found else None

    def workspaces(self) -> list[str]:
        """All workspaces that are installed."""
        with self._session() as session:
            return list(session.scalars(select(_installed.workspace)))

    def claim_renewal(self, workspace: str, span: timedelta) -> bool:
        """Whether this process may renew the token of a workspace now; nobody else may for `span`."""
        table: Any = ChannelInstallation.__table__  # type: ignore[attr-defined]
        free = table.c.renewing_until.is_(None) | (table.c.renewing_until < self.now)
        with self._session(writes=True) as session:
            done: Any = session.execute(
                update(table).where(table.c.workspace == workspace, free).values(renewing_until=self.now + span)
            )
            session.commit()
            return bool(done.rowcount)

    def forget_workspace(self, workspace: str, conversations: str) -> None:
        """Wipes everything of a workspace: tokens, people, threads, deliveries, and its conversations.

        The ids of its conversations and the keys of its jobs begin with `conversations`. Changes of records stay
        in the audit trail.
        """
        with self._session(writes=True) as session:
            of_it = select(_conversations.id).where(_conversations.id.startswith(conversations, autoescape=True))
            owned: tuple[Any, ...] = (Approval, MessageRow, TurnRow)
            for model in owned:
                session.execute(delete(model).where(model.conversation_id.in_(of_it)))
            session.execute(delete(Conversation).where(_conversations.id.in_(of_it)))
            session.execute(delete(JobRow).where(_jobs.key.startswith(conversations, autoescape=True)))
            for model in _OF_A_WORKSPACE:
                session.execute(delete(model).where(model.workspace == workspace))
            session.commit()
