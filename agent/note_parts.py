"""What a dictated note says besides what the model asked for: people whom no record has, a rival, objections, promises.

People and the rival are proposed, each with a yes of its own; objections, and promises that became no task, are told,
for they are read from the logged text whenever somebody asks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agent.execution import TurnContext, effect_key
from agent.outcome import Outcome
from agent.runtime import Runtime
from core.parts import ApprovalRequest, ChangeReceipt, Text
from crm_store.voice_notes import find_voice_note
from language.introductions import find_introduced
from memory.facts.extract import Fact, facts_in
from memory.facts.validity import slot_label, visible_topics


@dataclass(frozen=True, slots=True)
class NotePart:
    """A call beyond those of the model, and what came of it."""

    tool: str
    arguments: dict[str, Any]
    outcome: Outcome


def parts_of_note(runtime: Runtime, turn: TurnContext, outcomes: Sequence[Outcome]) -> Iterator[NotePart]:
    """What the note says besides; nothing where the message is no voice note or no log waits for a yes.

    Somebody is proposed at the one company of the log, a rival for its one deal; what the record has or the model
    proposed is not proposed again.
    """
    changes = [
        change
        for outcome in outcomes
        for part in outcome.parts
        if isinstance(part, ApprovalRequest)
        for change in part.changes
    ]
    account, deal = _logged(changes, "account"), _logged(changes, "deal")
    if not account:
        return
    with runtime.store.unit_of_work(turn.principal, writes=False) as uow:
        if find_voice_note(uow, turn.message) is None:
            return
        facts = [fact for fact in facts_in(turn.message) if not fact.resolves]
        topics = visible_topics(uow, {fact.kind for fact in facts if fact.slot == "objection"})
    yield from _asked(runtime, turn, "create_contact", [
        {"name": each.name, "account": account, "title": each.title}
        for each in find_introduced(turn.message)
        if ("contact", each.name) not in {(change.record.kind, change.record.name) for change in changes}
    ])  # fmt: skip
    rivals = {fact.value for fact in facts if fact.slot == "competitor"}
    is_proposed = any(field.field == "competitor" for change in changes for field in change.fields)
    if deal and len(rivals) == 1 and not is_proposed:
        yield from _asked(runtime, turn, "update_deal", [{"deal": deal, "competitor": rivals.pop()}])
    objections = {
        fact.kind: fact.sentence.strip() for fact in facts if fact.slot == "objection" and fact.kind in topics
    }
    lines = [
        _HEARD[turn.language].format(topic=slot_label("objection", turn.language, kind), said=said)
        for kind, said in objections.items()
    ]
    lines += _promises(turn.language, facts, outcomes)
    if lines:
        told = "\n".join(lines)
        yield NotePart("", {}, Outcome({"heard": told}, [Text(text=told)]))


def _promises(language: str, facts: Sequence[Fact], outcomes: Sequence[Outcome]) -> list[str]:
    """What the others promised, and what we promised where no task is proposed for it."""
    as_task = {
        part.source
        for outcome in outcomes
        for part in outcome.parts
        if isinstance(part, ApprovalRequest) and part.changes[0].record.kind == "task"
    }
    return [
        _PROMISED[language][fact.kind].format(said=fact.sentence.strip())
        for fact in facts
        if fact.slot == "promise" and fact.kind in _PROMISED[language] and fact.sentence.strip() not in as_task
    ]


def _asked(runtime: Runtime, turn: TurnContext, tool: str, calls: Sequence[dict[str, Any]]) -> Iterator[NotePart]:
    """The calls as requests for a yes; one that is refused or changes nothing is left out."""
    for arguments in calls:
        key = effect_key(turn, f"note:{tool}:{':'.join(arguments.values())}")
        outcome = runtime.runner.run(turn, key, tool, arguments)
        if any(isinstance(part, ApprovalRequest) for part in outcome.parts):
            yield NotePart(tool, arguments, outcome)


def _logged(changes: Sequence[ChangeReceipt], field: str) -> str:
    """The account or deal that is to be logged for, when it is one."""
    found = {
        each.after
        for change in changes
        if change.record.kind == "interaction"
        for each in change.fields
        if each.field == field
    }
    return found.pop() if len(found) == 1 else ""


_PROMISED = {
    "en": {"theirs": "Their promise: “{said}”", "ours": "Your promise: “{said}”"},
    "zh": {"theirs": "对方的承诺：“{said}”", "ours": "您的承诺：“{said}”"},
}
_HEARD = {"en": "Objection ({topic}): “{said}”", "zh": "异议（{topic}）：“{said}”"}
