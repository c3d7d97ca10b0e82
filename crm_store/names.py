"""The names of the records that someone may see, as a lexicon; cached and renewed by what changed."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import select

from crm_store.journal_marks import Mark, entries_after, is_at_end, mark_journal
from crm_store.principals import Principal
from crm_store.schema import NOUNS
from crm_store.stages import Stage
from crm_store.tickets import UNRESOLVED
from crm_store.unit_of_work import UnitOfWork
from language.lexicon import Entry, Lexicon

# Kinds that have names, with the fields whose change makes a lexicon stale: names, and what says who may see them.
NAME_FIELDS: Mapping[str, frozenset[str]] = {
    "account": frozenset({"name", "aliases", "domain", "owner"}),
    "contact": frozenset({"name", "account", "email", "title"}),
    "deal": frozenset({"name", "account", "stage", "owner"}),
    "user": frozenset({"name", "email", "is_active", "role", "team", "manager"}),
    "lead": frozenset({"name", "company", "email", "owner", "region", "status"}),
    "task": frozenset({"title", "status", "assignee", "created_by", "deal", "account"}),
    "ticket": frozenset({"number", "subject", "status", "account"}),
    "product": frozenset({"name", "sku"}),
    "stage": frozenset({"name", "aliases", "position", "status"}),
}
# Kinds whose records are seen by who may see their account.
_SEEN_BY_ACCOUNT = ("contact", "ticket")
OWN_WEIGHT = 0.05
# Of more changed records than this, as after an import, a lexicon is built anew.
MOST_RENEWED = 300


@dataclass(frozen=True, slots=True)
class _Cached:
    mark: Mark
    lexicon: Lexicon


class NameIndex:
    """One lexicon a person, built on first use and renewed by the records that changed since."""

    def __init__(self) -> None:
        self._cached: dict[Principal, _Cached] = {}
        self._lock = Lock()

    def lexicon(self, uow: UnitOfWork) -> Lexicon:
        """The lexicon of the unit of work's principal, with everything committed so far and done in it."""
        with self._lock:
            cached = self._cached.get(uow.principal)
        if cached is not None and is_at_end(uow, cached.mark):
            return cached.lexicon
        mark = mark_journal(uow)
        lexicon = Lexicon(read_entries(uow)) if cached is None else _renewed(uow, cached)
        if not uow.changes:
            with self._lock:
                self._cached[uow.principal] = _Cached(mark, lexicon)
        return lexicon


def read_entries(uow: UnitOfWork, only: Mapping[str, Collection[str]] | None = None) -> Iterator[Entry]:
    """An entry for each record that the asker may see and that has a name; `only` names some by kind and id."""
    for kind, read in _READERS.items():
        if only is None:
            yield from read(uow)
        elif only.get(kind):
            yield from read(uow, NOUNS[kind].table.c.id.in_(only[kind]))


def _renewed(uow: UnitOfWork, cached: _Cached) -> Lexicon:
    """The lexicon with the records that changed since, of which some may no longer be seen, and others only now."""
    changed: dict[str, set[str]] = {}
    handed_over: set[str] = set()
    for entry in entries_after(uow, cached.mark, NAME_FIELDS):
        if entry.action != "updated" or set(entry.after) & NAME_FIELDS[entry.kind]:
            changed.setdefault(entry.kind, set()).add(entry.record_id)
            if entry.kind == "account" and (entry.action != "updated" or "owner" in entry.after):
                handed_over.add(entry.record_id)
    for kind in _SEEN_BY_ACCOUNT if handed_over else ():
        table = NOUNS[kind].table
        theirs = uow.session.scalars(select(table.c.id).where(table.c.account_id.in_(handed_over)))
        changed.setdefault(kind, set()).update(theirs)
    ids = set[str]().union(*changed.values())
    if "stage" in changed or len(ids) > MOST_RENEWED:
        return Lexicon(read_entries(uow))
    return cached.lexicon.renewed(ids, read_entries(uow, changed))


def _own(uow: UnitOfWork, owner_id: str | None) -> float:
    return OWN_WEIGHT if owner_id and owner_id == uow.principal.user_id else 0.0


def _accounts(uow: UnitOfWork, *where: Any) -> Iterator[Entry]:
    for row in uow.all("account", *where):
        aliases = (*row.aliases, row.domain) if row.domain else tuple(row.aliases)
        yield Entry("account", row.id, row.name, aliases, owner_id=row.owner_id, weight=_own(uow, row.owner_id))


def _contacts(uow: UnitOfWork, *where: Any) -> Iterator[Entry]:
    for row in uow.all("contact", *where):
        aliases = (row.email,) if row.email else ()
        yield Entry("contact", row.id, row.name, aliases, account_id=row.account_id, title=row.title)


def _deals(uow: UnitOfWork, *where: Any) -> Iterator[Entry]:
    open_stages = {stage.id for stage in uow.all("stage", Stage.status == "open")}
    for row in uow.all("deal", *where):
        yield Entry(
            "deal",
            row.id,
            row.name,
            account_id=row.account_id,
            owner_id=row.owner_id,
            is_open=row.stage_id in open_stages,
            weight=_own(uow, row.owner_id),
        )


def _users(uow: UnitOfWork, *where: Any) -> Iterator[Entry]:
    for row in uow.all("user", *where):
        if row.is_active:
            near = row.id in uow.principal.reach
            yield Entry("user", row.id, row.name, (row.email,), weight=OWN_WEIGHT if near else 0.0)


def _leads(uow: UnitOfWork, *where: Any) -> Iterator[Entry]:
    for row in uow.all("lead", *where):
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


def _tasks(uow: UnitOfWork, *where: Any) -> Iterator[Entry]:
    for row in uow.all("task", *where):
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


def _tickets(uow: UnitOfWork, *where: Any) -> Iterator[Entry]:
    for row in uow.all("ticket", *where):
        aliases = (row.subject,) if row.subject else ()
        is_open = row.status in UNRESOLVED
        yield Entry("ticket", row.id, row.number, aliases, account_id=row.account_id, is_open=is_open)


def _products(uow: UnitOfWork, *where: Any) -> Iterator[Entry]:
    for row in uow.all("product", *where):
        yield Entry("product", row.id, row.name, (row.sku,))


def _stages(uow: UnitOfWork, *where: Any) -> Iterator[Entry]:
    for row in sorted(uow.all("stage", *where), key=lambda stage: stage.position):
        yield Entry("stage", row.id, row.name, tuple(row.aliases), title=row.status, is_open=row.status == "open")


_READERS: Mapping[str, Callable[..., Iterator[Entry]]] = {
    "account": _accounts,
    "contact": _contacts,
    "deal": _deals,
    "user": _users,
    "lead": _leads,
    "task": _tasks,
    "ticket": _tickets,
    "product": _products,
    "stage": _stages,
}
