"""A store is created and brought up to date on opening; what is no store is refused and left as it is."""

import os
import sqlite3
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

from crm_store.opening import newest_version, open_store
from crm_store.principals import SYSTEM
from crm_store.store import StoreUnavailableError


def test_the_migrations_make_exactly_the_schema_of_the_models(empty_url):
    store = open_store(empty_url)
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)
    store.close()
    assert differences == [], "write a migration in crm_store/migrations/versions for this"


def test_opening_again_changes_nothing(empty_url):
    for _ in range(2):
        store = open_store(empty_url)
        with store.engine.connect() as connection:
            versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
        store.close()
        assert versions == [newest_version()]


def test_several_may_open_a_new_store_at_once(empty_url):
    stores, errors = [], []

    def work():
        try:
            stores.append(open_store(empty_url))
        except StoreUnavailableError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(stores), errors) == (4, [])
    for store in stores:
        with store.unit_of_work(SYSTEM) as uow:
            assert uow.all("deal") == []
        store.close()


def test_a_store_of_a_newer_version_is_refused(empty_url):
    store = open_store(empty_url)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreUnavailableError, match=r"newer version of Dealhand \(schema 9999\)"):
        open_store(empty_url)


def test_a_database_of_something_else_is_refused(empty_url):
    store = open_store(empty_url)
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    store.close()
    with pytest.raises(StoreUnavailableError, match="holds other tables"):
        open_store(empty_url)


@pytest.mark.parametrize(
    "content",
    [b"this is a text, not a database" * 50, b"SQLite format 3\x00" + b"\xff" * 4096, b"\x00" * 8192],
    ids=["text", "damaged", "zeros"],
)
def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path, content):
    path = tmp_path / "notes.sqlite3"
    path.write_bytes(content)
    with pytest.raises(StoreUnavailableError, match=r"notes\.sqlite3 is damaged or not a database"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "store.sqlite3", tmp_path):
        with pytest.raises(StoreUnavailableError, match="cannot be opened or written"):
            open_store(f"sqlite:///{path}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreUnavailableError, match="cannot be opened or written"):
        open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    tmp_path.chmod(0o700)


def test_a_server_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(StoreUnavailableError, match="cannot be opened or written"):
        open_store(f"postgresql+psycopg://nobody@/nowhere?host={tmp_path}")


def test_a_url_that_is_none_is_refused():
    with pytest.raises(StoreUnavailableError, match="DEALHAND_DATABASE_URL"):
        open_store("not a url")


def test_folders_on_the_way_are_made(tmp_path):
    path = tmp_path / "new" / "deeper" / "store.sqlite3"
    open_store(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (newest_version(),)


def test_statistics_tell_sqlite_how_large_tables_are(northstar_url, empty_url):
    store = open_store(northstar_url)
    store.refresh_statistics()
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT tbl, stat FROM sqlite_stat1 WHERE idx = 'ix_deal_owner_id'")).all()
    store.close()
    assert rows
    assert rows[0].stat.startswith("120 ")
    other = open_store(empty_url)
    other.refresh_statistics()
    other.close()
