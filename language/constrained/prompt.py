"""The prompt of a small model: an unchanging part with examples, then the message with its candidates."""

import json
from collections.abc import Mapping, Sequence
from functools import cache

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from language.builtin.dialogue import PastTurn
from language.constrained.actions import all_actions, load
from language.constrained.candidates import Candidates


def prompt(text: str, candidates: Candidates, before: PastTurn | None) -> list[BaseMessage]:
    """The messages for the endpoint; everything but the last is the same for every message of everyone."""
    listed = {sort: list(candidates.of(sort)) for sort in _listed_sorts() if candidates.of(sort)}
    earlier = f"Before: {before.said}\n" if before is not None and before.said else ""
    return [*_unchanging(), HumanMessage(earlier + _shown(text, listed))]


@cache
def _unchanging() -> Sequence[BaseMessage]:
    told = load("prompt")
    tools = "\n".join(f"{tool}: {action.says}" for tool, action in all_actions().items())
    system = SystemMessage(told["system"].format(tools=tools, about=", ".join(told["about"])).strip())
    examples: list[BaseMessage] = []
    for example in told["examples"]:
        answer = json.dumps({"calls": example["calls"]}, ensure_ascii=False)
        examples += [HumanMessage(_shown(example["message"], example["candidates"])), AIMessage(answer)]
    return (system, *examples)


@cache
def _listed_sorts() -> Sequence[str]:
    """The sorts that arguments are chosen from, but those that are not worth a line."""
    sorts = (each.sort for action in all_actions().values() for each in action.arguments.values())
    return tuple(sort for sort in dict.fromkeys(sorts) if sort and sort not in load("prompt")["unlisted"])


def _shown(text: str, candidates: Mapping[str, Sequence[str]]) -> str:
    lines = [f"{sort}: {' | '.join(labels)}" for sort, labels in candidates.items()]
    return "\n".join([f"Message: {text.strip()}", *lines])
