from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_store.job_ledger import StoreJobLedger
from crm_store.opening import open_store
from jobs.engine import Jobs
from tests.crm_store.conftest import PostgresServer, empty_url, postgres

__all__ = ["empty_url", "postgres"]


@pytest.fixture
def jobs(empty_url: str, tmp_path: Path) -> Iterator[Jobs]:
    """A queue on an empty store, on SQLite and on PostgreSQL."""
    store = open_store(empty_url)
    jobs = Jobs(StoreJobLedger(store), empty_url, tmp_path)
    yield jobs
    jobs.close()
    store.close()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)
