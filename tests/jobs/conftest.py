from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_store.job_ledger import StoreJobLedger
from crm_store.opening import open_store
from jobs.engine import Jobs
from tests.crm_store.conftest import PostgresServer, postgres

__all__ = ["postgres"]


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    store = open_store(url)
    jobs = Jobs(StoreJobLedger(store), url, tmp_path)
    yield jobs
    jobs.close()
    store.close()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)
