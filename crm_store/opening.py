"""Opens a store and brings its schema up to date; refuses, untouched, what is no store or of a newer version."""

import sqlite3
import threading
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from core.clock import Clock
from crm_store.store import Store, StoreUnavailableError, open_engine, place_of, what_is_wrong

VERSION_TABLE = "alembic_version"
MIGRATION_LOCK = 4_717_001

# Alembic keeps the run that is under way in a global, so two threads may not migrate at once.
_one_at_a_time = threading.Lock()


def open_store(url: str, clock: Clock | None = None) -> Store:
    """The store of that URL, created or brought up to date if needed.

    Raises:
        StoreUnavailableError: it cannot be reached, read or written, is no store of Dealhand, or was written
            by a newer version. Nothing is changed then.
    """
    engine = open_engine(url)
    place = place_of(engine)
    try:
        _make_folder(engine)
        with engine.connect() as connection:
            version = _version(connection)
        if version != newest_version():
            _bring_up_to_date(engine, place)
    except (DBAPIError, sqlite3.Error, OSError) as error:
        engine.dispose()
        raise StoreUnavailableError(what_is_wrong(place, getattr(error, "orig", error))) from error
    except StoreUnavailableError:
        engine.dispose()
        raise
    return Store(engine, clock)


def newest_version() -> str:
    """The number of the newest migration, for example "0001"."""
    return max(_versions())


def migrate(connection: Connection) -> None:
    """Runs the migrations that the database lacks, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("crm_store.migrations")))
    config.attributes["connection"] = connection
    with _one_at_a_time:
        command.upgrade(config, "head")


def _bring_up_to_date(engine: Engine, place: str) -> None:
    with engine.connect().execution_options(dealhand_writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        version = _version(connection)
        if version is None and inspect(connection).get_table_names():
            raise StoreUnavailableError(f"{place} holds other tables; it is not a store of Dealhand.")
        if version is not None and version not in _versions():
            raise StoreUnavailableError(
                f"{place} was written by a newer version of Dealhand (schema {version}); update Dealhand first."
            )
        if version != newest_version():
            migrate(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return None if found is None else str(found)


def _versions() -> set[str]:
    folder = files("crm_store.migrations").joinpath("versions")
    return {entry.name.partition("_")[0] for entry in folder.iterdir() if entry.name[:1].isdigit()}


def _make_folder(engine: Engine) -> None:
    """The folder of a SQLite file, also of one in SQLite's own spelling "file:/a/b"."""
    path = (engine.url.database or "").removeprefix("file:")
    if engine.dialect.name == "sqlite" and path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
