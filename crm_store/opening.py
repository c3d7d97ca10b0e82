"""Opens a store for use."""

from sqlmodel import SQLModel

from core.clock import Clock
from crm_store.store import Store, open_engine


def open_store(url: str, clock: Clock | None = None) -> Store:
    """The store of that URL."""
    engine = open_engine(url)
    SQLModel.metadata.create_all(engine)
    return Store(engine, clock)
