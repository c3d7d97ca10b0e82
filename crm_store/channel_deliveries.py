"""What is known of each message that a channel sends: who sends it, how far it has got, which turn it answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_store.channel_state import ChannelDelivery
from crm_store.store import Store

_deliveries: Any = ChannelDelivery


class DeliveryNotes:
    """The notes of messages; one process at a time sends a message."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def now(self) -> datetime:
        """The present moment in UTC."""
        return self._store.clock.now()

    def begin_delivery(self, delivery: ChannelDelivery) -> ChannelDelivery:
        """Notes that a message is about to be sent, or finds the note that the same key has."""
        self._insert(delivery)
        found = self.find_delivery(delivery.key)
        assert found is not None
        return found

    def find_delivery(self, key: str) -> ChannelDelivery | None:
        """What is known of the message with this key."""
        with self._session() as session:
            return session.get(ChannelDelivery, key)

    def own_delivery(self, key: str, owner: str, span: timedelta) -> bool:
        """Whether this process is the one that may send a message now; nobody else may for `span`."""
        now = datetime.now(UTC)
        free = _deliveries.owned_until.is_(None) | (_deliveries.owned_until < now) | (_deliveries.owner == owner)
        with self._session(writes=True) as session:
            done: Any = session.execute(
                update(ChannelDelivery)
                .where(_deliveries.key == key, _deliveries.status != "done", free)
                .values(owner=owner, owned_until=now + span)
            )
            session.commit()
            return bool(done.rowcount)

    def release_delivery(self, key: str, owner: str) -> None:
        """Lets another process send a message."""
        with self._session(writes=True) as session:
            session.execute(
                update(ChannelDelivery)
                .where(_deliveries.key == key, _deliveries.owner == owner)
                .values(owned_until=None)
            )
            session.commit()

    def note_delivery(self, key: str, **changed: str) -> None:
        """Notes how far a message has got (`message`, `status`, `room`, `turn_id`)."""
        with self._session(writes=True) as session:
            table: Any = ChannelDelivery.__table__  # type: ignore[attr-defined]
            session.execute(update(table).where(table.c.key == key).values(**changed, updated_at=self.now))
            session.commit()

    def knows_message(self, workspace: str, room: str, message: str) -> bool:
        """Whether a message is one that was noted."""
        with self._session() as session:
            query = select(_deliveries.key).where(
                _deliveries.workspace == workspace, _deliveries.room == room, _deliveries.message == message
            )
            return session.scalars(query.limit(1)).first() is not None

    def delivery_of(self, turn_id: str) -> ChannelDelivery | None:
        """The message that answered a turn."""
        with self._session() as session:
            query = select(ChannelDelivery).where(_deliveries.turn_id == turn_id)
            return session.scalars(query.order_by(_deliveries.created_at)).first()

    def _insert(self, row: Any) -> bool:
        with self._session(writes=True) as session:
            session.add(row)
            try:
                session.commit()
            except IntegrityError:
                session.rollback()
                return False
            return True

    def _merge(self, row: Any) -> None:
        with self._session(writes=True) as session:
            session.merge(row)
            session.commit()

    @contextmanager
    def _session(self, *, writes: bool = False) -> Iterator[Session]:
        with self._store.session() as session:
            session.connection(execution_options={"dealhand_writes": writes})
            yield session
