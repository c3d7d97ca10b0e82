"""Keeps conversations: turns with their messages and replies, and approvals with their one answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import PersonFixableError
from core.ids import new_id
from crm_store.conversations import Approval, Conversation, MessageRow, TurnRow
from crm_store.store import Store

# How long a turn belongs to the process that last wrote to it; longer than any single model call.
LEASE = timedelta(seconds=120)

Payload = dict[str, Any]

_turns: Any = TurnRow.__table__  # type: ignore[attr-defined]
_messages: Any = MessageRow.__table__  # type: ignore[attr-defined]
_approvals: Any = Approval.__table__  # type: ignore[attr-defined]


class UnknownConversationError(PersonFixableError):
    """There is no such conversation of this person."""


class TurnBusyError(PersonFixableError):
    """The same message is being worked on by another process right now."""


@dataclass(frozen=True, slots=True)
class ProposedCall:
    """A tool call that waits for a yes."""

    conversation_id: str
    turn_id: str
    user_id: str
    effect_key: str
    tool: str
    arguments: Payload
    effect_hash: str
    edits: tuple[Payload, ...] = ()


class ConversationLog:
    """All reads and writes of conversation state; each write is its own durable transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin_turn(self, user_id: str, channel: str, conversation_id: str, key: str, text: str) -> TurnRow:
        """Starts a turn with its human message, or finds the one that the same key started before.

        Raises:
            UnknownConversationError: the conversation belongs to someone else.
            TurnBusyError: another process is at work on the same message.
        """
        try:
            return self._begin(user_id, channel, conversation_id, key, text)
        except IntegrityError:
            # Another process has begun it, or its conversation, at the same moment: now it is found.
            return self._begin(user_id, channel, conversation_id, key, text)

    def _begin(self, user_id: str, channel: str, conversation_id: str, key: str, text: str) -> TurnRow:
        now = self._store.clock.now()
        with self._session(writes=True) as session:
            conversation = session.get(Conversation, conversation_id) if conversation_id else None
            if conversation is not None and conversation.user_id != user_id:
                raise UnknownConversationError("There is no such conversation.")
            if conversation is None:
                conversation = Conversation(
                    id=conversation_id or new_id("conv"),
                    user_id=user_id,
                    channel=channel,
                    created_at=now,
                    updated_at=now,
                )
                session.add(conversation)
                session.flush()
            turn_id = new_id("turn")
            known = self._find_turn(session, conversation.id, key) if key else None
            if known is not None:
                self._take_lease(known)
                session.commit()
                return known
            turn = TurnRow(
                id=turn_id,
                conversation_id=conversation.id,
                key=key or turn_id,
                user_id=user_id,
                started_at=now,
                lease_until=now + LEASE,
            )
            session.add(turn)
            session.flush()
            payload = {"type": "human", "content": text, "said_at": now.isoformat()}
            session.add(MessageRow(conversation_id=conversation.id, turn_id=turn.id, payload=payload))
            session.commit()
            return turn

    def keep(self, turn: TurnRow, payloads: Sequence[Payload]) -> None:
        """Makes messages of a running turn durable and renews the lease on it.

        Raises:
            TurnBusyError: the lease ran out and another process took the turn.
        """
        lease_until = self._store.clock.now() + LEASE
        with self._session(writes=True) as session:
            renewed: Any = session.execute(
                update(_turns)
                .where(_turns.c.id == turn.id, _turns.c.lease_until == turn.lease_until)
                .values(lease_until=lease_until)
            )
            if not renewed.rowcount:
                raise _busy()
            self._add(session, turn, payloads)
            session.commit()
        turn.lease_until = lease_until

    def finish_turn(self, turn: TurnRow, reply: Payload, payloads: Sequence[Payload]) -> None:
        """Keeps the reply of a turn with its last messages."""
        with self._session(writes=True) as session:
            self._add(session, turn, payloads)
            session.execute(update(_turns).where(_turns.c.id == turn.id).values(status="done", reply=reply))
            session.commit()

    def history(self, turn: TurnRow, turns: int) -> list[Payload]:
        """The messages of the last finished turns before this one, oldest first."""
        with self._session() as session:
            recent = (
                session.execute(
                    select(_turns.c.id)
                    .where(
                        _turns.c.conversation_id == turn.conversation_id,
                        _turns.c.status == "done",
                        _turns.c.id < turn.id,
                    )
                    .order_by(_turns.c.id.desc())
                    .limit(turns)
                )
                .scalars()
                .all()
            )
            rows = session.execute(
                select(_messages.c.payload).where(_messages.c.turn_id.in_(recent)).order_by(_messages.c.seq)
            )
            return [payload for (payload,) in rows]

    def turn_messages(self, turn_id: str) -> list[Payload]:
        """The messages of a turn by its id."""
        with self._session() as session:
            rows = session.execute(
                select(_messages.c.payload).where(_messages.c.turn_id == turn_id).order_by(_messages.c.seq)
            )
            return [payload for (payload,) in rows]

    def propose(self, call: ProposedCall, hours: int) -> Approval:
        """Keeps a call that waits for a yes; the same call proposed twice is one approval."""
        now = self._store.clock.now()
        with self._session(writes=True) as session:
            known = session.scalars(
                select(Approval).where(
                    _approvals.c.effect_key == call.effect_key,
                    _approvals.c.effect_hash == call.effect_hash,
                    _approvals.c.status == "pending",
                )
            ).first()
            if known is not None:
                return known
            approval = Approval(
                id=new_id("appr"),
                conversation_id=call.conversation_id,
                turn_id=call.turn_id,
                user_id=call.user_id,
                effect_key=call.effect_key,
                tool=call.tool,
                arguments=call.arguments,
                effect_hash=call.effect_hash,
                edits=list(call.edits),
                created_at=now,
                expires_at=now + timedelta(hours=hours),
            )
            session.add(approval)
            session.commit()
            return approval

    def find_approval(self, approval_id: str) -> Approval | None:
        """The approval of that id, whoever asked for it, or None."""
        with self._session() as session:
            return session.get(Approval, approval_id)

    def revise(self, approval: Approval, edits: Sequence[Payload], effect_hash: str) -> bool:
        """Puts other values into an approval that still waits; says whether it did."""
        with self._session(writes=True) as session:
            done: Any = session.execute(
                update(_approvals)
                .where(
                    _approvals.c.id == approval.id,
                    _approvals.c.status == "pending",
                    _approvals.c.effect_hash == approval.effect_hash,
                )
                .values(edits=list(edits), effect_hash=effect_hash)
            )
            session.commit()
            return bool(done.rowcount)

    def waiting_of(self, user_ids: Sequence[str], limit: int = 20) -> list[Approval]:
        """The approvals that still wait for a yes to what these people asked for, newest first."""
        with self._session() as session:
            query = select(Approval).where(
                _approvals.c.user_id.in_(user_ids),
                _approvals.c.status == "pending",
                _approvals.c.expires_at > self._store.clock.now(),
            )
            return list(session.scalars(query.order_by(_approvals.c.created_at.desc()).limit(limit)))

    def pending(self, conversation_id: str, user_id: str) -> list[Approval]:
        """The approvals of a conversation that still wait, oldest first."""
        with self._session() as session:
            query = select(Approval).where(
                _approvals.c.conversation_id == conversation_id,
                _approvals.c.user_id == user_id,
                _approvals.c.status == "pending",
                _approvals.c.expires_at > self._store.clock.now(),
            )
            return list(session.scalars(query.order_by(_approvals.c.created_at)))

    def settle(
        self, approval: Approval, status: str, *, only_from: tuple[str, ...] = ("pending",), by: str = ""
    ) -> bool:
        """Moves an approval to a new status if it still has one of `only_from`; says whether it did.

        It has to hold the very effect that was shown; `by` is the user who answered.
        """
        with self._session(writes=True) as session:
            done: Any = session.execute(
                update(_approvals)
                .where(
                    _approvals.c.id == approval.id,
                    _approvals.c.status.in_(only_from),
                    _approvals.c.effect_hash == approval.effect_hash,
                )
                .values(status=status, answered_at=self._store.clock.now(), answered_by=by)
            )
            session.commit()
            return bool(done.rowcount)

    def find_turn(self, turn_id: str) -> TurnRow | None:
        """The turn of that id, or None."""
        with self._session() as session:
            return session.get(TurnRow, turn_id)

    def turns_of(self, conversation_id: str) -> list[TurnRow]:
        """All turns of a conversation, oldest first."""
        with self._session() as session:
            query = select(TurnRow).where(_turns.c.conversation_id == conversation_id)
            return list(session.scalars(query.order_by(_turns.c.id)))

    def started_at(self, turn_id: str) -> datetime | None:
        """When a turn was said."""
        with self._session() as session:
            turn = session.get(TurnRow, turn_id)
            return turn.started_at if turn is not None else None

    def _take_lease(self, turn: TurnRow) -> None:
        now = self._store.clock.now()
        if turn.status == "running" and turn.lease_until > now:
            raise _busy()
        turn.lease_until = now + LEASE

    @staticmethod
    def _add(session: Session, turn: TurnRow, payloads: Sequence[Payload]) -> None:
        for payload in payloads:
            session.add(MessageRow(conversation_id=turn.conversation_id, turn_id=turn.id, payload=payload))
            session.flush()

    @staticmethod
    def _find_turn(session: Session, conversation_id: str, key: str) -> TurnRow | None:
        return session.scalars(
            select(TurnRow).where(_turns.c.conversation_id == conversation_id, _turns.c.key == key)
        ).first()

    @contextmanager
    def _session(self, *, writes: bool = False) -> Iterator[Session]:
        with self._store.session() as session:
            session.connection(execution_options={"dealhand_writes": writes})
            yield session


def _busy() -> TurnBusyError:
    return TurnBusyError("This message is being worked on already.", zh="这条消息正在处理中。")
