"""What was said in a person's conversations, and what of theirs waits for a yes. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm_store.conversations import Approval, Conversation, MessageRow, TurnRow
from crm_store.store import Store

_conversations: Any = Conversation.__table__  # type: ignore[attr-defined]
_turns: Any = TurnRow.__table__  # type: ignore[attr-defined]
_messages: Any = MessageRow.__table__  # type: ignore[attr-defined]
_approvals: Any = Approval.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Said:
    """A message with the reply that it got."""

    turn_id: str
    at: datetime
    text: str
    reply: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation in a list: its first message tells it from others."""

    id: str
    channel: str
    at: datetime
    first: str


def list_talks(store: Store, user_id: str, channels: tuple[str, ...], limit: int = 30) -> list[Talk]:
    """The conversations of a person, the one with the latest message first."""
    latest = func.max(_turns.c.started_at)
    query = (
        select(_conversations.c.id, _conversations.c.channel, latest, func.min(_turns.c.id))
        .join(_turns, _turns.c.conversation_id == _conversations.c.id)
        .where(_conversations.c.user_id == user_id, _conversations.c.channel.in_(channels))
        .group_by(_conversations.c.id, _conversations.c.channel)
        .order_by(latest.desc())
        .limit(limit)
    )
    with store.session() as session:
        rows = session.execute(query).all()
        words = _words(session, [first for *_, first in rows])
        return [Talk(row[0], row[1], row[2], words.get(row[3], "")) for row in rows]


def turns_of(store: Store, user_id: str, conversation_id: str, limit: int = 100) -> list[Said]:
    """The last finished turns of a conversation of this person, oldest first; none when it is someone else's."""
    query = (
        select(_turns.c.id, _turns.c.started_at, _turns.c.reply)
        .where(
            _turns.c.conversation_id == conversation_id,
            _turns.c.user_id == user_id,
            _turns.c.status == "done",
        )
        .order_by(_turns.c.id.desc())
        .limit(limit)
    )
    with store.session() as session:
        rows = session.execute(query).all()
        words = _words(session, [row[0] for row in rows])
        return [Said(row[0], row[1], words.get(row[0], ""), row[2]) for row in reversed(rows)]


def find_reply(store: Store, user_id: str, turn_id: str) -> dict[str, Any] | None:
    """The reply of a finished turn of this person, or None."""
    with store.session() as session:
        turn = session.get(TurnRow, turn_id)
        return turn.reply if turn is not None and turn.user_id == user_id and turn.status == "done" else None


def waiting_for(store: Store, user_id: str, now: datetime) -> list[tuple[Approval, dict[str, Any]]]:
    """What waits for a yes of this person, each with the reply of its turn; the newest first."""
    query = (
        select(Approval, _turns.c.reply)
        .join(_turns, _turns.c.id == _approvals.c.turn_id)
        .where(
            _approvals.c.user_id == user_id,
            _approvals.c.status == "pending",
            _approvals.c.expires_at > now,
        )
        .order_by(_approvals.c.created_at.desc())
    )
    with store.session() as session:
        return [(approval, reply) for approval, reply in session.execute(query)]


def _words(session: Any, turn_ids: list[str]) -> dict[str, str]:
    rows = session.execute(
        select(_messages.c.turn_id, _messages.c.payload)
        .where(_messages.c.turn_id.in_(turn_ids))
        .order_by(_messages.c.seq)
    )
    found: dict[str, str] = {}
    for turn_id, payload in rows:
        if payload.get("type") == "human":
            found.setdefault(turn_id, str(payload.get("content", "")))
    return found
