"""Chroma, for searches without a scope: ids and vectors only, no text, filled from the database."""

import os
import shutil
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.errors import OperatorFixableError
from memory.embedders.protocol import Vectors

LOCK_FILE = "owner.lock"
_PREFIX = "dealhand-"
_AT_ONCE = 500


class ChromaBusyError(OperatorFixableError):
    """Another process owns the Chroma folder: two writers damage it beyond repair."""


class ChromaUnavailableError(OperatorFixableError):
    """The Chroma server cannot be reached, or the folder cannot be read."""


class ChromaIndex:
    """Vectors by id in a folder that one process owns, or in a Chroma server by its URL.

    Opened at the first use, so that what never searches without a scope never loads chromadb.
    """

    def __init__(self, place: str, folder: Path) -> None:
        self._place, self.folder = place, folder
        self._lock: Any = None
        self._collections: dict[str, Any] = {}

    def fill(self, name: str, ids: Sequence[str], rows: Vectors) -> None:
        """Adds vectors; those that are there under the same id stay as they are."""
        for start in range(0, len(ids), _AT_ONCE):
            end = start + _AT_ONCE
            self._call(partial(self._upsert, name, list(ids[start:end]), rows[start:end]))

    def drop(self, name: str, ids: Sequence[str]) -> None:
        """Removes vectors by id; unknown ids are ignored."""
        for start in range(0, len(ids), _AT_ONCE):
            self._call(partial(self._delete, name, list(ids[start : start + _AT_ONCE])))

    def nearest(self, name: str, row: Vectors, number: int) -> list[str]:
        """The ids of the nearest vectors, nearest first."""
        found = self._call(
            lambda: self._collection(name).query(query_embeddings=[row], n_results=number, include=[])
        )
        return list(found["ids"][0])

    def count(self, name: str) -> int:
        """How many vectors there are."""
        return int(self._call(lambda: self._collection(name).count()))

    def keep_only(self, name: str) -> None:
        """Drops every other collection of Dealhand in a folder of ours; a server may serve other stores, too."""
        if self._place == "local":
            for each in self._call(self._client.list_collections):
                if each.name.startswith(_PREFIX) and each.name != _PREFIX + name:
                    self._call(partial(self._client.delete_collection, each.name))

    def forget_all(self, name: str) -> None:
        """Removes a collection so that no byte stays: the folder goes with it, on a server the collection."""
        if self._place != "local":
            if any(each.name == _PREFIX + name for each in self._call(self._client.list_collections)):
                self._call(lambda: self._client.delete_collection(_PREFIX + name))
            self._collections.clear()
            return
        self._own()
        self._close_client()
        for entry in self.folder.iterdir():
            if entry.name != LOCK_FILE:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def is_free(self) -> bool:
        """Whether this process may use it: it is a server, or no other process owns the folder."""
        try:
            if self._place == "local":
                self._own()
        except ChromaBusyError:
            return False
        return True

    @property
    def is_open(self) -> bool:
        """Whether this process uses it already."""
        return "_client" in self.__dict__

    def close(self) -> None:
        """Gives the folder back for other processes."""
        self._close_client()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _upsert(self, name: str, ids: list[str], rows: Vectors) -> None:
        self._collection(name).upsert(ids=ids, embeddings=rows)

    def _delete(self, name: str, ids: list[str]) -> None:
        self._collection(name).delete(ids=ids)

    def _collection(self, name: str) -> Any:
        if name not in self._collections:
            self._collections[name] = self._client.get_or_create_collection(
                _PREFIX + name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return self._collections[name]

    def _call(self, action: Any) -> Any:
        from chromadb.errors import ChromaError, NotFoundError
        from httpx import HTTPError

        try:
            try:
                return action()
            except NotFoundError:
                # Another process made the collection anew.
                self._collections.clear()
                return action()
        except (ChromaError, HTTPError, OSError) as error:
            raise ChromaUnavailableError(self._advice()) from error

    def _advice(self) -> str:
        if self._place == "local":
            return f"The Chroma folder {self.folder} cannot be read; run `dealhand memory rebuild`."
        return "The Chroma server does not answer as it should; check DEALHAND_MEMORY_CHROMA_URL."

    @cached_property
    def _client(self) -> Any:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.config import Settings

        options = Settings(anonymized_telemetry=False)
        if self._place == "local":
            self._own()
            return chromadb.PersistentClient(path=str(self.folder), settings=options)
        url = urlsplit(self._place)
        try:
            return chromadb.HttpClient(
                host=url.hostname or "localhost",
                port=url.port or (443 if url.scheme == "https" else 8000),
                ssl=url.scheme == "https",
                settings=options,
            )
        except ValueError as error:
            raise ChromaUnavailableError(self._advice()) from error

    def _own(self) -> None:
        from filelock import FileLock, Timeout

        if self._lock is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / LOCK_FILE, timeout=0, is_singleton=True)
        try:
            lock.acquire()
        except Timeout as error:
            raise ChromaBusyError(
                f"Another process has the Chroma folder {self.folder} open, and two would damage it. "
                "Close the other one, or run a Chroma server and set DEALHAND_MEMORY_CHROMA_URL to its URL."
            ) from error
        self._lock = lock

    def _close_client(self) -> None:
        self._collections.clear()
        client = self.__dict__.pop("_client", None)
        if client is not None and hasattr(client, "close"):
            client.close()
