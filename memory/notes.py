"""Reads interactions from the store as notes for the index. Who may see what is decided at search."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, and_, or_, select

from crm_store.interactions import Interaction
from crm_store.unit_of_work import UnitOfWork
from memory.passages import Note

# A message is read with the one before it when both belong to one exchange.
THREAD_GAP = timedelta(hours=12)
_BATCH = 500

# A row of `_COLUMNS`; its attributes are named like the columns.
_Row = Any
_I: Any = Interaction
_COLUMNS = (
    _I.id, _I.type, _I.occurred_at, _I.subject, _I.summary, _I.body, _I.account_id, _I.deal_id, _I.lead_id,
)  # fmt: skip


def all_notes(uow: UnitOfWork) -> Iterator[Note]:
    """Every interaction, by id."""
    ids = uow.session.scalars(select(_I.id).order_by(_I.id)).all()
    for start in range(0, len(ids), _BATCH):
        yield from notes_of(uow, ids[start : start + _BATCH])


def notes_of(uow: UnitOfWork, ids: Collection[str]) -> list[Note]:
    """The interactions of these ids that there are, by id."""
    rows = uow.session.execute(select(*_COLUMNS).where(_I.id.in_(ids)).order_by(_I.id)).all()
    messages = [row for row in rows if row.type == "message"]
    before = _messages_before(uow, messages) if messages else {}
    return [_note(row, before.get(row.id)) for row in rows]


def messages_after(uow: UnitOfWork, ids: Collection[str]) -> set[str]:
    """The messages that follow directly upon one of these messages."""
    rows = uow.session.execute(select(*_COLUMNS).where(_I.id.in_(ids), _I.type == "message")).all()
    if not rows:
        return set()
    threads = _threads(uow, rows)
    wanted = {row.id for row in rows}
    return {
        later.id for thread in threads.values() for earlier, later in _neighbours(thread) if earlier.id in wanted
    }


def _messages_before(uow: UnitOfWork, rows: Sequence[_Row]) -> dict[str, _Row]:
    threads = _threads(uow, rows)
    return {later.id: earlier for thread in threads.values() for earlier, later in _neighbours(thread)}


def _threads(uow: UnitOfWork, rows: Sequence[_Row]) -> dict[tuple[Any, ...], list[_Row]]:
    first = min(row.occurred_at for row in rows) - THREAD_GAP
    last = max(row.occurred_at for row in rows) + THREAD_GAP
    near = _in_threads(rows).where(_I.type == "message", _I.occurred_at >= first, _I.occurred_at <= last)
    threads: dict[tuple[Any, ...], list[_Row]] = {}
    for row in uow.session.execute(near.order_by(_I.occurred_at, _I.id)):
        threads.setdefault(_thread(row), []).append(row)
    return threads


def _in_threads(rows: Sequence[_Row]) -> Select[Any]:
    accounts = sorted({row.account_id for row in rows if row.account_id})
    leads = sorted({row.lead_id for row in rows if row.lead_id})
    neither = and_(_I.account_id.is_(None), _I.lead_id.is_(None))
    return select(*_COLUMNS).where(or_(_I.account_id.in_(accounts), _I.lead_id.in_(leads), neither))


def _neighbours(thread: Sequence[_Row]) -> Iterator[tuple[_Row, _Row]]:
    for earlier, later in pairwise(thread):
        if later.occurred_at - earlier.occurred_at <= THREAD_GAP:
            yield earlier, later


def _thread(row: _Row) -> tuple[Any, ...]:
    return (row.account_id, row.deal_id, row.lead_id)


def _note(row: _Row, before: _Row | None) -> Note:
    return Note(
        row.id,
        row.occurred_at,
        row.subject,
        _text(row),
        before.id if before is not None else "",
        _text(before) if before is not None else "",
    )


def _text(row: _Row) -> str:
    return "\n".join(filter(None, (row.summary, row.body)))
