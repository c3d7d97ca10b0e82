"""The tools that a small model may choose, read from `data/actions.yaml`; their arguments: `candidates.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a tool: its values are candidates of a `sort`, or the fixed `choices`.

    `filter` makes it a condition of a list: the field to compare, by kind of record.
    """

    name: str
    sort: str = ""
    choices: tuple[str, ...] = ()
    needed: bool = False
    several: bool = False
    filter: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """A tool with the arguments that a small model fills.

    An action that `changes` something needs an argument besides the needed ones.
    """

    tool: str
    says: str
    arguments: Mapping[str, Argument]
    writes: bool = False
    changes: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is offered: calls an answer, candidates a sort, characters a span, days back for what happened."""

    calls: int
    candidates: int
    span_characters: int
    days_ago: int


@cache
def all_actions() -> Mapping[str, Action]:
    """Every action by its tool."""
    return {tool: _action(tool, dict(given)) for tool, given in load("actions")["actions"].items()}


@cache
def limits() -> Limits:
    """The limits of `data/actions.yaml`."""
    return Limits(**load("actions")["limits"])


@cache
def load(name: str) -> dict[str, Any]:
    """The content of `language/constrained/data/<name>.yaml`."""
    text = (files("language.constrained") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def _action(tool: str, given: dict[str, Any]) -> Action:
    arguments = {
        name: Argument(name, **{**each, "choices": tuple(each.get("choices", ()))})
        for name, each in given.pop("arguments").items()
    }
    return Action(tool, arguments=arguments, **given)
