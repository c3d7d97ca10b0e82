"""From a reading to what is to be done, a small model choosing: the counterpart of `language.builtin.plan`."""

from collections.abc import Callable, Sequence

from langchain_core.messages import BaseMessage

from language.builtin.calls import Call
from language.builtin.plan import REQUESTS, Intent, plan
from language.builtin.reading import Reading
from language.constrained.actions import all_actions, load
from language.constrained.answer import read_answer, said
from language.constrained.candidates import find_candidates
from language.constrained.offer import answer_schema, offer
from language.constrained.prompt import prompt

# Messages and the JSON schema of the answer, to the text of the answer.
Ask = Callable[[Sequence[BaseMessage], dict[str, object]], str]


def choose(reading: Reading, ask: Ask) -> Intent:
    """Everything that the message asks for; `ask` is called once at most.

    Talk about the conversation itself and the plain answer to a question of ours are settled without the model.
    """
    reading = reading.own_words()
    answered = _answered(reading)
    if answered is not None:
        return Intent((answered,))
    settled, reading = _settled(reading)
    if not any(char.isalnum() for char in reading.text) or (settled.answer and not settled.consumed):
        return settled if settled.calls or settled.answer else plan(reading)
    candidates = find_candidates(reading)
    offered = offer(candidates)
    messages = prompt(reading.text, candidates, reading.dialogue.last)
    chosen = read_answer(ask(messages, answer_schema(offered)), offered, candidates, reading.language)
    calls = (*settled.calls, *chosen.calls)
    if chosen.answer or calls or settled.answer:
        return Intent(calls, chosen.answer or settled.answer, chosen.kind if chosen.answer else settled.kind)
    return _nothing(reading)


def _settled(reading: Reading) -> tuple[Intent, Reading]:
    """What the message says about the conversation itself, and the reading of the rest."""
    calls: list[Call] = []
    said_so = Intent()
    for name in load("actions")["settled_before"]:
        found = REQUESTS.get(name).find(reading)
        if not isinstance(found, Intent):
            continue
        reading = reading.without(found.consumed)
        calls.extend(found.calls)
        if found.answer and not said_so.answer:
            said_so = found
    return Intent(tuple(calls), said_so.answer, said_so.kind, said_so.consumed), reading


def _answered(reading: Reading) -> Call | None:
    """The call that waits for "which one?", with the record that this message names, if it does nothing else."""
    if len(reading.dialogue.open_calls) != 1 or len(reading.mentions) != 1:
        return None
    (past,) = reading.dialogue.open_calls
    asked_for = past.result.get("words")
    offered = {each["id"] for each in past.result.get("candidates", [])}
    (mention,) = reading.mentions
    meant = [each.entry.id for each in mention.candidates if each.entry.id in offered]
    rest = reading.text.replace(mention.span.text, "", 1)
    if len(meant) != 1 or sum(char.isalnum() for char in rest) > len(mention.span.text) or not asked_for:
        return None
    arguments = {name: _with(value, asked_for, meant[0]) for name, value in past.call.arguments.items()}
    if arguments == dict(past.call.arguments):
        return None
    action = all_actions().get(past.call.tool)
    if action is not None and action.keeps_words_in and reading.dialogue.last is not None:
        arguments.setdefault(action.keeps_words_in, reading.dialogue.last.said)
    return Call(past.call.tool, arguments)


def _with(value: object, words: str, record_id: str) -> object:
    if isinstance(value, list):
        return [record_id if each == words else each for each in value]
    return record_id if value == words else value


def _nothing(reading: Reading) -> Intent:
    """What is said when the model finds nothing to do: the built-in answer where it has one."""
    planned = plan(reading)
    if planned.answer and not planned.calls:
        return planned
    return Intent(answer=said("nothing", reading.language))
