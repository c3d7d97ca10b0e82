"""Brings the index up to date after commits: from the outbox (at least once, idempotent), or as a whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from core.ids import new_id
from crm_store.journal import OutboxEntry
from crm_store.principals import SYSTEM
from crm_store.store import Store
from crm_store.unit_of_work import UnitOfWork
from memory import index, tables
from memory.embedders.protocol import EmbedderUnavailableError
from memory.notes import all_notes, messages_after, notes_of
from memory.opening import Memory
from memory.passages import Passage, passages_of

# Hears how many passages were embedded, batch by batch.
Told = Callable[[int], None]

TOPIC = "interaction."
LEASE = timedelta(seconds=120)
BATCH = 200
MOST_ATTEMPTS = 10

_O: Any = OutboxEntry
_outbox: Any = OutboxEntry.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Fed:
    """What a run did: outbox rows taken and passages written."""

    entries: int = 0
    passages: int = 0


def feed(store: Store, memory: Memory, *, most: int | None = None) -> Fed:
    """Works off what the outbox holds of interactions; makes the index first where there is none of use.

    May run in several processes at once and be cut off at any point: an entry is done only together with its
    passages, and one that was left behind is taken up again after two minutes.

    Raises:
        EmbedderUnavailableError: the embedder failed; the entries wait for the next run.
    """
    if not is_current(store, memory):
        return rebuild(store, memory)
    entries = passages = 0
    while most is None or entries < most:
        leased = _lease(store, min(BATCH, most - entries) if most is not None else BATCH)
        if not leased:
            break
        try:
            passages += _index(store, memory, leased)
        except EmbedderUnavailableError:
            _give_back(store, list(leased))
            raise
        entries += len(leased)
    return Fed(entries, passages)


def rebuild(store: Store, memory: Memory, told: Told | None = None) -> Fed:
    """Makes the index anew from the interactions: same ids and same hits. Vectors of unchanged texts are kept.

    `told` hears how many passages were embedded, batch by batch.
    """
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        waiting = list(uow.session.scalars(select(_O.seq).where(_O.topic.startswith(TOPIC), _O.status != "done")))
        connection = uow.session.connection()
        known = index.known_vectors(connection) if _usable(connection, memory) else {}
        wanted = [passage for note in all_notes(uow) for passage in passages_of(note)]
    stored = index.embed_new(memory.embedder, wanted, known, told)
    with store.unit_of_work(SYSTEM) as uow:
        connection = uow.session.connection()
        tables.drop(connection)
        tables.create(connection)
        index.add(connection, wanted, stored)
        now = store.clock.now().isoformat(timespec="seconds")
        identity = index.identity(memory.embedder)
        tables.write_state(connection, {**identity, "made_at": now, "collection": new_id("index")})
        index.count(connection)
        _finish(connection, waiting)
        uow.commit()
    return Fed(len(waiting), len(wanted))


def is_current(store: Store, memory: Memory) -> bool:
    """Whether there is an index, made with this embedder, chunker and schema."""
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        return _usable(uow.session.connection(), memory)


def _usable(connection: Connection, memory: Memory) -> bool:
    if not tables.exists(connection):
        return False
    found = tables.read_state(connection)
    return all(found.get(name) == value for name, value in index.identity(memory.embedder).items())


def _lease(store: Store, number: int) -> dict[int, str]:
    now = store.clock.now()
    with store.unit_of_work(SYSTEM) as uow:
        free = or_(_O.status == "waiting", and_(_O.status == "leased", _O.lease_until < now))
        rows = uow.session.scalars(
            select(OutboxEntry)
            .where(_O.topic.startswith(TOPIC), free, _O.attempts < MOST_ATTEMPTS)
            .order_by(_O.seq)
            .limit(number)
            .with_for_update(skip_locked=True)
        ).all()
        leased = {}
        for row in rows:
            row.status, row.attempts, row.lease_until = "leased", row.attempts + 1, now + LEASE
            leased[int(row.seq or 0)] = str(row.payload["id"])
        uow.commit()
    return leased


def _give_back(store: Store, seqs: Sequence[int]) -> None:
    with store.unit_of_work(SYSTEM) as uow:
        _set(uow.session.connection(), seqs, {"status": "waiting", "lease_until": None})
        uow.commit()


def _index(store: Store, memory: Memory, leased: dict[int, str]) -> int:
    """Embeds outside of any transaction, then writes what the rows say at that moment."""
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        touched = _touched(uow, set(leased.values()))
        known = index.known_vectors(uow.session.connection(), touched)
        wanted = _passages(uow, touched)
    stored = index.embed_new(memory.embedder, wanted, known)
    with store.unit_of_work(SYSTEM) as uow:
        connection = uow.session.connection()
        touched = _touched(uow, set(leased.values()))
        current = _passages(uow, touched)
        late = {each.interaction_id for each in current if each.digest not in stored}
        ready = [each for each in current if each.interaction_id not in late]
        written = index.replace(connection, touched - late, ready, stored)
        index.count(connection)
        # Of an interaction that was changed in the meantime another entry tells, or this one again.
        _finish(connection, [seq for seq, id_ in leased.items() if id_ not in late])
        _set(
            connection,
            [seq for seq, id_ in leased.items() if id_ in late],
            {"status": "waiting", "lease_until": None},
        )
        uow.commit()
    return written


def _touched(uow: UnitOfWork, ids: set[str]) -> set[str]:
    """The interactions themselves, and the messages whose context they are or were."""
    connection = uow.session.connection()
    rows = select(tables.passages.c.interaction_id).where(tables.passages.c.before_id.in_(ids))
    return ids | set(connection.execute(rows).scalars()) | messages_after(uow, ids)


def _passages(uow: UnitOfWork, ids: set[str]) -> list[Passage]:
    return [passage for note in notes_of(uow, ids) for passage in passages_of(note)]


def _finish(connection: Connection, seqs: Sequence[int]) -> None:
    _set(connection, seqs, {"status": "done", "lease_until": None})


def _set(connection: Connection, seqs: Sequence[int], values: dict[str, Any]) -> None:
    for start in range(0, len(seqs), 500):
        some = _outbox.c.seq.in_(seqs[start : start + 500])
        connection.execute(update(_outbox).where(some).values(**values))


@dataclass(frozen=True, slots=True)
class Status:
    """How the index stands: what made it, what it holds, and how far it lags behind the records."""

    exists: bool
    embedder: str = ""
    configured: str = ""
    made_at: str = ""
    interactions: int = 0
    passages: int = 0
    waiting: int = 0
    failed: int = 0
    oldest_waiting_at: datetime | None = None
    not_in_chroma: int = 0


def status(store: Store, memory: Memory) -> Status:
    """The index as it is now; reads counts only and loads no model."""
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        connection = uow.session.connection()
        open_rows = and_(_O.topic.startswith(TOPIC), _O.status != "done")
        waiting, oldest = uow.session.execute(select(func.count(), func.min(_O.created_at)).where(open_rows)).one()
        failed = uow.session.scalar(
            select(func.count()).select_from(OutboxEntry).where(open_rows, _O.attempts >= MOST_ATTEMPTS)
        )
        if not tables.exists(connection):
            return Status(False, configured=memory.embedder.id, waiting=waiting, oldest_waiting_at=oldest)
        found = tables.read_state(connection)
        table = tables.passages
        held = select(
            func.count(func.distinct(table.c.interaction_id)), func.count(), func.sum(1 - table.c.in_chroma)
        )
        interactions, passages, outside = connection.execute(held).one()
        return Status(
            True, found.get("embedder", ""), memory.embedder.id, found.get("made_at", ""), interactions, passages,
            waiting, failed or 0, oldest, int(outside or 0),
        )  # fmt: skip
