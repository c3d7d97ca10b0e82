"""Everything that turns share: settings, store, names, log and the model loop. Built once a process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from agent.execution import ToolRunner
from agent.loop import Loop, build_loop
from core.clock import Clock
from core.settings import Settings
from crm_store.company_facts import DemoClock, company_facts
from crm_store.conversation_log import ConversationLog
from crm_store.names import NameIndex
from crm_store.opening import open_store
from crm_store.store import Store


@dataclass(frozen=True)
class Runtime:
    """The agent ready to take turns. Share it between threads; close it when done."""

    settings: Settings
    store: Store
    names: NameIndex
    log: ConversationLog
    runner: ToolRunner
    loop: Loop

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

    def close(self) -> None:
        """Gives back the database connections."""
        self.store.close()


def build_runtime(settings: Settings, *, clock: Clock | None = None) -> Runtime:
    """Opens the store and sets up the configured model.

    Without a clock it is the machine's time, or for a demonstration company the day of the demonstration.

    Raises:
        StoreUnavailableError: the database cannot be opened.
        ModelUnavailableError: the model cannot be set up.
    """
    store = open_store(settings.resolved_database_url, clock)
    demo_day = company_facts(store).demo_day
    if clock is None and demo_day is not None:
        store.clock = DemoClock(demo_day, store.clock)
    names, log = NameIndex(), ConversationLog(store)
    runner = ToolRunner(store, names, log, settings)
    return Runtime(settings, store, names, log, runner, build_loop(runner, log, settings))


@contextmanager
def runtime_for(settings: Settings, *, clock: Clock | None = None) -> Iterator[Runtime]:
    """A runtime that is closed at the end of the block."""
    runtime = build_runtime(settings, clock=clock)
    try:
        yield runtime
    finally:
        runtime.close()
