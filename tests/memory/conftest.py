"""A memory with an embedder of its own for tests, and the stores on both databases."""

import pytest

from core.settings import Settings
from memory.opening import Memory, open_memory
from tests.crm_store.conftest import northstar_on_postgres, postgres, store, store_url
from tests.memory.hashed_embedder import HashedEmbedder

__all__ = ["northstar_on_postgres", "postgres", "store", "store_url"]


@pytest.fixture
def embedder():
    return HashedEmbedder()


@pytest.fixture
def memory(embedder):
    return Memory(embedder)


@pytest.fixture
def chroma_memory(embedder, tmp_path):
    """A memory with a Chroma folder of its own."""
    opened = open_memory(Settings(home=tmp_path / "home"))
    opened.embedder = embedder
    yield opened
    opened.close()
