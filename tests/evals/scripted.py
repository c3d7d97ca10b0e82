"""An agent that follows a script, on a tiny company in memory; importable by worker processes."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from agent.reply import Reply, Turn
from core.clock import FixedClock
from core.parts import ApprovalRequest, NotKnown, Part, Question, RecordRef, Text
from evals.worlds import World

SAYINGS = {
    "pipeline?": "Your pipeline is $45,000.",
    "wrong pipeline?": "Your pipeline is $46,000.",
    "remember?": "Noted.",
}


@dataclass(frozen=True)
class ScriptedBackend:
    """Loads the deals of the world's deals.csv; a world called `broken` cannot be loaded."""

    def prepare(self, world: World, template: Path) -> Sequence[str]:
        if world.name == "broken":
            raise RuntimeError("no such table")
        template.mkdir(parents=True)
        lines = (world.folder / "deals.csv").read_text(encoding="utf-8").splitlines()[1:]
        deals = {
            f"deal_{n}": dict(zip(("name", "stage"), line.split(","), strict=True)) for n, line in enumerate(lines)
        }
        (template / "state.json").write_text(json.dumps({"deal": deals, "task": {}}), encoding="utf-8")
        return [f"{world.name}/deals.csv:9 stage: unknown"]

    def open(self, template: Path, home: Path, clock: FixedClock, model: str) -> "ScriptedSession":
        return ScriptedSession(json.loads((template / "state.json").read_text(encoding="utf-8")), clock, model)


class ScriptedSession:
    """Understands `move NAME to STAGE`, `close NAME` (needs a yes), `which N`, `note`, `crash`, `hang`, `die`."""

    def __init__(self, state: dict[str, Any], clock: FixedClock, model: str) -> None:
        self.state, self.clock, self.model = state, clock, model
        self.waiting: dict[str, str] = {}
        self.calls: dict[str, list[dict[str, Any]]] = {}
        self.turns = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *gone: object) -> None:
        return None

    def send(self, turn: Turn) -> Reply:
        self.turns += 1
        verb, _, rest = turn.text.partition(" ")
        match verb:
            case "move":
                name, _, stage = rest.partition(" to ")
                self._set(name, stage)
                return self._reply(Text(text=f"Moved {name}."))
            case "close":
                self.waiting[f"approval_{self.turns}"] = rest
                return self._reply(self._request(rest))
            case "which":
                return self._reply(Question(text=f"Which {rest} do you mean, {rest} A or {rest} B?"))
            case "note":
                self.state["task"][f"task_{self.turns}"] = {"title": rest, "due": self.clock.now().isoformat()}
                return self._reply(Text(text="Noted."))
            case "crash":
                raise RuntimeError("the agent broke")
            case "hang":
                time.sleep(60)
            case "die":
                os._exit(3)
        return self._reply(
            Text(text=SAYINGS[turn.text]) if turn.text in SAYINGS else NotKnown(text="No such record.")
        )

    def answer(self, email: str, approval_id: str, yes: bool) -> Reply:
        if yes:
            self._set(self.waiting.pop(approval_id), "Closed")
        return self._reply(Text(text="Done." if yes else "Left as it was."))

    def tool_calls(self, turn_id: str) -> Sequence[Mapping[str, Any]]:
        return self.calls.get(turn_id, [])

    def snapshot(self) -> dict[str, Any]:
        return deepcopy(self.state)

    def _set(self, name: str, stage: str) -> None:
        for record in self.state["deal"].values():
            if record["name"] == name:
                record["stage"] = stage
        self.calls[f"turn_{self.turns}"] = [
            {"name": "update_deal", "args": {"deal": name, "stage": stage}, "ok": True}
        ]

    def _request(self, name: str) -> ApprovalRequest:
        return ApprovalRequest(
            approval_id=f"approval_{self.turns}",
            text=f"Close {name}?",
            changes=(),
            reasons=("closing",),
            expires_at="",
        )

    def _reply(self, part: Part) -> Reply:
        records = (RecordRef(kind="deal", id="deal_0", name="Dock 2"),)
        return Reply(
            conversation_id="conversation_1", turn_id=f"turn_{self.turns}", parts=(part,), records=records,
            model=self.model, prompt_tokens=7,
        )  # fmt: skip
