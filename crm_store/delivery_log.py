"""Plans, claims and closes deliveries. A key is planned once, whoever plans it and however often."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import col

from crm_store.deliveries import ClockMark, Delivery
from crm_store.store import Store
from crm_store.tasks import Task
from crm_store.unit_of_work import UnitOfWork

MOST_AT_A_TIME = 2000


def find_last_reminder(uow: UnitOfWork) -> str | None:
    """The id of the task that the unit of work's person was reminded of last and that is still open."""
    statement = (
        select(col(Delivery.subject_id))
        .join(Task, col(Task.id) == col(Delivery.subject_id))
        .where(
            col(Delivery.user_id) == uow.principal.user_id,
            col(Delivery.kind) == "reminder",
            col(Delivery.status) == "sent",
            col(Task.status) == "open",
        )
        .order_by(col(Delivery.sent_at).desc())
    )
    return uow.session.scalars(statement).first()


class DeliveryLog:
    """The deliveries of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def mark(self, name: str) -> datetime | None:
        """Up to which moment this was planned; None before the first time."""
        with self._store.session() as session:
            row = session.get(ClockMark, name)
            return row.at if row else None

    def plan(self, name: str, upto: datetime, rows: Sequence[Delivery]) -> list[str]:
        """Writes the deliveries down and moves the mark, in one transaction; the keys that are new."""
        with self._store.session() as session:
            session.connection(execution_options={"dealhand_writes": True})
            keys = [row.key for row in rows]
            known: set[str] = set()
            for start in range(0, len(keys), 500):
                some = keys[start : start + 500]
                known |= set(session.scalars(select(col(Delivery.key)).where(col(Delivery.key).in_(some))))
            fresh = {row.key: row for row in rows if row.key not in known}
            session.add_all(fresh.values())
            mark = session.get(ClockMark, name, with_for_update=True)
            if mark is None:
                session.add(ClockMark(name=name, at=upto))
            elif mark.at < upto:
                mark.at = upto
                session.add(mark)
            session.commit()
            return list(fresh)

    def get(self, key: str) -> Delivery | None:
        """The delivery of that key."""
        with self._store.session() as session:
            return session.get(Delivery, key)

    def list_due(self, now: datetime) -> list[Delivery]:
        """What waits for its next try, and what was interrupted on the way, the oldest first."""
        with self._store.session() as session:
            return list(
                session.scalars(
                    select(Delivery)
                    .where(col(Delivery.status).in_(("waiting", "sending")), col(Delivery.next_try_at) <= now)
                    .order_by(col(Delivery.due_at), col(Delivery.key))
                    .limit(MOST_AT_A_TIME)
                )
            )

    def fix_content(self, key: str, content: dict[str, Any]) -> None:
        """What is sent, from now on the same at every try."""
        self._set(key, content=content)

    def begin(self, key: str, *, is_late: bool) -> None:
        """It is about to be handed to the channel."""
        self._set(key, status="sending", attempts=col(Delivery.attempts) + 1, is_late=is_late)

    def close(self, key: str, status: str, *, now: datetime, ref: str = "", reason: str = "") -> None:
        """How it ended: "sent", "skipped", "failed" or "cancelled"."""
        sent_at = now if status == "sent" else None
        self._set(key, status=status, provider_ref=ref, reason=reason[:500], sent_at=sent_at)

    def postpone(self, key: str, until: datetime, reason: str, *, unknown: bool = False) -> None:
        """It did not go out (or nobody knows), and is tried again later."""
        status = "sending" if unknown else "waiting"
        self._set(key, status=status, next_try_at=until, reason=reason[:500])

    def counts(self) -> dict[str, int]:
        """How many deliveries are in each status."""
        with self._store.session() as session:
            rows = session.execute(select(col(Delivery.status), func.count()).group_by(col(Delivery.status)))
            return {status: number for status, number in rows}

    def list_latest(self, user_id: str = "", limit: int = 20) -> list[Delivery]:
        """The newest deliveries, of one person if given."""
        query = select(Delivery).order_by(col(Delivery.due_at).desc(), col(Delivery.key)).limit(limit)
        if user_id:
            query = query.where(col(Delivery.user_id) == user_id)
        with self._store.session() as session:
            return list(session.scalars(query))

    def _set(self, key: str, **values: Any) -> None:
        with self._store.session() as session:
            session.connection(execution_options={"dealhand_writes": True})
            session.execute(update(Delivery).where(col(Delivery.key) == key).values(**values))
            session.commit()
