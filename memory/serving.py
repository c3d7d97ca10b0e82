"""The index behind `search_interactions`, where there is one of use; opening it loads no model."""

from functools import lru_cache
from pathlib import Path

from pydantic import SecretStr

from core.settings import Settings, load_settings
from crm_store.unit_of_work import UnitOfWork
from memory import index, tables
from memory.chroma import ChromaIndex
from memory.embedders.choose import open_embedder
from memory.embedders.protocol import Embedder
from memory.opening import Memory
from memory.unindexed import MOST_LATE, waiting_ids


def find_memory(uow: UnitOfWork, settings: Settings | None = None) -> Memory | None:
    """The memory over the store's index.

    None without an index, when memory is off or another embedder is set, and while more changes wait than a search
    reads on the spot.
    """
    connection = uow.session.connection()
    if not tables.exists(connection):
        return None
    wanted = settings or load_settings()
    if not wanted.memory_enabled:
        return None
    embedder = shared_embedder(wanted)
    found = tables.read_state(connection)
    if any(found.get(name) != value for name, value in index.identity(embedder).items()):
        return None
    if len(waiting_ids(uow)) > MOST_LATE:
        return None
    return Memory(embedder, shared_chroma(wanted))


def shared_embedder(settings: Settings) -> Embedder:
    """The one embedder of this process, because a model takes a second or more to load."""
    return _embedder(
        settings.memory_embedder, settings.memory_base_url, settings.memory_api_key.get_secret_value()
    )


def shared_chroma(settings: Settings) -> ChromaIndex | None:
    """The one Chroma index of this process; opened at its first search of a large scope.

    From then on this process owns the folder, unless another one does: then the database is searched.
    """
    place = settings.memory_chroma_url.strip()
    return _chroma(place, settings.home_dir / "chroma") if place else None


@lru_cache(maxsize=2)
def _chroma(place: str, folder: Path) -> ChromaIndex:
    return ChromaIndex(place, folder)


@lru_cache(maxsize=2)
def _embedder(name: str, base_url: str, api_key: str) -> Embedder:
    return open_embedder(
        Settings(memory_embedder=name, memory_base_url=base_url, memory_api_key=SecretStr(api_key))
    )
