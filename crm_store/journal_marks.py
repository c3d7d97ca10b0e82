"""How far someone has read the journal: what was derived from records is renewed by the entries after its mark.

Entries may become visible out of order where several processes write at a time (PostgreSQL numbers them before they
are committed), so a mark knows the last few by number and finds those that came late between them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from crm_store.journal import AuditEntry
from crm_store.unit_of_work import UnitOfWork

# Far more entries than other processes write while one of them commits.
WATCHED = 256

_audit: Any = AuditEntry.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the journal: its last entry, and the numbers of the entries that are watched around it."""

    last: int
    recent: frozenset[int]


def mark_journal(uow: UnitOfWork) -> Mark:
    """The end of the journal now; what is read after this call is at least as new."""
    last = uow.session.scalar(select(func.max(_audit.c.seq))) or 0
    return Mark(last, _numbers(uow, last))


def is_at_end(uow: UnitOfWork, mark: Mark) -> bool:
    """Whether nothing was written since the mark."""
    watched = select(func.max(_audit.c.seq), func.count()).where(_audit.c.seq > mark.last - WATCHED)
    last, number = uow.session.execute(watched).one()
    return (last or 0, number) == (mark.last, len(mark.recent))


def entries_after(uow: UnitOfWork, mark: Mark, kinds: Collection[str]) -> Sequence[Any]:
    """Action, kind, record and new values of what was written to records of some kinds since the mark."""
    late = _numbers(uow, mark.last) - mark.recent
    since = or_(_audit.c.seq > mark.last, _audit.c.seq.in_(late)) if late else _audit.c.seq > mark.last
    columns = (_audit.c.action, _audit.c.kind, _audit.c.record_id, _audit.c.after)
    return uow.session.execute(select(*columns).where(since, _audit.c.kind.in_(kinds))).all()


def _numbers(uow: UnitOfWork, last: int) -> frozenset[int]:
    """The numbers of the entries that are watched up to this one."""
    watched = select(_audit.c.seq).where(_audit.c.seq > last - WATCHED, _audit.c.seq <= last)
    return frozenset(uow.session.scalars(watched))
