"""What a case is played against: the agent with a store of its own. Tests play against a scripted one."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from agent.reply import Reply, Turn
from core.clock import FixedClock
from core.settings import Settings
from evals.graders.evidence import Snapshot
from evals.worlds import World

if TYPE_CHECKING:
    from agent import Runtime

_STORE = "dealhand.sqlite3"
ToolCall = Mapping[str, Any]


class Session(Protocol):
    """One isolated copy of a world with the agent on it."""

    def __enter__(self) -> Self:
        """Opens it."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        ...

    def send(self, turn: Turn) -> Reply:
        """The agent's reply to one message."""
        ...

    def answer(self, email: str, approval_id: str, yes: bool) -> Reply:
        """The agent's reply to a yes or no."""
        ...

    def tool_calls(self, turn_id: str) -> Sequence[ToolCall]:
        """Calls of tools in one turn: name, args, ok."""
        ...

    def snapshot(self) -> Snapshot:
        """Every record as it is now."""
        ...


class Backend(Protocol):
    """Loads worlds and opens sessions on copies of them; travels to worker processes, so it must pickle."""

    def prepare(self, world: World, template: Path) -> Sequence[str]:
        """Loads a world into the folder `template`, once a run; returns what could not be taken in, in words."""
        ...

    def open(self, template: Path, home: Path, clock: FixedClock, model: str) -> Session:
        """A session on a fresh copy of the template in the folder `home`."""
        ...


@dataclass(frozen=True, slots=True)
class AgentBackend:
    """The agent itself, over SQLite: a world is imported once and its file copied for each case."""

    def prepare(self, world: World, template: Path) -> Sequence[str]:
        """Imports the world into a store in the folder `template`; returns the rows that were rejected."""
        from crm_store.transfer import import_world

        template.mkdir(parents=True, exist_ok=True)
        report = import_world(_url(template), world.folder, clock=world.start())
        return [f"{world.name}/{row.file}:{row.line} {row.column}: {row.reason}" for row in report.rejections]

    def open(self, template: Path, home: Path, clock: FixedClock, model: str) -> Session:
        """Copies the store (with what SQLite keeps beside it) and opens a runtime on the copy."""
        home.mkdir(parents=True, exist_ok=True)
        for file in template.glob(f"{_STORE}*"):
            shutil.copy2(file, home / file.name)
        return AgentSession(_settings(home, model), clock)


class AgentSession:
    """A runtime of the agent for one case."""

    def __init__(self, settings: Settings, clock: FixedClock) -> None:
        from agent import build_runtime

        self._url = settings.resolved_database_url
        self._runtime: Runtime = build_runtime(settings, clock=clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runtime.close()

    def send(self, turn: Turn) -> Reply:
        """The agent's reply to one message."""
        from agent import run_turn

        return run_turn(self._runtime, turn)

    def answer(self, email: str, approval_id: str, yes: bool) -> Reply:
        """The agent's reply to a yes or no."""
        from agent import answer_approval

        return answer_approval(self._runtime, email, approval_id, yes)

    def tool_calls(self, turn_id: str) -> Sequence[ToolCall]:
        """Calls of tools in one turn, as the runtime recorded them."""
        return self._runtime.tool_calls(turn_id)

    def snapshot(self) -> Snapshot:
        """Every record, unfiltered."""
        from crm_store.transfer import snapshot_rows

        return snapshot_rows(self._url)


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / _STORE}"


def _settings(home: Path, model: str) -> Settings:
    """Settings of the environment for one case; a model that is measured has no other one to fall back to."""
    return Settings(home=home, database_url=_url(home), model=model, model_fallback="", memory_feed=False)
