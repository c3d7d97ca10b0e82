from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_store.job_ledger import StoreJobLedger
from crm_store.opening import open_store
from jobs.engine import Jobs
from tests.crm_store.conftest import PostgresServer, northstar_on_postgres, postgres, store_url

__all__ = ["northstar_on_postgres", "postgres", "store_url"]


@pytest.fixture
def jobs(store_url: str, tmp_path: Path) -> Iterator[Jobs]:
    """A queue on a store, on SQLite and on PostgreSQL."""
    store = open_store(store_url)
    jobs = Jobs(StoreJobLedger(store), store_url, tmp_path)
    yield jobs
    jobs.close()
    store.close()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)
