"""What was said before, read from the messages: records in focus, open questions, the last calls and answers."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from language.builtin.calls import Call
from language.builtin.words import top_candidates
from language.lexicon import Lexicon

# The arguments that hold the record that a call changes, by its id where it is certain.
_CHANGED = ("deal", "task", "record")
_OF_PEOPLE = ("scope", "owner", "assignee")
_LINKING = ("log_interaction", "create_task")


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call of an earlier turn with its result (the JSON that the tool gave)."""

    call: Call
    result: dict[str, Any]

    @property
    def failed(self) -> bool:
        """Whether it ended in an error (ambiguous, missing detail, not found, …)."""
        return "error" in self.result

    @property
    def waits(self) -> bool:
        """Whether the change was proposed and waits for a yes (or got a no)."""
        return "waiting_for_yes" in self.result

    @property
    def records(self) -> list[tuple[str, str, str]]:
        """The records that the result cites: (kind, id, name); of a change that failed the one that was to change."""
        cited = [(kind, record_id, name) for kind, record_id, name in self.result.get("records", [])]
        meant = [str(self.call.arguments.get(each, "")) for each in _CHANGED] if self.failed and not cited else []
        return [*cited, *((each.split("_", 1)[0], each, "") for each in meant if "_" in each and " " not in each)]


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A message, what was called for it, and what was answered in words.

    `named` are the records (kind, id, name) that the last message names without doubt where nothing was called for it:
    "if they sign, the pilot goes to Proposal" is about the pilot.
    """

    said: str
    calls: tuple[PastCall, ...]
    answered: str
    named: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Earlier turns, oldest first; the present message is not among them."""

    turns: tuple[PastTurn, ...] = ()

    @property
    def last(self) -> PastTurn | None:
        """The turn before this one."""
        return self.turns[-1] if self.turns else None

    @property
    def open_calls(self) -> tuple[PastCall, ...]:
        """Calls that wait for an answer of the person: of the last turn, or of the one before it where the last one was
        only a question about it, answered in words."""
        turns = self.turns[:-1] if self.last and not self.last.calls and _asks(self.last) else self.turns
        return tuple(past for past in turns[-1].calls if past.failed) if turns else ()

    @property
    def is_about_deals(self) -> bool:
        """Whether the last turn spoke of deals and of nothing else."""
        last = self.last
        kinds = {kind for past in (last.calls if last else ()) for kind, _, _ in past.records}
        return kinds == {"deal"}

    @property
    def proposed(self) -> tuple[PastCall, ...]:
        """The changes that were proposed just now, also when they got a bare no since."""
        for turn in reversed(self.turns[-2:]):
            if turn.calls:
                return tuple(past for past in turn.calls if past.waits)
        return ()

    def calls_on(self, record_id: str) -> list[PastCall]:
        """The calls that made or changed a record, oldest first; what was taken back is none."""
        return [
            past
            for turn in self.turns
            for past in turn.calls
            if past.result.get("undo") and any(found == record_id for _, found, _ in past.records)
        ]

    def focus(self, kind: str) -> tuple[str, str] | None:
        """The one record of a kind that was talked about last: (id, name).

        None where the last turn that cites any of the kind cites several: "it" after a list is nobody's guess.
        """
        for turn in reversed(self.turns):
            cited = {
                record_id: name for past in turn.calls for found, record_id, name in past.records if found == kind
            } or _linked(turn, kind)
            if cited:
                return next(iter(cited.items())) if len(cited) == 1 else None
        named = [
            (record_id, name) for found, record_id, name in (self.last.named if self.last else ()) if found == kind
        ]
        return named[0] if len(named) == 1 else None


def _asks(turn: PastTurn) -> bool:
    return turn.said.rstrip().endswith(("?", "？"))


def _linked(turn: PastTurn, kind: str) -> dict[str, str]:
    """The deal or person that a log or task of the turn is about, and the colleague whose figures or records it showed
    or gave something to: they are talked about, too."""
    if kind == "user":
        people = [value for past in turn.calls for value in _people_given(past.call) if value.startswith("user_")]
        return {each: "" for each in people if "|" not in each}
    if kind not in ("deal", "contact"):
        return {}
    calls = [past.call for past in turn.calls if past.result.get("undo") and past.call.tool in _LINKING]
    given = [call.arguments.get(name) for call in calls for name in (kind, f"{kind}s")]
    ids = [each for value in given for each in (value if isinstance(value, list) else [value])]
    return {str(each): "" for each in ids if str(each).startswith(f"{kind}_")}


def _people_given(call: Call) -> Iterator[str]:
    filters = [each for each in call.arguments.get("filters", ()) if isinstance(each, dict)]
    fields = call.arguments.get("fields")
    for given in (call.arguments, fields if isinstance(fields, dict) else {}):
        yield from (str(given[name]) for name in _OF_PEOPLE if given.get(name))
    yield from (str(each.get("value", "")) for each in filters if each.get("field") in _OF_PEOPLE)


def read_dialogue(messages: Sequence[BaseMessage], lexicon: Lexicon) -> Dialogue:
    """The dialogue before the last human message; `lexicon` knows the names in it."""
    turns: list[PastTurn] = []
    current: list[BaseMessage] = []
    for message in messages:
        if isinstance(message, HumanMessage):
            if current:
                turns.append(_turn(current))
            current = [message]
        elif current:
            current.append(message)
    if turns and not turns[-1].calls:
        turns[-1] = replace(turns[-1], named=tuple(_named(turns[-1].said, lexicon)))
    return Dialogue(tuple(turns))


def _named(said: str, lexicon: Lexicon) -> Iterator[tuple[str, str, str]]:
    for mention in lexicon.find_mentions(said):
        found = [item.entry for item in top_candidates(mention)]
        if len(found) == 1:
            yield found[0].kind, found[0].id, found[0].name


def _turn(messages: Sequence[BaseMessage]) -> PastTurn:
    results = {m.tool_call_id: _result(m) for m in messages if isinstance(m, ToolMessage)}
    calls = [
        PastCall(Call(call["name"], call["args"]), results.get(call["id"] or "", {}))
        for message in messages
        if isinstance(message, AIMessage)
        for call in message.tool_calls
    ]
    answered = [str(m.text) for m in messages if isinstance(m, AIMessage) and m.text]
    return PastTurn(str(messages[0].text), tuple(calls), " ".join(answered))


def _result(message: ToolMessage) -> dict[str, Any]:
    try:
        result = json.loads(str(message.text))
    except json.JSONDecodeError:
        return {}
    return result if isinstance(result, dict) else {}
