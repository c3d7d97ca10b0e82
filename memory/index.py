"""Keeps the index's rows: passages with their terms and vectors. Callers bring the transaction and the vectors."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select, update

from memory.embedders.protocol import Embedder, Vectors
from memory.passages import CHUNKER, Passage
from memory.tables import SCHEMA, gone, passages, vectors, write_state
from memory.topics import document

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
    """The stored form of each passage's vectors by digest; `known` ones are not embedded again."""
    found = {each.digest: known[each.digest] for each in wanted if each.digest in known}
    missing = list({each.digest: each for each in wanted if each.digest not in found}.values())
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        rows = iter(embedder.embed([key for each in batch for key in each.keys]))
        found.update({each.digest: pack(np.array(list(islice(rows, len(each.keys))))) for each in batch})
        if told is not None:
            told(len(batch))
    return found


def known_vectors(connection: Connection, interaction_ids: Collection[str] | None = None) -> dict[str, bytes]:
    """Stored vectors by digest, of some interactions or of all."""
    query = select(passages.c.digest, vectors.c.vectors).join(vectors, vectors.c.seq == passages.c.seq)
    if interaction_ids is None:
        return {digest: stored for digest, stored in connection.execute(query)}
    rows = (
        connection.execute(query.where(passages.c.interaction_id.in_(some))) for some in in_slices(interaction_ids)
    )
    return {digest: stored for each in rows for digest, stored in each}


def add(connection: Connection, wanted: Sequence[Passage], stored: Mapping[str, bytes]) -> None:
    """Writes passages that are not there yet, with their vectors."""
    for start in range(0, len(wanted), _IDS):
        some = wanted[start : start + _IDS]
        connection.execute(insert(passages), [_row(each) for each in some])
        rows = {each.id: {"number": len(each.keys), "vectors": stored[each.digest]} for each in some}
        seqs = connection.execute(select(passages.c.seq, passages.c.id).where(passages.c.id.in_(list(rows))))
        connection.execute(insert(vectors), [{"seq": seq, **rows[id_]} for seq, id_ in seqs])


def remove(connection: Connection, interaction_ids: Collection[str]) -> None:
    """Takes every passage of these interactions out."""
    for some in in_slices(interaction_ids):
        theirs = passages.c.interaction_id.in_(some)
        held = select(passages.c.id, passages.c.digest, vectors.c.number)
        held = held.join(vectors, vectors.c.seq == passages.c.seq).where(theirs, passages.c.in_chroma == 1)
        left_over = [{"chroma_id": id_} for row in connection.execute(held).all() for id_ in chroma_ids(*row)]
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


def chroma_ids(passage_id: str, digest: str, number: int) -> list[str]:
    """Under which ids Chroma keeps a passage's vectors: another text is another id."""
    return [f"{passage_id}.{at}@{digest[:12]}" for at in range(number)]


def passage_of(chroma_id: str) -> tuple[str, str]:
    """The passage that a vector in Chroma belongs to, and how its digest begins."""
    name, _, digest = chroma_id.rpartition("@")
    return name.rpartition(".")[0], digest


def waiting_for_chroma(connection: Connection, most: int) -> list[tuple[int, list[str], bytes]]:
    """Passages that Chroma does not hold yet: seq, Chroma ids, vectors."""
    query = select(passages.c.seq, passages.c.id, passages.c.digest, vectors.c.number, vectors.c.vectors)
    query = query.join(vectors, vectors.c.seq == passages.c.seq).where(passages.c.in_chroma == 0)
    rows = connection.execute(query.order_by(passages.c.seq).limit(most))
    return [(seq, chroma_ids(id_, digest, number), stored) for seq, id_, digest, number, stored in rows]


def mark_in_chroma(connection: Connection, seqs: Sequence[int]) -> None:
    """Notes that Chroma holds these passages."""
    for start in range(0, len(seqs), _IDS):
        some = seqs[start : start + _IDS]
        connection.execute(update(passages).where(passages.c.seq.in_(some)).values(in_chroma=1))


def pack(rows: Vectors) -> bytes:
    """Vectors as they are stored, one behind the other."""
    return rows.astype(STORED).tobytes()


def unpack(blobs: Iterable[bytes], dimension: int) -> Vectors:
    """Stored vectors as rows, those of all blobs one below the other."""
    matrix: Vectors = np.frombuffer(b"".join(blobs), dtype=STORED).reshape(-1, dimension).astype(np.float32)
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
        "length": len(document(passage.terms)),
        "language": passage.language,
        "digest": passage.digest,
        "before_id": passage.before_id or None,
        "in_chroma": 0,
    }
