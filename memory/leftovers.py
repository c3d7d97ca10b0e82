"""What a contact leaves outside the records: free pages and logs of databases, the inbox of jobs, text files."""

import re
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import SQLModel

from crm_store.store import Store
from jobs.inbox import Inbox
from memory import tables
from memory.mentions import ERASED, mentions, without_mentions

# Files of the home folder in which words of people may stand: what was typed, what went wrong, what was sent.
_FILES = ("chat_history", "*.log*", "deliveries/**/*.txt")
_INBOX = "inbox.sqlite3"
_LONGEST_WAIT_S = 10.0


def purge(store: Store) -> bool:
    """Overwrites what the database still holds of deleted rows in free pages, its text index and its log.

    False where another process reads the log of a SQLite store all the time: its last process empties it at its end.
    """
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            for table in SQLModel.metadata.sorted_tables + tables.metadata.sorted_tables:
                if connection.execute(text("SELECT to_regclass(:name)"), {"name": table.name}).scalar():
                    connection.execute(text(f'VACUUM FULL "{table.name}"'))
            return True
        raw: Any = connection.connection.dbapi_connection
        if tables.exists(connection):
            raw.execute("INSERT INTO memory_text(memory_text) VALUES ('rebuild')")
        connection.commit()
        raw.execute("VACUUM")
        return _empty_log(raw)


def clean_home(home: Path | None, pattern: re.Pattern[str]) -> None:
    """Takes mentions out of the home folder's text files and of jobs that wait there to be taken up."""
    if home is None:
        return
    for path in (path for glob in _FILES for path in home.glob(glob)):
        _clean_lines(path, pattern)
    if (home / _INBOX).exists():
        inbox = Inbox(home / _INBOX)
        inbox.rewrite(lambda job: without_mentions(job, pattern) if mentions(job, pattern) else job)
        inbox.close()


def _clean_lines(path: Path, pattern: re.Pattern[str]) -> None:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    # The chat's history begins each typed line with a plus sign.
    kept = [f"{'+' * line.startswith('+')}{ERASED}\n" if pattern.search(line) else line for line in lines]
    if kept != lines:
        path.write_text("".join(kept), encoding="utf-8")


def _empty_log(raw: Any) -> bool:
    """Writes the whole log into the database and cuts it to nothing; readers have to let go of it first."""
    until = time.monotonic() + _LONGEST_WAIT_S
    while raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True
