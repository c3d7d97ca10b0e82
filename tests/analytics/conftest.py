"""An empty store with today on Wednesday 19 May 2027, and a small world in it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.clock import FixedClock
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from tests.analytics.small_world import NOW, SmallWorld


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory):
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('small')}/store.sqlite3", FixedClock(NOW))
    yield store
    store.close()


@pytest.fixture(scope="session")
def new_world(empty_store):
    """A context that holds a fresh small world and leaves nothing behind."""

    @contextmanager
    def made() -> Iterator[SmallWorld]:
        with empty_store.unit_of_work(SYSTEM) as uow:
            yield SmallWorld(uow)

    return made


@pytest.fixture
def world(new_world) -> Iterator[SmallWorld]:
    with new_world() as small:
        yield small
