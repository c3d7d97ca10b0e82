"""Passages made on the spot from interactions that the index does not hold as they are now."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, func, select

from crm_store.interactions import Interaction
from crm_store.journal import OutboxEntry
from crm_store.unit_of_work import UnitOfWork
from memory import index
from memory.embedders.protocol import Embedder, EmbedderUnavailableError
from memory.notes import notes_of
from memory.passages import Note, Passage, passages_of
from memory.scope import PassageRow, interaction_rows

# So many are read by words and meaning, the newest ones, to stay quick; without an index so many by words.
MOST_LATE, MOST_NEWEST = 16, 3000
_LATEST_CHANGES = 500

_I: Any = Interaction
_O: Any = OutboxEntry


def waiting_ids(uow: UnitOfWork) -> list[str]:
    """Interactions among the latest changes that the index has not taken in, newest first."""
    return list(dict.fromkeys(str(each["id"]) for each in uow.session.scalars(_waiting())))


@cache
def _waiting() -> Select[Any]:
    """Built once: it is part of every search."""
    latest = select(func.max(_O.seq)).scalar_subquery() - _LATEST_CHANGES
    query = select(_O.payload).where(_O.seq > latest, _O.topic.startswith("interaction."), _O.status != "done")
    return query.order_by(_O.seq.desc())


def late_passages(
    uow: UnitOfWork, embedder: Embedder, where: Sequence[Any], ids: Sequence[str]
) -> list[PassageRow]:
    """The passages of the newest of some interactions in the scope as their rows are now, with their vectors."""
    if not ids:
        return []
    return _passages(uow, interaction_rows([*where, _I.id.in_(list(ids)[:MOST_LATE])]), embedder)


def newest_passages(uow: UnitOfWork, where: Sequence[Any]) -> list[PassageRow]:
    """The passages of the newest interactions of a scope, without vectors."""
    newest_first = interaction_rows(where).order_by(_I.occurred_at.desc(), _I.id)
    return _passages(uow, newest_first.limit(MOST_NEWEST), None)


def _passages(uow: UnitOfWork, statement: Select[Any], embedder: Embedder | None) -> list[PassageRow]:
    rows = {each.id: each for each in uow.session.execute(statement)}
    fresh = [each for some in index.in_slices(rows) for note in notes_of(uow, some) for each in _cut(note)]
    stored = _embedded(embedder, fresh) if embedder is not None else {}
    found = []
    for at, each in enumerate(fresh):
        row = rows[each.interaction_id]
        found.append(
            PassageRow(
                row.id, row.occurred_at, row.account, row.deal, row.owner, -at - 1, each.text, each.terms,
                stored.get(each.digest, b""),
            )
        )  # fmt: skip
    return found


@lru_cache(maxsize=20_000)
def _cut(note: Note) -> tuple[Passage, ...]:
    """Kept, because the same notes are searched again."""
    return tuple(passages_of(note))


def _embedded(embedder: Embedder, fresh: Sequence[Passage]) -> dict[str, bytes]:
    try:
        return index.embed_new(embedder, fresh, {})
    except EmbedderUnavailableError:
        return {}
