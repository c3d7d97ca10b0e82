"""From a small model's JSON to what is to be done; whatever is no candidate is dropped and becomes a question."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from language.builtin.calls import Call
from language.builtin.plan import Intent
from language.constrained.actions import Argument, load
from language.constrained.candidates import Candidates
from language.constrained.offer import CLARIFY, NONE, Offered

_WHAT = "request"
_KIND = "kind"


class UnreadableAnswerError(ValueError):
    """The answer is not the JSON that was asked for."""


@dataclass
class _Read:
    """Calls that can be made, and the sorts of things that have to be asked for the others."""

    calls: list[Call] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def read_answer(text: str, offered: Mapping[str, Offered], candidates: Candidates, language: str) -> Intent:
    """The calls of an answer, and one question for all that could not be taken over; empty when it says `none`.

    A call with any argument that is no candidate is not made at all. Unreadable JSON is one question.
    """
    try:
        calls = _calls(text)
    except UnreadableAnswerError:
        return Intent(answer=said("unreadable", language), kind="question")
    read = _Read()
    for number, call in enumerate(calls):
        _take(call, number, offered, read)
    if not read.unclear:
        return Intent(tuple(read.calls))
    questions = dict.fromkeys(_question(about, candidates, language) for about in read.unclear)
    return Intent(tuple(read.calls), " ".join(questions), "question")


def said(key: str, language: str, **filled: str) -> str:
    """A sentence of `data/prompt.yaml`."""
    return str(load("prompt")["answers"][key][language]).format(**filled)


def _calls(text: str) -> list[dict[str, Any]]:
    """The calls of the first JSON object in the text, with or without a fence or words around it."""
    start, end = text.find("{"), text.rfind("}")
    try:
        answer = json.loads(text[start : end + 1])
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableAnswerError(text[:200]) from error
    calls = answer.get("calls") if isinstance(answer, dict) else None
    if not isinstance(calls, list) or not calls or not all(isinstance(call, dict) for call in calls):
        raise UnreadableAnswerError(text[:200])
    return calls


def _take(given: Mapping[str, Any], number: int, offered: Mapping[str, Offered], read: _Read) -> None:
    tool = given.get("tool")
    if tool == NONE:
        return
    if tool == CLARIFY:
        about = str(given.get("about"))
        read.unclear.append(about if about in load("prompt")["about"] else _WHAT)
        return
    chosen = offered.get(tool) if isinstance(tool, str) else None
    if chosen is None:
        read.unclear.append(_WHAT)
        return
    arguments, unclear = _arguments(given, chosen)
    if unclear:
        read.unclear.extend(unclear)
    elif chosen.action.changes and not _changes_anything(chosen, arguments):
        read.unclear.append(_WHAT)
    elif not any((call.tool, call.arguments) == (tool, arguments) for call in read.calls):
        read.calls.append(Call(chosen.action.tool, arguments, number))


def _arguments(given: Mapping[str, Any], chosen: Offered) -> tuple[dict[str, Any], list[str]]:
    """The arguments as the tool takes them, and what is unclear about them."""
    arguments: dict[str, Any] = {}
    filters: list[dict[str, str]] = []
    unclear: list[str] = []
    for name, value in given.items():
        if name == "tool" or value in (NONE, "", [], None):
            continue
        argument = chosen.action.arguments.get(name)
        taken = _taken(value, chosen.values.get(name, {}), several=bool(argument and argument.several))
        if argument is None or taken is None:
            unclear.append(argument.sort if argument and argument.sort else _WHAT)
        elif argument.filter:
            filters.append(_filter(argument, str(taken), str(given.get(_KIND, ""))))
        else:
            arguments[name] = taken
    missing = [each for each in chosen.action.arguments.values() if each.needed and each.name not in arguments]
    unclear += [each.sort or _WHAT for each in missing if (each.sort or _WHAT) not in unclear]
    return (arguments | {"filters": filters} if filters else arguments), unclear


def _taken(value: Any, allowed: Mapping[str, str], *, several: bool) -> Any:
    """What the tool is given for a value; None when it is no candidate."""
    if not several:
        return allowed.get(value) if isinstance(value, str) else None
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) and each in allowed for each in values):
        return None
    return list(dict.fromkeys(allowed[each] for each in values))


def _filter(argument: Argument, value: str, kind: str) -> dict[str, str]:
    return {"field": argument.filter.get(kind) or argument.filter["any"], "op": "=", "value": value}


def _changes_anything(chosen: Offered, arguments: Mapping[str, Any]) -> bool:
    return any(not chosen.action.arguments[name].needed for name in arguments)


def _question(about: str, candidates: Candidates, language: str) -> str:
    what = load("prompt")["about"].get(about, load("prompt")["about"][_WHAT])[language]
    if about == _WHAT or about not in load("prompt")["about"]:
        return said("what", language)
    names = list(candidates.of(about))
    if len(names) > 1:
        return said("which_of", language, what=what, names=load("prompt")["joint"][language].join(_some(names)))
    return said("which", language, what=what)


def _some(names: list[str]) -> Iterator[str]:
    yield from names[:5]
