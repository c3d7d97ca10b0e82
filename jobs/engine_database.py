"""The engine's own database: where it is, how it is made ready, and what its failures mean."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from jobs.job import JobsUnavailableError


def engine_url(store_url: str, folder: Path) -> str:
    """The engine's database: a file of its own beside a SQLite store, a schema of its own in PostgreSQL."""
    if store_url.startswith("sqlite"):
        return f"sqlite:///{folder / 'jobs.sqlite3'}"
    return "postgresql://" + store_url.split("://", 1)[1]


def prepare(url: str) -> None:
    """Readers and the writer of a SQLite file do not wait for each other; the mode is kept in the file."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")


@contextmanager
def engine_errors() -> Iterator[None]:
    """What the engine's database has to say, as an error for the operator."""
    try:
        yield
    except Exception as error:  # whatever the engine and its driver raise; nothing is swallowed
        raise JobsUnavailableError(
            f"The queue of jobs cannot be used ({type(error).__name__}). What was put in is written down and is "
            "done as soon as a worker reaches it again."
        ) from error
