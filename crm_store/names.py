"""The names of the records that someone may see, as a lexicon; cached and renewed when names change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import func, select

from crm_store.journal import AuditEntry
from crm_store.principals import Principal
from crm_store.stages import Stage
from crm_store.tickets import UNRESOLVED
from crm_store.unit_of_work import UnitOfWork
from language.lexicon import Entry, Lexicon

# Kinds that have names, with the fields whose change makes a lexicon stale.
NAME_FIELDS: Mapping[str, frozenset[str]] = {
    "account": frozenset({"name", "aliases", "domain", "owner"}),
    "contact": frozenset({"name", "account", "email", "title"}),
    "deal": frozenset({"name", "account", "stage", "owner"}),
    "user": frozenset({"name", "email", "is_active", "role", "team", "manager"}),
    "lead": frozenset({"name", "company", "email", "owner", "status"}),
    "task": frozenset({"title", "status", "assignee", "deal", "account"}),
    "ticket": frozenset({"number", "status", "account"}),
    "product": frozenset({"name", "sku"}),
    "stage": frozenset({"name", "aliases"}),
}
OWN_WEIGHT = 0.05

_audit: Any = AuditEntry.__table__  # type: ignore[attr-defined]


@dataclass
class _Cached:
    revision: int
    lexicon: Lexicon


class NameIndex:
    """One lexicon a person, built on first use and again when a name in it may have changed."""

    def __init__(self) -> None:
        self._cached: dict[Principal, _Cached] = {}
        self._lock = Lock()

    def lexicon(self, uow: UnitOfWork) -> Lexicon:
        """The lexicon of the unit of work's principal, with everything committed so far and done in it."""
        revision = uow.session.scalar(select(func.max(_audit.c.seq))) or 0
        with self._lock:
            cached = self._cached.get(uow.principal)
        if cached is not None and (cached.revision == revision or not _stale(uow, cached.revision)):
            return cached.lexicon
        lexicon = Lexicon(read_entries(uow))
        with self._lock:
            self._cached[uow.principal] = _Cached(revision, lexicon)
        return lexicon


def read_entries(uow: UnitOfWork) -> Iterator[Entry]:
    """An entry for each record that the asker may see and that has a name."""
    for read in _READERS:
        yield from read(uow)


def _stale(uow: UnitOfWork, revision: int) -> bool:
    changes = uow.session.execute(
        select(_audit.c.action, _audit.c.kind, _audit.c.after).where(
            _audit.c.seq > revision, _audit.c.kind.in_(NAME_FIELDS)
        )
    )
    return any(action != "updated" or set(after) & NAME_FIELDS[kind] for action, kind, after in changes)


def _own(uow: UnitOfWork, owner_id: str | None) -> float:
    return OWN_WEIGHT if owner_id and owner_id == uow.principal.user_id else 0.0


def _accounts(uow: UnitOfWork) -> Iterator[Entry]:
    for row in uow.all("account"):
        aliases = (*row.aliases, row.domain) if row.domain else tuple(row.aliases)
        yield Entry("account", row.id, row.name, aliases, owner_id=row.owner_id, weight=_own(uow, row.owner_id))


def _contacts(uow: UnitOfWork) -> Iterator[Entry]:
    for row in uow.all("contact"):
        aliases = (row.email,) if row.email else ()
        yield Entry("contact", row.id, row.name, aliases, account_id=row.account_id, title=row.title)


def _deals(uow: UnitOfWork) -> Iterator[Entry]:
    open_stages = {stage.id for stage in uow.all("stage", Stage.status == "open")}
    for row in uow.all("deal"):
        yield Entry(
            "deal",
            row.id,
            row.name,
            account_id=row.account_id,
            owner_id=row.owner_id,
            is_open=row.stage_id in open_stages,
            weight=_own(uow, row.owner_id),
        )


def _users(uow: UnitOfWork) -> Iterator[Entry]:
    for row in uow.all("user"):
        if row.is_active:
            near = row.id in uow.principal.reach
            yield Entry("user", row.id, row.name, (row.email,), weight=OWN_WEIGHT if near else 0.0)


def _leads(uow: UnitOfWork) -> Iterator[Entry]:
    for row in uow.all("lead"):
        aliases = tuple(alias for alias in (row.email, row.company) if alias)
        is_open = row.status not in ("converted", "disqualified")
        yield Entry(
            "lead",
            row.id,
            row.name,
            aliases,
            owner_id=row.owner_id,
            is_open=is_open,
            weight=_own(uow, row.owner_id),
        )


def _tasks(uow: UnitOfWork) -> Iterator[Entry]:
    for row in uow.all("task"):
        yield Entry(
            "task",
            row.id,
            row.title,
            account_id=row.account_id,
            deal_id=row.deal_id,
            owner_id=row.assignee_id,
            is_open=row.status == "open",
            weight=_own(uow, row.assignee_id),
        )


def _tickets(uow: UnitOfWork) -> Iterator[Entry]:
    for row in uow.all("ticket"):
        aliases = (row.subject,) if row.subject else ()
        is_open = row.status in UNRESOLVED
        yield Entry("ticket", row.id, row.number, aliases, account_id=row.account_id, is_open=is_open)


def _products(uow: UnitOfWork) -> Iterator[Entry]:
    for row in uow.all("product"):
        yield Entry("product", row.id, row.name, (row.sku,))


def _stages(uow: UnitOfWork) -> Iterator[Entry]:
    for row in sorted(uow.all("stage"), key=lambda stage: stage.position):
        yield Entry("stage", row.id, row.name, tuple(row.aliases), title=row.status, is_open=row.status == "open")


_READERS: Sequence[Callable[[UnitOfWork], Iterator[Entry]]] = (
    _accounts,
    _contacts,
    _deals,
    _users,
    _leads,
    _tasks,
    _tickets,
    _products,
    _stages,
)
