"""Brings Chroma up to the database's rows: what it lacks, and what it must no longer hold."""

from sqlalchemy import Connection, delete, select

from crm_store.principals import SYSTEM
from crm_store.store import Store
from memory import index, tables
from memory.opening import Memory

_BATCH = 1000


def sync(store: Store, memory: Memory) -> int:
    """Fills Chroma from the stored vectors and says how many were added; 0 without Chroma or index.

    May be cut off at any point; what Chroma lacks meanwhile is searched in the database.

    Raises:
        ChromaBusyError, ChromaUnavailableError.
    """
    if memory.chroma is None:
        return 0
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        connection = uow.session.connection()
        name = collection_name(uow.session.connection()) if tables.exists(connection) else ""
        left_over = list(connection.execute(select(tables.gone.c.chroma_id)).scalars()) if name else []
        waiting = bool(name) and bool(index.waiting_for_chroma(connection, 1))
    # Where there is nothing to do, the folder stays free for who searches by it.
    if not left_over and not waiting:
        return 0
    memory.chroma.keep_only(name)
    memory.chroma.drop(name, left_over)
    with store.unit_of_work(SYSTEM) as uow:
        for some in index.in_slices(left_over):
            uow.session.connection().execute(delete(tables.gone).where(tables.gone.c.chroma_id.in_(some)))
        uow.commit()
    added = 0
    while number := _fill_some(store, memory, name):
        added += number
    return added


def collection_name(connection: Connection) -> str:
    """The name of this index's collection; a rebuilt index has another one."""
    return tables.read_state(connection).get("collection", "")


def _fill_some(store: Store, memory: Memory, name: str) -> int:
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        rows = index.waiting_for_chroma(uow.session.connection(), _BATCH)
    if not rows or memory.chroma is None:
        return 0
    ids = [id_ for _, some, _ in rows for id_ in some]
    width = sum(len(stored) for _, _, stored in rows) // index.STORED.itemsize // len(ids)
    memory.chroma.fill(name, ids, index.unpack([stored for _, _, stored in rows], width))
    with store.unit_of_work(SYSTEM) as uow:
        index.mark_in_chroma(uow.session.connection(), [seq for seq, _, _ in rows])
        uow.commit()
    return len(rows)
