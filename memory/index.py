"""Keeps the index's rows: passages with their terms and vectors. Callers bring the transaction and the vectors."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select, update

from memory.embedders.protocol import Embedder, Vectors
from memory.passages import CHUNKER, Passage
from memory.tables import SCHEMA, gone, passages, vectors, write_state

# Half the space of 32 bits; cosines differ by less than 0.001.
STORED = np.dtype("<f2")
BATCH = 256
_IDS = 500


def identity(embedder: Embedder) -> dict[str, str]:
    """What an index has to have been made with to be of use with this embedder."""
    return {"schema": SCHEMA, "chunker": CHUNKER, "embedder": embedder.id}


def embed_new(
    embedder: Embedder,
    wanted: Sequence[Passage],
    known: Mapping[str, bytes],
    told: Callable[[int], None] | None = None,
) -> dict[str, bytes]:
    """The stored form of each passage's vector by digest; `known` ones are not embedded again."""
    found = {each.digest: known[each.digest] for each in wanted if each.digest in known}
    missing = list({each.digest: each for each in wanted if each.digest not in found}.values())
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        rows = embedder.embed([each.key for each in batch])
        found.update({each.digest: pack(row) for each, row in zip(batch, rows, strict=True)})
        if told is not None:
            told(len(batch))
    return found


def known_vectors(connection: Connection, interaction_ids: Collection[str] | None = None) -> dict[str, bytes]:
    """Stored vectors by digest, of some interactions or of all."""
    query = select(passages.c.digest, vectors.c.vector).join(vectors, vectors.c.seq == passages.c.seq)
    if interaction_ids is None:
        return {digest: vector for digest, vector in connection.execute(query)}
    rows = (
        connection.execute(query.where(passages.c.interaction_id.in_(some))) for some in in_slices(interaction_ids)
    )
    return {digest: vector for each in rows for digest, vector in each}


def add(connection: Connection, wanted: Sequence[Passage], stored: Mapping[str, bytes]) -> None:
    """Writes passages that are not there yet, with their vectors."""
    for start in range(0, len(wanted), _IDS):
        some = wanted[start : start + _IDS]
        connection.execute(insert(passages), [_row(each) for each in some])
        ids = {each.id: stored[each.digest] for each in some}
        seqs = connection.execute(select(passages.c.seq, passages.c.id).where(passages.c.id.in_(list(ids))))
        connection.execute(insert(vectors), [{"seq": seq, "vector": ids[id_]} for seq, id_ in seqs])


def remove(connection: Connection, interaction_ids: Collection[str]) -> None:
    """Takes every passage of these interactions out."""
    for some in in_slices(interaction_ids):
        theirs = passages.c.interaction_id.in_(some)
        held = connection.execute(
            select(passages.c.id, passages.c.digest).where(theirs, passages.c.in_chroma == 1)
        )
        left_over = [{"chroma_id": chroma_id(*each)} for each in held]
        if left_over:
            connection.execute(insert(gone), left_over)
        connection.execute(delete(vectors).where(vectors.c.seq.in_(select(passages.c.seq).where(theirs))))
        connection.execute(delete(passages).where(theirs))


def replace(
    connection: Connection,
    interaction_ids: Collection[str],
    wanted: Sequence[Passage],
    stored: Mapping[str, bytes],
) -> int:
    """Makes the passages of these interactions exactly `wanted`, leaves unchanged ones; says how many it wrote."""
    present: dict[str, list[str]] = {}
    for some in in_slices(interaction_ids):
        query = select(passages.c.interaction_id, passages.c.digest).where(passages.c.interaction_id.in_(some))
        for interaction_id, digest in connection.execute(query.order_by(passages.c.id)):
            present.setdefault(interaction_id, []).append(digest)
    fresh: dict[str, list[Passage]] = {}
    for each in wanted:
        fresh.setdefault(each.interaction_id, []).append(each)
    changed = [
        each
        for each in dict.fromkeys(interaction_ids)
        if sorted(present.get(each, ())) != sorted(passage.digest for passage in fresh.get(each, ()))
    ]
    remove(connection, changed)
    written = [passage for each in changed for passage in fresh.get(each, ())]
    add(connection, written, stored)
    return len(written)


def count(connection: Connection) -> dict[str, str]:
    """Counts of the index as it is now, written into its state."""
    number, length = connection.execute(select(func.count(), func.coalesce(func.sum(passages.c.length), 0))).one()
    counted = {"passages": str(number), "length": str(length)}
    write_state(connection, counted)
    return counted


def chroma_id(passage_id: str, digest: str) -> str:
    """Under which id Chroma keeps a passage's vector: another text is another id."""
    return f"{passage_id}@{digest[:12]}"


def waiting_for_chroma(connection: Connection, most: int) -> list[tuple[int, str, bytes]]:
    """Passages that Chroma does not hold yet: seq, Chroma id, vector."""
    query = select(passages.c.seq, passages.c.id, passages.c.digest, vectors.c.vector)
    query = query.join(vectors, vectors.c.seq == passages.c.seq).where(passages.c.in_chroma == 0)
    rows = connection.execute(query.order_by(passages.c.seq).limit(most))
    return [(seq, chroma_id(id_, digest), vector) for seq, id_, digest, vector in rows]


def mark_in_chroma(connection: Connection, seqs: Sequence[int]) -> None:
    """Notes that Chroma holds these passages."""
    for start in range(0, len(seqs), _IDS):
        some = seqs[start : start + _IDS]
        connection.execute(update(passages).where(passages.c.seq.in_(some)).values(in_chroma=1))


def pack(row: Vectors) -> bytes:
    """A vector as it is stored."""
    return row.astype(STORED).tobytes()


def unpack(blobs: Sequence[bytes]) -> Vectors:
    """Stored vectors as rows."""
    if not blobs:
        return np.zeros((0, 0), dtype=np.float32)
    matrix: Vectors = np.frombuffer(b"".join(blobs), dtype=STORED).reshape(len(blobs), -1).astype(np.float32)
    return matrix


def in_slices(ids: Iterable[str]) -> Iterable[list[str]]:
    """The ids in lists that every database takes as parameters."""
    whole = list(dict.fromkeys(ids))
    return (whole[start : start + _IDS] for start in range(0, len(whole), _IDS))


def _row(passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.id,
        "interaction_id": passage.interaction_id,
        "position": passage.position,
        "text": passage.text,
        "terms": passage.terms,
        "length": passage.terms.count(" ") + 1 if passage.terms else 0,
        "language": passage.language,
        "digest": passage.digest,
        "before_id": passage.before_id or None,
        "in_chroma": 0,
    }
