"""Reads and writes of webhooks: set up, found, told up to which outbox entry, leased while one is at work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import col

from core.ids import new_id
from crm_store.hooks import WebhookSource, WebhookTarget
from crm_store.journal import OutboxEntry
from crm_store.store import Store
from crm_store.users import User


@dataclass(frozen=True, slots=True)
class Announced:
    """One outbox entry to tell a target."""

    seq: int
    key: str
    topic: str
    kind: str
    record_id: str
    version: int
    at: datetime


_targets: Any = WebhookTarget.__table__  # type: ignore[attr-defined]
_outbox: Any = OutboxEntry.__table__  # type: ignore[attr-defined]


def add_target(
    store: Store, user_id: str, url: str, secret: str, topics: Sequence[str], now: datetime
) -> WebhookTarget:
    """A new target; it learns of what changes from now on."""
    with store.session(writes=True) as session:
        target = WebhookTarget(
            id=new_id("hook"),
            url=url,
            secret=secret,
            topics=list(topics),
            user_id=user_id,
            created_at=now,
            last_seq=session.scalar(select(func.max(_outbox.c.seq))) or 0,
            due_at=now,
        )
        session.add(target)
        session.commit()
        return target


def list_targets(store: Store) -> list[WebhookTarget]:
    """All targets, the newest first."""
    with store.session() as session:
        return list(session.scalars(select(WebhookTarget).order_by(_targets.c.created_at.desc())))


def add_source(store: Store, user_id: str, name: str, secret: str, region: str, now: datetime) -> WebhookSource:
    """A new source of leads."""
    source = WebhookSource(
        id=new_id("source"), name=name, secret=secret, region=region, user_id=user_id, created_at=now
    )
    with store.session(writes=True) as session:
        session.add(source)
        session.commit()
    return source


def list_sources(store: Store) -> list[WebhookSource]:
    """All sources, the newest first."""
    with store.session() as session:
        rows = session.scalars(select(WebhookSource))
        return sorted(rows, key=lambda each: each.created_at, reverse=True)


def find_source(store: Store, source_id: str) -> tuple[WebhookSource, str] | None:
    """An active source with the address of its user, who has to be active too; or None."""
    with store.session() as session:
        source = session.get(WebhookSource, source_id)
        if source is None or not source.is_active:
            return None
        user = session.get(User, source.user_id)
        return (source, user.email) if user is not None and user.is_active else None


def remove_hook(store: Store, hook_id: str) -> bool:
    """Removes a target or a source; says whether there was one."""
    with store.session(writes=True) as session:
        found = session.get(WebhookTarget, hook_id) or session.get(WebhookSource, hook_id)
        if found is None:
            return False
        session.delete(found)
        session.commit()
        return True


def take_due(store: Store, now: datetime, lease: timedelta) -> list[tuple[WebhookTarget, str]]:
    """The targets that are due, each with its user's address; leased, so that others leave them alone."""
    taken = []
    with store.session(writes=True) as session:
        due = session.execute(
            select(WebhookTarget, col(User.email))
            .join(User, col(User.id) == _targets.c.user_id)
            .where(_targets.c.is_active, _targets.c.due_at <= now)
        ).all()
        newest = session.scalar(select(func.max(_outbox.c.seq))) or 0
        for target, email in due:
            if target.last_seq < newest:
                target.due_at = now + lease
                session.add(target)
                taken.append((target, email))
        session.commit()
    return taken


def announced_after(store: Store, target: WebhookTarget, most: int) -> list[Announced]:
    """What a target has not been told yet, oldest first, its topics only; at most `most` entries are looked at."""
    with store.session() as session:
        rows = session.execute(
            select(OutboxEntry).where(_outbox.c.seq > target.last_seq).order_by(_outbox.c.seq).limit(most)
        ).scalars()
        return [
            Announced(
                seq=int(row.seq or 0),
                key=row.key,
                topic=row.topic,
                kind=str(row.payload.get("kind", "")),
                record_id=str(row.payload.get("id", "")),
                version=int(row.payload.get("version", 0)),
                at=row.created_at,
            )
            for row in rows
        ]


def wants(target: WebhookTarget, topic: str) -> bool:
    """Whether a target asked for a topic."""
    return any(topic == each or (each.endswith(".*") and topic.startswith(each[:-1])) for each in target.topics)


def settle_target(
    store: Store, target: WebhookTarget, *, seq: int, failures: int, result: str, due_at: datetime, is_active: bool
) -> None:
    """Keeps how far a target is and when it is due again."""
    with store.session(writes=True) as session:
        session.execute(
            update(_targets)
            .where(_targets.c.id == target.id)
            .values(last_seq=seq, failures=failures, last_result=result, due_at=due_at, is_active=is_active)
        )
        session.commit()
