"""Feeds the index while a process runs: a thread that is nudged after each commit."""

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import DealhandError
from core.settings import Settings
from crm_store.store import Store

if TYPE_CHECKING:
    from memory.opening import Memory

logger = logging.getLogger("dealhand")

# Changes taken in one go; between two the thread looks whether the process is closing.
BATCH = 200


class Feeder:
    """Feeds the index in a thread of its own after commits; never blocks or fails who nudges it.

    Chroma is filled where this process searches by it; else that is left to the worker and to `dealhand memory feed`,
    as its folder has one owner, and what it lacks is searched in the database meanwhile.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._nudged, self._closing = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._is_to_load = False

    def nudge(self) -> None:
        """Says that something was committed; returns at once."""
        with self._lock:
            self._nudged.set()
            if not self._closing.is_set() and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._run, name="dealhand-memory", daemon=True)
                self._thread.start()

    def get_ready(self) -> None:
        """Loads the model and makes a missing index in the background; returns at once."""
        self._is_to_load = True
        self.nudge()

    def close(self, wait_s: float) -> bool:
        """Lets the thread finish its batch, for `wait_s` at most; says whether nothing is left running."""
        self._closing.set()
        self._nudged.set()
        thread = self._thread
        if thread is not None:
            thread.join(wait_s)
        return thread is None or not thread.is_alive()

    def _run(self) -> None:
        # Only here, so that a process that logs nothing loads neither numpy nor an embedder.
        from memory.opening import open_memory

        settings = self._settings.model_copy(update={"memory_chroma_url": ""})
        memory = open_memory(settings)
        while True:
            self._nudged.wait()
            self._nudged.clear()
            self._feed(memory)
            self._load()
            if self._closing.is_set():
                return

    def _load(self) -> None:
        """What is loaded here is what searches of this process use."""
        from memory.serving import shared_embedder

        if not self._is_to_load or self._closing.is_set():
            return
        self._is_to_load = False
        try:
            shared_embedder(self._settings).load()
        except DealhandError as error:
            logger.warning("memory not ready: %s", error)

    def _feed(self, memory: "Memory") -> None:
        from memory.serving import shared_chroma
        from memory.syncing import sync
        from memory.upkeep import keep_up

        try:
            while keep_up(self._store, memory, most=BATCH).fed.entries >= BATCH and not self._closing.is_set():
                pass
            chroma = shared_chroma(self._settings)
            if chroma is not None and chroma.is_open:
                sync(self._store, replace(memory, chroma=chroma))
        except DealhandError as error:
            # What was not taken in waits in the outbox for the next nudge, a worker or a command.
            logger.warning("memory not fed: %s", error)
