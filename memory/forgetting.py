"""Forgets a contact: records, audit, conversations, drafts, index and free pages; what stays is a tombstone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import or_, update

from core.errors import AmbiguousRecordError, Candidate, RecordNotFoundError
from crm_store.contacts import Contact
from crm_store.principals import SYSTEM, Principal, Role
from crm_store.store import Store
from crm_store.unit_of_work import NotPermittedError
from memory import tables
from memory.embedders.protocol import EmbedderUnavailableError
from memory.erasing import Eraser
from memory.feeding import feed
from memory.leftovers import clean_home, purge
from memory.opening import Memory
from memory.syncing import collection_name, sync


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, counted by what it was; `name_shared` when others bear the same name (see `forget`).

    `log_emptied` is False while another process keeps a SQLite store's log in use: its last process empties it.
    """

    contact_id: str
    counts: Mapping[str, int]
    name_shared: bool
    log_emptied: bool = True


def find_contact(store: Store, principal: Principal, words: str) -> Candidate:
    """The contact of this id or exact full name that someone may see.

    Raises:
        RecordNotFoundError: there is none.
        AmbiguousRecordError: several bear the name.
    """
    with store.unit_of_work(principal, writes=False) as uow:
        columns: Any = Contact
        rows = uow.all("contact", or_(columns.id == words.strip(), columns.name == words.strip()))
        found = [Candidate("contact", each.id, each.name, each.title) for each in rows]
    if len(found) > 1:
        raise AmbiguousRecordError(
            "contact", words, [replace(each, name=f"{each.name} ({each.id})") for each in found]
        )
    if not found:
        raise RecordNotFoundError("contact", words)
    return found[0]


def forget(store: Store, memory: Memory, principal: Principal, contact_id: str) -> Erased:
    """Erases a contact everywhere in one transaction, then the bytes that databases keep. It cannot be undone.

    Their row and the drafts to them go; interactions with them alone keep only when and how; elsewhere the
    sentences that mention their name, address or number go, and of conversations the whole turns. A tombstone in
    the audit says that it was done, by whom, and of which id. Where others bear the same full name, the name alone
    counts as a mention only in rows of the contact's account. There, parts of the name count as well, unless
    someone else has them.

    Raises:
        NotPermittedError: the asker is no administrator.
        RecordNotFoundError: there is no such contact.
        ChromaBusyError, ChromaUnavailableError: before anything was erased.
    """
    if principal.role not in (Role.ADMIN, Role.SYSTEM):
        raise NotPermittedError("Only an administrator may erase a contact for good.")
    find_contact(store, principal, contact_id)
    _empty_chroma(store, memory)
    with store.unit_of_work(SYSTEM) as uow:
        contact = uow.find("contact", contact_id)
        if not isinstance(contact, Contact):
            raise RecordNotFoundError("contact", contact_id)
        eraser = Eraser(uow, contact)
        eraser.erase(principal)
        uow.commit()
    log_emptied = purge(store)
    clean_home(memory.home, eraser.full)
    if eraser.indexed:
        _index_again(store, memory)
    return Erased(contact_id, eraser.counts, eraser.name_shared, log_emptied)


def _empty_chroma(store: Store, memory: Memory) -> None:
    """Chroma keeps removed vectors in its files, so it is emptied and filled again from what is left."""
    with store.unit_of_work(SYSTEM) as uow:
        connection = uow.session.connection()
        name = collection_name(connection) if tables.exists(connection) else ""
        if memory.chroma is None or not name:
            return
        memory.chroma.forget_all(name)
        connection.execute(update(tables.passages).values(in_chroma=0))
        uow.commit()


def _index_again(store: Store, memory: Memory) -> None:
    """What is left becomes findable again; with a failing embedder at a later run, as all is erased already."""
    try:
        feed(store, memory)
    except EmbedderUnavailableError:
        return
    sync(store, memory)
