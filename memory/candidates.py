"""What a search over more than a few passages looks at: the best by words and by meaning, and what is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select

from crm_store.interactions import Interaction
from crm_store.journal import OutboxEntry
from crm_store.unit_of_work import UnitOfWork
from memory import index, tables
from memory.embedders.protocol import EmbedderUnavailableError, Vectors
from memory.notes import notes_of
from memory.opening import Memory
from memory.passages import passages_of
from memory.scope import PassageRow, interaction_rows, over, passage_rows
from memory.tables import passages, vectors

CANDIDATES = 300
# Interactions that the index does not hold yet are read on the spot, the newest ones only, to stay quick.
MOST_LATE = 16
_LATEST_CHANGES = 500

_I: Any = Interaction
_O: Any = OutboxEntry


@dataclass(slots=True)
class Late:
    """A passage that is not in the index yet."""

    id: str
    occurred_at: datetime
    account: str | None
    deal: str | None
    owner: str | None
    seq: int
    text: str
    terms: str
    vector: bytes


def best_passages(
    uow: UnitOfWork,
    memory: Memory,
    where: Sequence[Any],
    wanted: Sequence[str],
    row: Vectors | None,
    most_lacking: int,
) -> list[PassageRow]:
    """The passages that share words with the query or are near to it; without `row` by words alone.

    Of what Chroma lacks, the newest `most_lacking` are among them whatever they say.
    """
    found: dict[int, Any] = {}
    if wanted:
        dialect = uow.session.connection().dialect.name
        lexical = tables.only_with(passage_rows(where), dialect, wanted).limit(CANDIDATES)
        found.update((each.seq, each) for each in uow.session.execute(lexical))
    if row is not None:
        found.update((each.seq, each) for each in _near(uow, memory, where, row, most_lacking))
    return [found[seq] for seq in sorted(found)]


def waiting_ids(uow: UnitOfWork) -> list[str]:
    """Interactions among the latest changes that the index has not taken in, newest first."""
    latest = select(func.max(_O.seq)).scalar_subquery() - _LATEST_CHANGES
    query = select(_O.payload).where(_O.seq > latest, _O.topic.startswith("interaction."), _O.status != "done")
    return list(dict.fromkeys(str(each["id"]) for each in uow.session.scalars(query.order_by(_O.seq.desc()))))


def late_passages(uow: UnitOfWork, memory: Memory, where: Sequence[Any], ids: Sequence[str]) -> list[PassageRow]:
    """The passages of interactions in the scope as their rows are now, embedded on the spot."""
    some = list(ids)[:MOST_LATE]
    rows = (
        {each.id: each for each in uow.session.execute(interaction_rows([*where, _I.id.in_(some)]))}
        if some
        else {}
    )
    fresh = [each for note in notes_of(uow, list(rows)) for each in passages_of(note)] if rows else []
    stored = _embedded(memory, [each.key for each in fresh])
    found: list[PassageRow] = []
    for at, (each, vector) in enumerate(zip(fresh, stored, strict=True)):
        row = rows[each.interaction_id]
        found.append(
            Late(
                row.id, row.occurred_at, row.account, row.deal, row.owner, -at - 1, each.text, each.terms, vector
            )
        )  # fmt: skip
    return found


def _embedded(memory: Memory, keys: Sequence[str]) -> list[bytes]:
    if not keys:
        return []
    try:
        return [index.pack(row) for row in memory.embedder.embed(keys)]
    except EmbedderUnavailableError:
        return [b""] * len(keys)


def _near(
    uow: UnitOfWork, memory: Memory, where: Sequence[Any], row: Vectors, most_lacking: int
) -> Sequence[PassageRow]:
    """The nearest that the asker may read, by Chroma and among what it lacks; without Chroma by comparing all."""
    if memory.chroma is None:
        return _nearest_by_scan(uow, where, row)
    name = tables.read_state(uow.session.connection()).get("collection", "")
    kept: list[Any] = []
    number = CANDIDATES
    while True:
        ids = memory.chroma.nearest(name, row, number)
        kept = _readable(uow, where, ids)
        if len(kept) >= CANDIDATES // 3 or len(ids) < number or number > 8 * CANDIDATES:
            break
        number *= 4
    lacking = passage_rows([*where, passages.c.in_chroma == 0]).order_by(passages.c.seq.desc()).limit(most_lacking)
    return [*kept, *uow.session.execute(lacking).all()]


def _readable(uow: UnitOfWork, where: Sequence[Any], chroma_ids: Sequence[str]) -> list[Any]:
    digests: Mapping[str, str] = dict(each.rsplit("@", 1) for each in chroma_ids)
    kept: list[Any] = []
    for some in index.in_slices(digests):
        query = passage_rows([*where, passages.c.id.in_(some)]).add_columns(
            passages.c.id.label("passage"), passages.c.digest
        )
        kept.extend(each for each in uow.session.execute(query) if each.digest.startswith(digests[each.passage]))
    return kept


def _nearest_by_scan(uow: UnitOfWork, where: Sequence[Any], row: Vectors) -> Sequence[Any]:
    """Compares all vectors of the scope, a few thousand at a time."""
    best: list[tuple[float, int]] = []
    pairs = over(select(passages.c.seq, vectors.c.vector), where).join(vectors, vectors.c.seq == passages.c.seq)
    for some in uow.session.execute(pairs, execution_options={"yield_per": 4000}).partitions():
        scores = index.unpack([each.vector for each in some]) @ row
        top = np.argsort(-scores)[:CANDIDATES]
        best = sorted([*best, *((float(scores[at]), some[at].seq) for at in top)], reverse=True)[:CANDIDATES]
    return uow.session.execute(passage_rows([*where, passages.c.seq.in_([seq for _, seq in best])])).all()
