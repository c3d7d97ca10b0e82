"""Finds what was said: rights and scope in SQL first, then words and meaning over what is left, fused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Row, Select, func, select

from crm_store.contacts import Contact
from crm_store.interactions import Interaction, InteractionContact
from crm_store.query import names_of
from crm_store.unit_of_work import UnitOfWork
from memory import index, tables
from memory.embedders.protocol import Vectors
from memory.opening import Memory
from memory.scoring import Corpus, cosines, fuse, shares_of
from memory.tables import passages, vectors
from memory.words import passage_terms, query_terms

# Up to here every passage of the scope is scored; beyond, the database's text index and Chroma name candidates.
MOST_EXACT = 2000
CANDIDATES = 300

_I: Any = Interaction
_C: Any = Contact
_LINK: Any = InteractionContact


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look; empty means everything that the asker may read."""

    account_id: str = ""
    deal_id: str = ""
    contact_id: str = ""
    user_id: str = ""
    type: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An interaction that was found, with the passage to quote and its score."""

    interaction_id: str
    occurred_at: datetime
    quote: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, how many passages lie in the scope, and whether all of them were scored."""

    hits: tuple[Hit, ...]
    searched: int
    exact: bool


def search(uow: UnitOfWork, memory: Memory, query: str, scope: Scope | None = None, *, limit: int = 8) -> Found:
    """The interactions that answer a query best, among those that the asker may read; newer first among equals.

    Without an index of this embedder there is nothing to search: see `memory.feeding.is_current`.

    Raises:
        EmbedderUnavailableError, ChromaUnavailableError.
    """
    within = scope or Scope()
    where = _conditions(within)
    # Within an account everything is read at once; counting first would be one more statement.
    rows = _all(uow, where) if within.account_id or within.deal_id or within.contact_id else None
    exact = rows is not None and len(rows) <= MOST_EXACT
    number = len(rows) if exact and rows is not None else _count(uow, where)
    wanted = query_terms(query)
    if not number:
        return Found((), 0, exact=True)
    row = memory.embedder.embed([query])[0]
    if not exact or rows is None:
        exact = number <= MOST_EXACT
        rows = _all(uow, where) if exact else _candidates(uow, memory, where, wanted, row)
    terms = _terms_with_names(uow, rows)
    corpus = Corpus.of(terms, wanted) if exact else _whole_corpus(uow, terms, wanted)
    dense = cosines(row, index.unpack([each.vector for each in rows]))
    scores = fuse(shares_of(wanted, terms, corpus), dense, floor=memory.embedder.floor)
    return Found(_best(rows, scores, limit), number, exact)


def _conditions(scope: Scope) -> list[Any]:
    equal = (
        (_I.account_id, scope.account_id),
        (_I.deal_id, scope.deal_id),
        (_I.owner_id, scope.user_id),
        (_I.type, scope.type),
    )
    where: list[Any] = [column == value for column, value in equal if value]
    if scope.contact_id:
        where.append(_I.id.in_(select(_LINK.interaction_id).where(_LINK.contact_id == scope.contact_id)))
    if scope.since is not None:
        where.append(_I.occurred_at >= scope.since)
    if scope.before is not None:
        where.append(_I.occurred_at < scope.before)
    return where


def _over(statement: Select[Any], where: Iterable[Any]) -> Select[Any]:
    """A SELECT from interactions, to which the session adds the asker's rights, joined with their passages."""
    joined = statement.select_from(Interaction).join(passages, passages.c.interaction_id == _I.id)
    return joined.where(*where)


def _rows(where: Iterable[Any]) -> Select[Any]:
    columns = (_I.id, _I.occurred_at, _I.account_id, _I.deal_id, _I.owner_id)
    own = (passages.c.seq, passages.c.text, passages.c.terms, passages.c.language, vectors.c.vector)
    return _over(select(*columns, *own), where).join(vectors, vectors.c.seq == passages.c.seq)


def _count(uow: UnitOfWork, where: Sequence[Any]) -> int:
    return uow.session.scalar(_over(select(func.count()), where)) or 0


def _all(uow: UnitOfWork, where: Sequence[Any]) -> Sequence[Row[Any]]:
    """The passages of a scope; one more than are scored where there are more, to tell."""
    return uow.session.execute(_rows(where).order_by(passages.c.seq).limit(MOST_EXACT + 1)).all()


def _candidates(
    uow: UnitOfWork, memory: Memory, where: Sequence[Any], wanted: Sequence[str], row: Vectors
) -> Sequence[Row[Any]]:
    found: dict[int, Row[Any]] = {}
    if wanted:
        dialect = uow.session.connection().dialect.name
        lexical = tables.only_with(_rows(where), dialect, wanted).limit(CANDIDATES)
        found.update((each.seq, each) for each in uow.session.execute(lexical))
    found.update((each.seq, each) for each in _near(uow, memory, where, row))
    return [found[seq] for seq in sorted(found)]


def _near(uow: UnitOfWork, memory: Memory, where: Sequence[Any], row: Vectors) -> Sequence[Row[Any]]:
    """The nearest that the asker may read, by Chroma and among what it lacks; without Chroma by comparing all."""
    if memory.chroma is None:
        return _nearest_by_scan(uow, where, row)
    name = tables.read_state(uow.session.connection()).get("collection", "")
    kept: list[Row[Any]] = []
    number = CANDIDATES
    while True:
        ids = memory.chroma.nearest(name, row, number)
        kept = _readable(uow, where, ids)
        if len(kept) >= CANDIDATES // 3 or len(ids) < number or number > 8 * CANDIDATES:
            break
        number *= 4
    late = _rows([*where, passages.c.in_chroma == 0]).order_by(passages.c.seq.desc()).limit(MOST_EXACT)
    return [*kept, *uow.session.execute(late).all()]


def _readable(uow: UnitOfWork, where: Sequence[Any], chroma_ids: Sequence[str]) -> list[Row[Any]]:
    digests = dict(each.rsplit("@", 1) for each in chroma_ids)
    kept: list[Row[Any]] = []
    for some in index.in_slices(digests):
        query = _rows([*where, passages.c.id.in_(some)]).add_columns(
            passages.c.id.label("passage"), passages.c.digest
        )
        kept.extend(each for each in uow.session.execute(query) if each.digest.startswith(digests[each.passage]))
    return kept


def _nearest_by_scan(uow: UnitOfWork, where: Sequence[Any], row: Vectors) -> Sequence[Row[Any]]:
    """Compares all vectors of the scope, a few thousand at a time."""
    best: list[tuple[float, int]] = []
    pairs = _over(select(passages.c.seq, vectors.c.vector), where).join(vectors, vectors.c.seq == passages.c.seq)
    for some in uow.session.execute(pairs, execution_options={"yield_per": 4000}).partitions():
        scores = index.unpack([each.vector for each in some]) @ row
        top = np.argsort(-scores)[:CANDIDATES]
        best = sorted([*best, *((float(scores[at]), some[at].seq) for at in top)], reverse=True)[:CANDIDATES]
    return uow.session.execute(_rows([*where, passages.c.seq.in_([seq for _, seq in best])])).all()


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


def _terms_with_names(uow: UnitOfWork, rows: Sequence[Row[Any]]) -> list[list[str]]:
    """The terms of each passage and of the names around it that the asker may see: accounts, deals, people."""
    names: dict[str, Mapping[str, str]] = {
        kind: names_of(uow, kind, (getattr(each, column) for each in rows))
        for kind, column in (("account", "account_id"), ("deal", "deal_id"), ("user", "owner_id"))
    }
    people = _people(uow, {each.id for each in rows})
    known: dict[str, list[str]] = {}
    found = []
    for each in rows:
        around = (
            names["account"].get(each.account_id or "", ""),
            names["deal"].get(each.deal_id or "", ""),
            names["user"].get(each.owner_id or "", ""),
            *people.get(each.id, ()),
        )
        terms = each.terms.split()
        for name in filter(None, around):
            if name not in known:
                known[name] = passage_terms(name)
            terms.extend(known[name])
        found.append(terms)
    return found


def _people(uow: UnitOfWork, ids: set[str]) -> dict[str, list[str]]:
    # Not ordered: SQLite would walk all contacts in that order.
    people: dict[str, list[str]] = {}
    for some in index.in_slices(ids):
        query = select(_LINK.interaction_id, _C.name).join(_C, _C.id == _LINK.contact_id)
        for interaction_id, name in uow.session.execute(query.where(_LINK.interaction_id.in_(some))):
            people.setdefault(interaction_id, []).append(name)
    return people


def _best(rows: Sequence[Row[Any]], scores: Sequence[float], limit: int) -> tuple[Hit, ...]:
    best: dict[str, Hit] = {}
    for row, score in zip(rows, scores, strict=True):
        if score > 0 and (row.id not in best or score > best[row.id].score):
            best[row.id] = Hit(row.id, row.occurred_at, row.text, round(score, 4))
    ordered = sorted(
        best.values(), key=lambda hit: (-round(hit.score, 3), -hit.occurred_at.timestamp(), hit.interaction_id)
    )
    return tuple(ordered[:limit])
