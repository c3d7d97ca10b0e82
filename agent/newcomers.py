"""People whom a dictated note introduces and no record has: proposed as contacts, each with a yes of its own."""

from collections.abc import Iterator, Sequence
from typing import Any

from agent.execution import Outcome, TurnContext, effect_key
from agent.runtime import Runtime
from core.parts import ApprovalRequest
from crm_store.voice_notes import find_voice_note
from language.introductions import find_introduced

TOOL = "create_contact"


def propose_newcomers(
    runtime: Runtime, turn: TurnContext, outcomes: Sequence[Outcome]
) -> Iterator[tuple[dict[str, Any], Outcome]]:
    """A contact for everyone whom the note introduces, at the company that it is logged for: arguments, outcome.

    Nothing where the message is no voice note, no company is certain, or the person is on record or proposed.
    """
    account, proposed = _company(outcomes), _proposed(outcomes)
    new = [each for each in find_introduced(turn.message) if each.name not in proposed] if account else []
    if not new:
        return
    with runtime.store.unit_of_work(turn.principal, writes=False) as uow:
        if find_voice_note(uow, turn.message) is None:
            return
    for each in new:
        arguments = {"name": each.name, "account": account, "title": each.title}
        outcome = runtime.runner.run(turn, effect_key(turn, f"met:{each.name}"), TOOL, arguments)
        if not outcome.failed:
            yield arguments, outcome


def _company(outcomes: Sequence[Outcome]) -> str:
    """The company that the note is to be logged for, when it is one."""
    fields = [
        field.after
        for outcome in outcomes
        for part in outcome.parts
        if isinstance(part, ApprovalRequest)
        for change in part.changes
        if change.record.kind == "interaction"
        for field in change.fields
        if field.field == "account"
    ]
    return fields[0] if len(set(fields)) == 1 else ""


def _proposed(outcomes: Sequence[Outcome]) -> set[str]:
    return {
        change.record.name
        for outcome in outcomes
        for part in outcome.parts
        if isinstance(part, ApprovalRequest)
        for change in part.changes
        if change.record.kind == "contact"
    }
