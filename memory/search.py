"""Finds what was said: rights and scope in SQL first, then words and meaning over what is left, fused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_store.query import contacts_in
from crm_store.unit_of_work import UnitOfWork
from memory import index, tables
from memory.candidates import best_passages, late_passages, waiting_ids
from memory.embedders.protocol import EmbedderUnavailableError, Vectors
from memory.opening import Memory
from memory.scope import PassageRow, Scope, conditions, count_passages, passage_rows
from memory.scoring import Corpus, cosines, fuse, shares_of
from memory.tables import passages
from memory.words import passage_terms, query_terms

__all__ = ["Found", "Hit", "Scope", "search"]

# Up to here every passage of the scope is scored; beyond, the database's text index and Chroma name candidates.
MOST_EXACT = 2000


@dataclass(frozen=True, slots=True)
class Hit:
    """An interaction that was found, with the passage to quote and its score."""

    interaction_id: str
    occurred_at: datetime
    quote: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, how many passages lie in the scope, and whether all were scored, and by meaning, too."""

    hits: tuple[Hit, ...]
    searched: int
    exact: bool
    by_meaning: bool = True


def search(uow: UnitOfWork, memory: Memory, query: str, scope: Scope | None = None, *, limit: int = 8) -> Found:
    """The interactions that answer a query best, among those that the asker may read; newer first among equals.

    By words alone while the embedder cannot be reached. What was changed a moment ago is read from its row.
    Without an index of this embedder there is nothing to search: see `memory.feeding.is_current`.

    Raises:
        ChromaUnavailableError.
    """
    within = scope or Scope()
    where = conditions(within)
    waiting = waiting_ids(uow)
    late = late_passages(uow, memory, where, waiting)
    # Within an account everything is read at once; counting first would be one more statement.
    rows = _all(uow, where) if within.account_id or within.deal_id or within.contact_id else None
    exact = rows is not None and len(rows) <= MOST_EXACT
    number = len(rows) if exact and rows is not None else count_passages(uow, where)
    if not number and not late:
        return Found((), 0, exact=True)
    wanted = query_terms(query)
    row = _embedded(memory, query)
    if not exact or rows is None:
        exact = number <= MOST_EXACT
        rows = _all(uow, where) if exact else best_passages(uow, memory, where, wanted, row, MOST_EXACT)
    outdated = frozenset(waiting)
    rows = [*(each for each in rows if each.id not in outdated), *late] if outdated else rows
    terms = _terms_with_names(uow, rows)
    corpus = Corpus.of(terms, wanted) if exact else _whole_corpus(uow, terms, wanted)
    scores = fuse(shares_of(wanted, terms, corpus), _cosines(row, rows), floor=memory.embedder.floor)
    return Found(_best(rows, scores, limit), number, exact, row is not None)


def _embedded(memory: Memory, query: str) -> Vectors | None:
    try:
        row: Vectors = memory.embedder.embed([query])[0]
    except EmbedderUnavailableError:
        return None
    return row


def _cosines(row: Vectors | None, rows: Sequence[PassageRow]) -> list[float]:
    if row is None:
        return [0.0] * len(rows)
    known = [each.vector for each in rows if each.vector]
    found = iter(cosines(row, index.unpack(known)))
    return [next(found) if each.vector else 0.0 for each in rows]


def _all(uow: UnitOfWork, where: Sequence[Any]) -> Sequence[Any]:
    """The passages of a scope; one more than are scored where there are more, to tell."""
    return uow.session.execute(passage_rows(where).order_by(passages.c.seq).limit(MOST_EXACT + 1)).all()


def _whole_corpus(uow: UnitOfWork, documents: Sequence[Sequence[str]], wanted: Sequence[str]) -> Corpus:
    """Counts of the whole index; a name counts as often as it occurs among the candidates."""
    connection = uow.session.connection()
    found = tables.read_state(connection)
    passages_in_all, length = int(found.get("passages", 0)), int(found.get("length", 0))
    here = Corpus.of(documents, wanted).counts
    counts = {
        term: max(number, here.get(term, 0))
        for term, number in {**here, **tables.document_counts(connection, wanted)}.items()
    }
    return Corpus(passages_in_all, length / passages_in_all if passages_in_all else 0.0, counts)


def _terms_with_names(uow: UnitOfWork, rows: Sequence[PassageRow]) -> list[list[str]]:
    """The terms of each passage and of the names around it that the asker may see: accounts, deals, people."""
    people = contacts_in(uow, [each.id for each in rows])
    known: dict[str, list[str]] = {}
    found = []
    for each in rows:
        terms = each.terms.split()
        took_part = (name for _, name in people.get(each.id, ()))
        for name in filter(None, (each.account, each.deal, each.owner, *took_part)):
            if name not in known:
                known[name] = passage_terms(name)
            terms.extend(known[name])
        found.append(terms)
    return found


def _best(rows: Sequence[PassageRow], scores: Sequence[float], limit: int) -> tuple[Hit, ...]:
    best: dict[str, Hit] = {}
    for row, score in zip(rows, scores, strict=True):
        if score > 0 and (row.id not in best or score > best[row.id].score):
            best[row.id] = Hit(row.id, row.occurred_at, row.text, round(score, 4))
    ordered = sorted(
        best.values(), key=lambda hit: (-round(hit.score, 3), -hit.occurred_at.timestamp(), hit.interaction_id)
    )
    return tuple(ordered[:limit])
