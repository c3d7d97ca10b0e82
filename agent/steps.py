"""What a turn is doing, in words that people understand: one step a tool call."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

_WORDS = Path(__file__).parent / "data" / "steps.yaml"

StepState = Literal["running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Step:
    """A tool call as it begins or ends. The title names no record, so that anyone may see it."""

    id: str
    title: str
    state: StepState


def step(call_id: str, tool: str, language: str, state: StepState) -> Step:
    """The step of a tool call."""
    words = _titles().get(tool, _titles()["other"])
    return Step(call_id, words[language if language in words else "en"], state)


@cache
def _titles() -> dict[str, dict[str, str]]:
    titles: dict[str, dict[str, str]] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return titles
