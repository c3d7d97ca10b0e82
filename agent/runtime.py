"""Everything that turns share: settings, store, names, log and the model loop. Built once a process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from agent.execution import ToolRunner
from agent.loop import Loop, build_loop
from core.clock import Clock
from core.settings import Settings
from crm_store.company_facts import keep_demo_day
from crm_store.conversation_log import ConversationLog
from crm_store.names import NameIndex
from crm_store.opening import open_store
from crm_store.store import Store
from memory.feeder import Feeder

# How long a closing process lets the memory finish what was just logged.
FEEDING_ENDS_S = 5.0


@dataclass(frozen=True)
class Runtime:
    """The agent ready to take turns. Share it between threads; close it when done."""

    settings: Settings
    store: Store
    names: NameIndex
    log: ConversationLog
    runner: ToolRunner
    loop: Loop
    feeder: Feeder | None = None

    def tool_calls(self, turn_id: str) -> list[dict[str, Any]]:
        """The tool calls of a turn in order: name, args, and whether each succeeded."""
        messages = self.log.turn_messages(turn_id)
        failed = {
            message["tool_call_id"]: message["outcome"]["failed"]
            for message in messages
            if message["type"] == "tool"
        }
        return [
            {"name": call["name"], "args": call["args"], "ok": not failed.get(call["id"], True)}
            for message in messages
            if message["type"] == "ai"
            for call in message["tool_calls"]
        ]

    def get_ready(self) -> None:
        """For a process that takes many turns: the memory gets ready in the background; returns at once."""
        if self.feeder is not None:
            self.feeder.get_ready()

    def tool_results(self, turn_id: str) -> list[dict[str, Any]]:
        """What the tools of a turn answered, in order, as a model reads it."""
        return [
            message["outcome"]["result"]
            for message in self.log.turn_messages(turn_id)
            if message["type"] == "tool" and not message["outcome"]["failed"]
        ]

    def close(self) -> None:
        """Lets the memory take in what was just logged, for a few seconds, and gives back the connections."""
        if self.feeder is not None:
            self.feeder.close(FEEDING_ENDS_S)
        self.store.close()


def build_runtime(settings: Settings, *, clock: Clock | None = None) -> Runtime:
    """Opens the store and sets up the configured model.

    Without a clock it is the machine's time, or for a demonstration company the day of the demonstration.

    Raises:
        StoreUnavailableError: the database cannot be opened.
        ModelUnavailableError: the model cannot be set up.
    """
    store = open_store(settings.resolved_database_url, clock)
    if clock is None:
        keep_demo_day(store)
    names, log = NameIndex(), ConversationLog(store)
    feeder = Feeder(store, settings) if settings.memory_enabled and settings.memory_feed else None
    runner = ToolRunner(store, names, log, settings, feeder)
    return Runtime(settings, store, names, log, runner, build_loop(runner, log, settings), feeder)


@contextmanager
def runtime_for(settings: Settings, *, clock: Clock | None = None) -> Iterator[Runtime]:
    """A runtime that is closed at the end of the block."""
    runtime = build_runtime(settings, clock=clock)
    try:
        yield runtime
    finally:
        runtime.close()
