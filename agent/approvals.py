"""Answers to requests for a yes: by button (an approval id) or in words; each has its effect once."""

import time
from dataclasses import dataclass, replace
from datetime import datetime

from agent.assembly import cited
from agent.edits import Edit
from agent.execution import TurnContext
from agent.messages import Payload, tool_payload
from agent.outcome import Outcome
from agent.reply import Reply
from agent.runtime import Runtime
from agent.yes_no import read_answer
from core.parts import AnyPart, ApprovalRequest, ChangeReceipt, Declined, Text
from crm_store.conversation_log import TurnBusyError
from crm_store.conversations import Approval, TurnRow
from crm_store.directory import find_principal, principal_of
from crm_store.principals import Principal
from language.script import language_of


@dataclass(frozen=True, slots=True)
class Answerable:
    """An approval with who asked for it and who may answer it: themselves, or someone above them."""

    approval: Approval
    asker: Principal
    clicker: Principal

    @property
    def by_other(self) -> bool:
        """Whether someone else than the asker answers."""
        return self.clicker.user_id != self.asker.user_id


def answerable(runtime: Runtime, user_email: str, approval_id: str, *, pending: bool = True) -> Answerable | None:
    """The approval, when this person may answer it: the asker, a manager above them, or an administrator.

    Raises:
        UnknownUserError: there is no such user.
    """
    clicker = find_principal(runtime.store, user_email)
    approval = runtime.log.find_approval(approval_id)
    if approval is None or not (clicker.sees_all or approval.user_id in clicker.command):
        return None
    if pending and (approval.status != "pending" or approval.expires_at <= runtime.store.clock.now()):
        return None
    return Answerable(approval, principal_of(runtime.store, approval.user_id), clicker)


def answer_approval(
    runtime: Runtime, user_email: str, approval_id: str, yes: bool, *, effect: str = "", channel: str = ""
) -> Reply:
    """Applies or drops a change that waits for a yes; a second answer gives the same reply, not a second effect.

    The change is made with the rights of who asked for it, whoever says yes. `effect` names what was shown
    when the person answered; when the approval was edited since, nothing is done.

    Raises:
        UnknownUserError: there is no such user.
    """
    found = answerable(runtime, user_email, approval_id, pending=False)
    if found is None:
        language = find_principal(runtime.store, user_email).locale[:2]
        gone = Declined(text=_GONE["zh" if language == "zh" else "en"])
        return Reply(conversation_id="", turn_id="", parts=(gone,))
    approval, word = found.approval, "yes" if yes else "no"
    if approval.status == "pending" and effect and not approval.effect_hash.startswith(effect):
        language = turn_of(runtime, found.asker, approval).language
        edited = Declined(text=_EDITED[language])
        return Reply(conversation_id=approval.conversation_id, turn_id="", language=language, parts=(edited,))
    key = f"{approval.id}:{word}"
    try:
        row = runtime.log.begin_turn(approval.user_id, channel, approval.conversation_id, key, word)
    except TurnBusyError as error:
        return Reply(conversation_id=approval.conversation_id, turn_id="", parts=(Declined(text=error.message),))
    if row.status == "done":
        return Reply.model_validate(row.reply)
    return _answer(runtime, row, [found], yes, channel)


def answer_in_words(runtime: Runtime, principal: Principal, row: TurnRow, text: str) -> Reply | list[AnyPart]:
    """Answers a yes or no in words while changes of this conversation wait for one.

    A message that is nothing else gives the whole reply; one that goes on ("no, only to 130k") gives the parts
    that its turn begins with; any other message gives no parts.
    """
    pending = runtime.log.pending(row.conversation_id, principal.user_id)
    if not pending:
        return []
    latest = [approval for approval in pending if approval.turn_id == pending[-1].turn_id]
    found = [Answerable(approval, principal, principal) for approval in latest]
    asked = runtime.log.turn_messages(latest[0].turn_id)[0]["content"]
    answer = read_answer(text, asked)
    if answer is None:
        return []
    if not answer.rest:
        return _answer(runtime, row, found, answer.yes, "")
    if not answer.yes:
        for approval in latest:
            runtime.log.settle(approval, "declined", by=principal.user_id)
        return []
    outcomes = [_apply(runtime, turn_of(runtime, principal, each.approval), each) for each in found]
    return [part for outcome in outcomes for part in outcome.parts]


def _answer(runtime: Runtime, row: TurnRow, approvals: list[Answerable], yes: bool, channel: str) -> Reply:
    started = time.perf_counter()
    outcomes: list[Outcome] = []
    payloads: list[Payload] = []
    for found in approvals:
        approval = found.approval
        turn = replace(turn_of(runtime, found.asker, approval), channel=channel)
        outcome = _apply(runtime, turn, found) if yes else _drop(runtime, turn, found)
        outcomes.append(outcome)
        if yes:
            call = {"name": approval.tool, "args": approval.arguments, "id": approval.id}
            payloads.append({"type": "ai", "content": "", "tool_calls": [call], "kind": "text"})
            payloads.append(tool_payload(approval.id, approval.tool, outcome))
    parts: list[AnyPart] = []
    for outcome in outcomes:
        parts.extend(part for part in outcome.parts if part not in parts)
    changed = [part for part in parts if isinstance(part, ChangeReceipt)]
    reply = Reply(
        conversation_id=row.conversation_id,
        turn_id=row.id,
        language=turn.language,
        parts=tuple(parts),
        records=cited(outcomes),
        undo=changed[0].undo if changed else "",
        model=runtime.settings.model,
        seconds=round(time.perf_counter() - started, 4),
    )
    said = "" if yes else str(outcomes[0].result["said"])
    payloads.append({"type": "ai", "content": said, "tool_calls": [], "kind": "text"})
    runtime.log.finish_turn(row, reply.model_dump(mode="json"), payloads)
    return reply


def _apply(runtime: Runtime, turn: TurnContext, found: Answerable) -> Outcome:
    approval, by = found.approval, found.clicker.user_id
    if approval.expires_at <= runtime.store.clock.now() and approval.status == "pending":
        runtime.log.settle(approval, "expired")
        return _told(Declined(text=_EXPIRED[turn.language]))
    if not runtime.log.settle(approval, "approved", only_from=("pending", "approved"), by=by):
        return _told(Declined(text=_ANSWERED[turn.language]))
    outcome = runtime.runner.run(
        turn,
        approval.effect_key,
        approval.tool,
        approval.arguments,
        approved_hash=approval.effect_hash,
        edits=[Edit(**each) for each in approval.edits],
    )
    if any(isinstance(part, ApprovalRequest) for part in outcome.parts):
        return replace(outcome, parts=[Text(text=_CHANGED_SINCE[turn.language]), *outcome.parts])
    if found.by_other and not outcome.failed:
        approved = Text(text=_APPROVED_BY[turn.language].format(name=found.clicker.name))
        return replace(outcome, parts=[*outcome.parts, approved])
    return outcome


def _drop(runtime: Runtime, turn: TurnContext, found: Answerable) -> Outcome:
    if not runtime.log.settle(found.approval, "declined", by=found.clicker.user_id):
        return _told(Declined(text=_ANSWERED[turn.language]))
    return _told(Text(text=_LEFT[turn.language]))


def _told(part: Text | Declined) -> Outcome:
    return Outcome({"said": part.text}, [part], failed=isinstance(part, Declined))


def turn_of(runtime: Runtime, principal: Principal, approval: Approval) -> TurnContext:
    """The turn in which the change was asked for: its words and its day count, not those of the yes."""
    first = runtime.log.turn_messages(approval.turn_id)[0]
    return TurnContext(
        principal=principal,
        conversation_id=approval.conversation_id,
        turn_id=approval.turn_id,
        channel="",
        language=language_of(first["content"]),
        message=first["content"],
        said_at=datetime.fromisoformat(first["said_at"]),
    )


_GONE = {"en": "There is no such request for a yes.", "zh": "没有这样的待确认请求。"}
_EDITED = {
    "en": "This request was edited since; look at it as it stands now. Nothing was changed.",
    "zh": "该请求已被编辑，请查看最新内容。没有做任何修改。",
}
_APPROVED_BY = {"en": "Approved by {name}.", "zh": "由 {name} 批准。"}
_EXPIRED = {
    "en": "That request has expired; nothing was changed. Ask again if it still holds.",
    "zh": "该请求已过期，没有修改。如仍需要，请重新提出。",
}
_ANSWERED = {"en": "That request was answered before.", "zh": "该请求此前已处理。"}
_CHANGED_SINCE = {
    "en": "The record was changed since I asked, so please look once more:",
    "zh": "记录在此期间有变化，请再确认一次：",
}
_LEFT = {"en": "All right, I left it as it was.", "zh": "好的，没有修改。"}
