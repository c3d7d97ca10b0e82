"""What a small model may answer to one message: the tools that fit what was found, as a JSON schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from language.constrained.actions import Action, Argument, all_actions, limits, load
from language.constrained.candidates import Candidates

NONE = "none"
CLARIFY = "clarify"


@dataclass(frozen=True, slots=True)
class Offered:
    """An action with the values that each of its arguments may take: label to what the tool is given."""

    action: Action
    values: Mapping[str, Mapping[str, str]]


def offer(candidates: Candidates) -> dict[str, Offered]:
    """The tools that can be called with these candidates, by name."""
    found: dict[str, Offered] = {}
    for tool, action in all_actions().items():
        values = {name: _values(each, candidates) for name, each in action.arguments.items()}
        given = {name: allowed for name, allowed in values.items() if allowed}
        needed = {name for name, each in action.arguments.items() if each.needed}
        fits = needed <= set(given) and (not action.changes or set(given) > needed)
        if fits and (candidates.may_write or not action.writes):
            found[tool] = Offered(action, given)
    return found


def answer_schema(offered: Mapping[str, Offered]) -> dict[str, Any]:
    """The JSON schema of an answer: a few calls, each a tool with arguments out of their lists.

    Only objects, arrays, enums and `anyOf`, in a fixed order of properties: what grammar-based servers understand.
    """
    tools = [_tool_schema(each) for each in offered.values()]
    about = {"enum": list(load("prompt")["about"])}
    nothing = _object({"tool": {"enum": [NONE]}}, ["tool"])
    unclear = _object({"tool": {"enum": [CLARIFY]}, "about": about}, ["tool", "about"])
    calls = {
        "type": "array",
        "minItems": 1,
        "maxItems": limits().calls,
        "items": {"anyOf": [*tools, nothing, unclear]},
    }
    return {"title": "answer", "description": "What the message asks for.", **_object({"calls": calls}, ["calls"])}


def _values(argument: Argument, candidates: Candidates) -> Mapping[str, str]:
    if argument.choices:
        return {choice: choice for choice in argument.choices}
    return candidates.of(argument.sort)


def _tool_schema(offered: Offered) -> dict[str, Any]:
    properties: dict[str, Any] = {"tool": {"enum": [offered.action.tool]}}
    properties |= {name: schema for name, schema in _argument_schemas(offered)}
    needed = [name for name in offered.values if offered.action.arguments[name].needed]
    return _object(properties, ["tool", *needed])


def _argument_schemas(offered: Offered) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, values in offered.values.items():
        argument = offered.action.arguments[name]
        if argument.several:
            yield name, {"type": "array", "minItems": 1, "maxItems": len(values), "items": {"enum": list(values)}}
        else:
            way_out = [] if argument.choices and argument.needed else [CLARIFY] if argument.needed else [NONE]
            yield name, {"enum": [*values, *way_out]}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
