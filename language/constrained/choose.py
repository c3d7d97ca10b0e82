"""From a reading to what is to be done, a small model choosing: the counterpart of `language.builtin.plan`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from langchain_core.messages import BaseMessage

from language.builtin.calls import Call
from language.builtin.plan import REQUESTS, Intent, plan
from language.builtin.reading import Reading
from language.constrained.actions import load
from language.constrained.answer import read_answer, said
from language.constrained.candidates import find_candidates
from language.constrained.offer import answer_schema, offer
from language.constrained.prompt import prompt

# Messages and the JSON schema of the answer, to the text of the answer.
Ask = Callable[[Sequence[BaseMessage], dict[str, object]], str]


@dataclass(frozen=True)
class _Settled:
    """What needs no model: calls, an answer, and the reading of the rest; `done` when there is no rest."""

    intent: Intent
    rest: Reading
    done: bool


def choose(reading: Reading, ask: Ask) -> Intent:
    """Everything that the message asks for; `ask` is called once at most.

    Talk about the conversation itself, and answers to questions of ours, are settled without the model.
    """
    settled = _settle(reading.own_words())
    intent, reading = settled.intent, settled.rest
    if settled.done:
        return intent if intent.calls or intent.answer else plan(reading)
    candidates = find_candidates(reading)
    offered = offer(candidates)
    messages = prompt(reading.text, candidates, reading.dialogue.last)
    chosen = read_answer(ask(messages, answer_schema(offered)), offered, candidates, reading.language)
    calls = (*intent.calls, *chosen.calls)
    if chosen.answer:
        return Intent(calls, chosen.answer, chosen.kind)
    return Intent(calls, intent.answer, intent.kind) if calls or intent.answer else _nothing(reading)


def _settle(reading: Reading) -> _Settled:
    """Asks the kinds of request that need no model, each about what the ones before left over."""
    calls: list[Call] = []
    answered = Intent()
    for name in load("actions")["settled_before"]:
        kind = REQUESTS.get(name)
        found = kind.find(reading)
        if not isinstance(found, Intent):
            found = Intent(tuple(found))
        calls.extend(found.calls)
        answered = answered if answered.answer else found
        if (found.calls and kind.exclusive) or (found.answer and not found.consumed):
            return _Settled(Intent(tuple(calls), answered.answer, answered.kind), reading, done=True)
        reading = reading.without(found.consumed)
    nothing_left = not any(char.isalnum() for char in reading.text)
    return _Settled(Intent(tuple(calls), answered.answer, answered.kind), reading, done=nothing_left)


def _nothing(reading: Reading) -> Intent:
    """What is said when the model finds nothing to do: the built-in answer where it has one."""
    planned = plan(reading)
    if planned.answer and not planned.calls:
        return planned
    return Intent(answer=said("nothing", reading.language))
