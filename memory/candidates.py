"""What a search over more than a few passages looks at: the best by words and by meaning."""

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import select

from crm_store.unit_of_work import UnitOfWork
from memory import index, tables
from memory.chroma import ChromaIndex, ChromaUnavailableError
from memory.embedders.protocol import Vectors
from memory.opening import Memory
from memory.scope import PassageRow, passage_rows, read_rows
from memory.scoring import cosines
from memory.tables import passages, vectors

logger = logging.getLogger("dealhand")

CANDIDATES = 300
_AT_ONCE = 2000


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
    found: dict[int, PassageRow] = {}
    if wanted:
        dialect = uow.session.connection().dialect.name
        lexical = tables.only_with(passage_rows(where), dialect, wanted).limit(CANDIDATES)
        found.update((each.seq, each) for each in read_rows(uow.session.execute(lexical)))
    if row is not None:
        found.update((each.seq, each) for each in _near(uow, memory, where, row, most_lacking))
    return [found[seq] for seq in sorted(found)]


def _near(
    uow: UnitOfWork, memory: Memory, where: Sequence[Any], row: Vectors, most_lacking: int
) -> list[PassageRow]:
    """The nearest that the asker may read, by Chroma and among what it lacks; without Chroma by comparing all."""
    if memory.chroma is not None and memory.chroma.is_free():
        try:
            return _nearest_by_chroma(uow, memory.chroma, where, row, most_lacking)
        except ChromaUnavailableError as error:
            logger.warning("searched without Chroma: %s", error)
    return _nearest_by_scan(uow, where, row)


def _nearest_by_chroma(
    uow: UnitOfWork, chroma: ChromaIndex, where: Sequence[Any], row: Vectors, most_lacking: int
) -> list[PassageRow]:
    name = tables.read_state(uow.session.connection()).get("collection", "")
    kept: list[PassageRow] = []
    number = CANDIDATES
    while True:
        ids = chroma.nearest(name, row, number)
        kept = _readable(uow, where, ids)
        if len(kept) >= CANDIDATES // 3 or len(ids) < number or number > 8 * CANDIDATES:
            break
        number *= 4
    lacking = passage_rows([*where, passages.c.in_chroma == 0]).order_by(passages.c.seq.desc()).limit(most_lacking)
    return [*kept, *read_rows(uow.session.execute(lacking))]


def _readable(uow: UnitOfWork, where: Sequence[Any], chroma_ids: Sequence[str]) -> list[PassageRow]:
    digests = dict(index.passage_of(each) for each in chroma_ids)
    kept: list[Any] = []
    for some in index.in_slices(digests):
        query = passage_rows([*where, passages.c.id.in_(some)], passages.c.id.label("passage"), passages.c.digest)
        kept.extend(each for each in uow.session.execute(query) if each.digest.startswith(digests[each.passage]))
    return read_rows(kept)


def _nearest_by_scan(uow: UnitOfWork, where: Sequence[Any], row: Vectors) -> list[PassageRow]:
    """Compares all vectors, then goes down the list until enough of the scope and of what the asker may read is found.

    Joining rights and scope to all of them would take four times as long.
    """
    seqs: list[int] = []
    scores: list[float] = []
    query = select(vectors.c.seq, vectors.c.number, vectors.c.vectors)
    stream = uow.session.connection().execute(query.execution_options(yield_per=_AT_ONCE))
    for some in stream.partitions():
        seqs.extend(each.seq for each in some)
        numbers = [each.number for each in some]
        scores.extend(cosines(row, index.unpack([each.vectors for each in some], len(row)), numbers))
    order = [seqs[at] for at in np.argsort(-np.asarray(scores))]
    found: list[PassageRow] = []
    for start in range(0, len(order), _AT_ONCE):
        within = passages.c.seq.in_(order[start : start + _AT_ONCE])
        found.extend(read_rows(uow.session.execute(passage_rows([*where, within]))))
        if len(found) >= CANDIDATES:
            break
    return found
