"""Which process is which worker: a name that a lock holds for as long as the process lives.

The engine gives a dead worker's unfinished jobs only to whoever bears its name. A name whose lock is free is
a dead worker's: the lock proves it, with no clock and no heartbeat.
"""

import zlib
from pathlib import Path
from typing import Any, Protocol

from jobs.job import JobsUnavailableError

MOST_WORKERS = 16
_LOCK_SPACE = 4717  # The first half of the two-part lock key, so that other users' locks are not met.


class WorkerName(Protocol):
    """A held name; `name` is the executor's id."""

    name: str

    def dead_names(self) -> list[str]:
        """Names of this role that nobody holds at this moment."""
        ...

    def release(self) -> None:
        """Gives the name back."""
        ...


class FileWorkerName:
    """One worker of a role for a SQLite store, by a lock file beside it."""

    def __init__(self, folder: Path, role: str) -> None:
        from filelock import FileLock, Timeout

        self.name = f"{role}-0"
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / f"jobs-{role}.lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise JobsUnavailableError(
                f"A “{role}” already works on this store. On SQLite there is one of each; PostgreSQL takes "
                "several (DEALHAND_DATABASE_URL)."
            ) from error

    def dead_names(self) -> list[str]:
        """None: there is only this one."""
        return []

    def release(self) -> None:
        """Gives the name back."""
        self._lock.release()


class PostgresWorkerName:
    """One of several workers of a role, by an advisory lock that ends with its connection."""

    def __init__(self, url: str, role: str) -> None:
        import psycopg

        self._role = role
        self._connection: Any = psycopg.connect(url, autocommit=True)
        for number in range(MOST_WORKERS):
            self.name = f"{role}-{number}"
            if self._take(self.name):
                return
        self._connection.close()
        raise JobsUnavailableError(f"{MOST_WORKERS} workers of “{role}” already run; that is the most.")

    def dead_names(self) -> list[str]:
        """Names of this role that nobody holds at this moment."""
        free = []
        for number in range(MOST_WORKERS):
            name = f"{self._role}-{number}"
            if name != self.name and self._take(name):
                free.append(name)
                self._ask("SELECT pg_advisory_unlock(%s, %s)", name)
        return free

    def release(self) -> None:
        """Gives the name back."""
        self._connection.close()

    def _take(self, name: str) -> bool:
        return bool(self._ask("SELECT pg_try_advisory_lock(%s, %s)", name))

    def _ask(self, statement: str, name: str) -> Any:
        key = zlib.crc32(name.encode()) & 0x7FFFFFFF
        return self._connection.execute(statement, (_LOCK_SPACE, key)).fetchone()[0]


def take_name(url: str, folder: Path, role: str) -> WorkerName:
    """A free name for a worker of `role` on the store of that URL.

    Raises:
        JobsUnavailableError: a worker of this role already runs on SQLite, or too many on PostgreSQL.
    """
    if url.startswith("sqlite"):
        return FileWorkerName(folder, role)
    return PostgresWorkerName(url, role)
