"""The index behind `search_interactions`, where there is one of use; opening it loads no model."""

from functools import lru_cache

from pydantic import SecretStr

from core.settings import Settings, load_settings
from crm_store.unit_of_work import UnitOfWork
from memory import index, tables
from memory.candidates import MOST_LATE, waiting_ids
from memory.embedders.choose import open_embedder
from memory.embedders.protocol import Embedder
from memory.opening import Memory


def find_memory(uow: UnitOfWork, settings: Settings | None = None) -> Memory | None:
    """The memory over the store's index.

    None without an index, when memory is off or another embedder is set, and while more changes wait than a search
    reads on the spot. Without Chroma, whose folder has one owner: what it would find is searched in the database.
    """
    connection = uow.session.connection()
    if not tables.exists(connection):
        return None
    wanted = settings or load_settings()
    if not wanted.memory_enabled:
        return None
    embedder = _embedder(wanted.memory_embedder, wanted.memory_base_url, wanted.memory_api_key.get_secret_value())
    found = tables.read_state(connection)
    if any(found.get(name) != value for name, value in index.identity(embedder).items()):
        return None
    return Memory(embedder) if len(waiting_ids(uow)) <= MOST_LATE else None


@lru_cache(maxsize=2)
def _embedder(name: str, base_url: str, api_key: str) -> Embedder:
    """One embedder a process, because a model takes a second or more to load."""
    return open_embedder(
        Settings(memory_embedder=name, memory_base_url=base_url, memory_api_key=SecretStr(api_key))
    )
