"""Finds what was said: rights and scope in SQL first, then words and meaning over what is left, fused."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select

from crm_store.unit_of_work import UnitOfWork
from language.names.vocabulary import known_words
from memory import index, tables
from memory.candidates import best_passages
from memory.embedders.protocol import EmbedderUnavailableError, Vectors
from memory.naming import documents_of
from memory.opening import Memory
from memory.quoting import best_sentence
from memory.scope import PassageRow, Scope, conditions, has_more_than, over, passage_rows, read_rows
from memory.scoring import Corpus, Document, Sought, cosines, fuse, shares_of
from memory.spelling import SHORTEST, read_as, replaced
from memory.tables import passages
from memory.topics import sought, topic_words
from memory.unindexed import late_passages, newest_passages, waiting_ids
from memory.words import fold, latin_words, stem, stop_words

__all__ = ["Found", "Hit", "Scope", "search"]

# Up to here every passage of the scope is scored; beyond, the database's text index and Chroma name candidates.
MOST_EXACT = 2000
# In a large scope so many passages tell how words are spelt, with those that were compared.
_SPELT_BY = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """An interaction that was found, with its score and the sentence to quote.

    `by_subject`: no sentence answers, it was found by its subject or the names around it; the quote is all there is.
    """

    interaction_id: str
    occurred_at: datetime
    quote: str
    score: float
    by_subject: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits for a query, whether all passages of the scope were scored, and by meaning, too.

    `query` is as it was read: `read_as` has its misspelt words and what they were taken for.
    """

    query: str
    hits: tuple[Hit, ...]
    exact: bool
    by_meaning: bool = True
    read_as: Mapping[str, str] = field(default_factory=dict)


def search(
    uow: UnitOfWork, memory: Memory | None, query: str, scope: Scope | None = None, *, limit: int = 8
) -> Found:
    """The interactions that answer a query best, among those that the asker may read; newer first among equals.

    By words alone while the embedder cannot be reached, and without a memory, where the newest interactions of the
    scope are read. What was changed a moment ago is read from its row. The index has to be one of this embedder:
    see `memory.feeding.is_current`. A word that stands nowhere is read as one that is spelt nearly like it.
    """
    place = _Place(uow, memory, scope or Scope())
    looked = _look(place, query)
    words = read_as(_unknown(place, looked), _texts(place, looked))
    if words and replaced(query, words):
        looked = _look(place, replaced(query, words))
    told = {wrong: right for wrong, right in words.items() if right}
    return Found(looked.query, _best(looked, limit), place.whole is not None, looked.row is not None, told)


@dataclass
class _Place:
    """Where is searched."""

    uow: UnitOfWork
    memory: Memory | None
    scope: Scope

    @cached_property
    def where(self) -> list[Any]:
        """The scope in SQL."""
        return conditions(self.scope)

    @cached_property
    def waiting(self) -> list[str]:
        """Interactions that the index does not hold as they are now."""
        return waiting_ids(self.uow) if self.memory is not None else []

    @cached_property
    def late(self) -> list[PassageRow]:
        """Their passages."""
        return late_passages(self.uow, self.memory.embedder, self.where, self.waiting) if self.memory else []

    @cached_property
    def whole(self) -> list[PassageRow] | None:
        """Every passage of the scope; None where there are too many."""
        if self.memory is None:
            return newest_passages(self.uow, self.where)
        # Within an account everything is read at once; counting first would be one more statement.
        narrow = self.scope.account_id or self.scope.deal_id or self.scope.contact_id
        if not narrow and has_more_than(self.uow, self.where, MOST_EXACT):
            return None
        found = self.uow.session.execute(passage_rows(self.where).limit(MOST_EXACT + 1)).all()
        return self.with_late(read_rows(found)) if len(found) <= MOST_EXACT else None

    def with_late(self, rows: list[PassageRow]) -> list[PassageRow]:
        """The passages with those of the latest changes in their place."""
        outdated = frozenset(self.waiting)
        return [*(each for each in rows if each.id not in outdated), *self.late] if outdated else rows


@dataclass(frozen=True, slots=True)
class _Looked:
    """A query and what was compared with it."""

    query: str
    wanted: Sequence[Sought]
    row: Vectors | None
    rows: Sequence[PassageRow]
    documents: Sequence[Document]
    corpus: Corpus
    floor: float


def _look(place: _Place, query: str) -> _Looked:
    wanted = sought(query)
    # The query is embedded while the database reads.
    with ThreadPoolExecutor(1) as beside:
        embedding = beside.submit(_embedded, place.memory, query)
        rows = place.whole
        row = embedding.result()
    if rows is None:
        assert place.memory is not None
        terms = [each.term for each in wanted]
        best = best_passages(place.uow, place.memory, place.where, terms, row, MOST_EXACT)
        rows = place.with_late(best)
    documents = documents_of(place.uow, rows, wanted, query)
    corpus = Corpus.of(documents, wanted)
    if place.whole is None:
        corpus = _whole_corpus(place.uow, corpus)
    floor = place.memory.embedder.floor if place.memory is not None else 1.0
    return _Looked(query, wanted, row, rows, documents, corpus, floor)


def _embedded(memory: Memory | None, query: str) -> Vectors | None:
    if memory is None:
        return None
    try:
        row: Vectors = memory.embedder.embed([query])[0]
    except EmbedderUnavailableError:
        return None
    return row


def _whole_corpus(uow: UnitOfWork, here: Corpus) -> Corpus:
    """Counts of the whole index; a name counts as often as it occurs among the candidates."""
    connection = uow.session.connection()
    found = tables.read_state(connection)
    number, length = int(found.get("passages", 0)), int(found.get("length", 0))
    everywhere = tables.document_counts(connection, list(here.counts))
    counts = {term: max(seen, everywhere.get(term, 0)) for term, seen in here.counts.items()}
    return Corpus(number, length / number if number else 0.0, counts)


def _unknown(place: _Place, looked: _Looked) -> list[str]:
    """The words of the query that stand nowhere and are no English words that are known."""
    absent = {each.term for each in looked.wanted if not looked.corpus.counts.get(each.term)}
    if not absent:
        return []
    connection = place.uow.session.connection()
    return [
        word
        for word in dict.fromkeys(latin_words(fold(looked.query)))
        if len(word) >= SHORTEST
        and not any(word in known for known in (known_words(), stop_words(), topic_words()))
        and stem(word) in absent
        and not (place.memory is not None and tables.occurs(connection, stem(word)))
    ]


def _texts(place: _Place, looked: _Looked) -> list[str]:
    if place.whole is not None:
        return [each.text for each in place.whole]
    some = over(select(passages.c.text), place.where).limit(_SPELT_BY)
    return [*place.uow.session.scalars(some), *(each.text for each in looked.rows)]


def _cosines(row: Vectors | None, rows: Sequence[PassageRow]) -> list[float] | None:
    if row is None:
        return None
    width = len(row) * index.STORED.itemsize
    numbers = [len(each.vectors) // width for each in rows]
    return cosines(row, index.unpack((each.vectors for each in rows), len(row)), numbers)


def _best(looked: _Looked, limit: int) -> tuple[Hit, ...]:
    shares = shares_of(looked.wanted, looked.documents, looked.corpus)
    scores = fuse(shares, _cosines(looked.row, looked.rows), floor=looked.floor)
    best: dict[str, tuple[float, PassageRow]] = {}
    for row, score in zip(looked.rows, scores, strict=True):
        if score > 0 and (row.id not in best or score > best[row.id][0]):
            best[row.id] = score, row
    ordered = sorted(
        best.values(), key=lambda each: (-round(each[0], 3), -each[1].occurred_at.timestamp(), each[1].id)
    )
    return tuple(_hit(looked, row, score) for score, row in ordered[:limit])


def _hit(looked: _Looked, row: PassageRow, score: float) -> Hit:
    sentence = best_sentence(row, looked.wanted, looked.row, looked.corpus, looked.floor)
    return Hit(row.id, row.occurred_at, sentence or row.text, round(score, 4), by_subject=not sentence)
