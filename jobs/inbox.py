"""Where a job of a caller that has to answer at once is written down, before the ledger has it.

On SQLite the store has one writer at a time, so such a caller would wait behind every turn that writes. The inbox
is a small file of its own that nothing else locks; a worker moves what it holds into the ledger within moments.
"""

import json
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jobs.job import Job, JobsUnavailableError

BUSY_S = 2.0
MOST_AT_A_TIME = 200


class Inbox:
    """Jobs in a SQLite file, oldest first. Share it between threads; several processes may use one file."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def put(self, job: Job) -> None:
        """Writes a job down; it survives a crash when this returns. A key that lies here already changes nothing.

        Raises:
            JobsUnavailableError: it cannot be written.
        """
        row = (job.key, job.id, json.dumps({**asdict(job), "run_at": None}))
        self._do("INSERT OR IGNORE INTO inbox (key, id, job) VALUES (?, ?, ?)", row)

    def list_waiting(self) -> list[Job]:
        """What lies here, in the order in which it came."""
        rows = self._do(f"SELECT job FROM inbox ORDER BY id LIMIT {MOST_AT_A_TIME}")
        return [Job(**json.loads(text)) for (text,) in rows]

    def remove(self, job: Job) -> None:
        """Takes a job out that the ledger has."""
        self._do("DELETE FROM inbox WHERE id = ?", (job.id,))

    def rewrite(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Changes what lies here, and overwrites what the file still holds of earlier jobs."""
        for key, text in self._do("SELECT key, job FROM inbox"):
            changed = json.dumps(change(json.loads(text)))
            if changed != text:
                self._do("UPDATE inbox SET job = ? WHERE key = ?", (changed, key))
        self._do("VACUUM")
        self._do("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Gives the connection back."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _do(self, statement: str, values: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        try:
            with self._lock, self._open() as connection, closing(connection.execute(statement, values)) as cursor:
                return cursor.fetchall()
        except (sqlite3.Error, OSError) as error:
            raise JobsUnavailableError(f"{self._path} cannot be written ({type(error).__name__}).") from error

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path, timeout=BUSY_S, check_same_thread=False)
            for statement in (
                "PRAGMA journal_mode=WAL",
                "PRAGMA synchronous=FULL",
                "CREATE TABLE IF NOT EXISTS inbox (key TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, job TEXT NOT NULL)",
            ):
                connection.execute(statement)
            self._connection = connection
        return self._connection
