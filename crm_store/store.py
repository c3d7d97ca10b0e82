"""Opens the database and hands out units of work; the permission filter is attached to every session here."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry

from core.clock import Clock, SystemClock
from core.errors import OperatorFixableError
from crm_store.principals import Principal
from crm_store.row_rules import row_rules
from crm_store.unit_of_work import Cause, TakenError, UnitOfWork

BUSY_TIMEOUT_MS = 10_000
# Rows of an index that statistics are taken of: a store of 400,000 interactions takes 50 ms and is planned as well as
# from all rows; 1,000 led it to worse plans.
STATISTICS_ROWS = 10_000
# So much of a SQLite file is read as memory instead of by system calls: a search within an account takes a tenth less.
MAPPED_BYTES = 1 << 30

# By the primary result code of SQLite.
_SQLITE_REASONS = {
    sqlite3.SQLITE_BUSY: "is locked by another program; try again when that is done",
    sqlite3.SQLITE_LOCKED: "is locked by another program; try again when that is done",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full; make room and try again",
    sqlite3.SQLITE_READONLY: "cannot be written; check the rights of the file and its folder",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk is full or failing",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore a backup or choose another place",
    sqlite3.SQLITE_NOTADB: "is damaged or not a database; restore a backup or choose another place",
}
_UNREACHABLE = "cannot be opened or written; check that it can be reached and its rights"


class StoreUnavailableError(OperatorFixableError):
    """The database cannot be opened or read."""


class Store:
    """A database with its clock. Cheap to share between threads; close it when done."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self.engine, self.clock = engine, clock or SystemClock()

    @contextmanager
    def unit_of_work(
        self, principal: Principal, cause: Cause | None = None, *, writes: bool = True
    ) -> Iterator[UnitOfWork]:
        """One transaction for one principal; nothing is kept unless `commit` is called.

        Raises:
            TakenError: a value that has to be unique is taken, or something else needs a record.
            StoreUnavailableError: as in `session`.
        """
        options = {"dealhand_writes": writes}
        with self.session() as session:
            session.info["principal"] = principal
            session.connection(execution_options=options)
            try:
                yield UnitOfWork(session, principal, cause or Cause(), self.clock)
            except IntegrityError as error:
                raise TakenError(
                    "Another record has this value already, or needs this record; nothing was changed.",
                    zh="另一条记录已使用该值，或仍引用此记录；没有做任何修改。",
                ) from error
            session.rollback()

    @contextmanager
    def session(self, *, writes: bool = False, waits: bool = True) -> Iterator[Session]:
        """A session without anyone's rights, for what is no record; without `waits` a locked store refuses at once.

        Raises:
            StoreUnavailableError: the database is locked, full, damaged or out of reach; all is undone.
        """
        try:
            with Session(self.engine, expire_on_commit=False, autoflush=True) as session:
                if writes:
                    session.connection(execution_options={"dealhand_writes": True, "dealhand_waits": waits})
                yield session
        except DatabaseError as error:
            if type(error) not in (DatabaseError, OperationalError, InternalError, InterfaceError):
                raise
            raise StoreUnavailableError(what_is_wrong(place_of(self.engine), error.orig)) from error

    def refresh_statistics(self) -> None:
        """Tells SQLite how large tables are, by which it plans its queries; PostgreSQL sees to that by itself.

        Connections that are open already plan by it from the next time they are opened.

        Raises:
            StoreUnavailableError: as in `session`.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with self.session(writes=True) as session:
            session.execute(text(f"PRAGMA analysis_limit={STATISTICS_ROWS}"))
            session.execute(text("ANALYZE"))
            session.commit()

    def close(self) -> None:
        """Gives back the connections."""
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """An engine for a store URL: SQLite in WAL mode with full durability, or PostgreSQL.

    Raises:
        StoreUnavailableError: the URL cannot be read, or its driver is not installed.
    """
    try:
        engine = create_engine(url)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise StoreUnavailableError(
            "The database URL cannot be used; check DEALHAND_DATABASE_URL "
            "(PostgreSQL needs the extra: pip install 'dealhand[postgres]')."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def place_of(engine: Engine) -> str:
    """Where the database is, in words; never with its password."""
    if engine.dialect.name == "sqlite":
        return engine.url.database or "The database"
    return f"The database {engine.url.database} on {engine.url.host or 'this machine'}"


def what_is_wrong(place: str, error: BaseException | None) -> str:
    """Why the database cannot be used and what to do, from what its driver says."""
    code = getattr(error, "sqlite_errorcode", None)
    known = _SQLITE_REASONS.get(code & 0xFF) if isinstance(code, int) else None
    damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
    reason = known or (_SQLITE_REASONS[sqlite3.SQLITE_NOTADB] if damaged else _UNREACHABLE)
    return f"{place} {reason}. Nothing was changed."


def _prepare_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"mmap_size={MAPPED_BYTES}",
    ):
        _execute_patiently(cursor, f"PRAGMA {pragma}")
    cursor.close()


def _execute_patiently(cursor: Any, statement: str) -> None:
    # Turning WAL on does not heed the busy timeout when another process is just making the same new file.
    last_try = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > last_try:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    writes, waits = options.get("dealhand_writes", False), options.get("dealhand_waits", True)
    if not waits:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    finally:
        if not waits:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


@event.listens_for(Session, "do_orm_execute")
def _only_visible_rows(state: ORMExecuteState) -> None:
    principal: Principal | None = state.session.info.get("principal")
    if principal is None or principal.sees_all:
        return
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(row_rules(principal))
