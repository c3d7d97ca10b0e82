"""A kept reply as a message, with what came of it since: the same whenever and wherever it is drawn."""

from agent import Reply
from agent.approval_forms import current_request
from core.parts import AnyPart, ApprovalRequest, ChangeReceipt, Declined, Question, Text
from crm_store.audit_trail import list_changes
from crm_store.conversations import TurnRow
from crm_store.principals import Principal
from integrations.slack.render.message import Message, draw_reply
from integrations.slack.render.parts import Draw, Since
from integrations.slack.service import Slack
from integrations.slack.words import say


def message_of(slack: Slack, reply: Reply, asker: Principal, *, streamed: str = "") -> Message:
    """The reply as it is now."""
    return draw_reply(reply, drawing(slack, reply, asker), streamed=streamed)


def drawing(slack: Slack, reply: Reply, asker: Principal, *, whole: bool = False) -> Draw:
    """How the reply is drawn for the person who asked."""
    return Draw(
        language=reply.language,
        turn_id=reply.turn_id,
        timezone=asker.timezone,
        page_base=slack.page_base,
        since=_since(slack, reply, asker),
        whole=whole,
    )


def find_reply(slack: Slack, turn_id: str) -> tuple[TurnRow, Reply] | None:
    """A finished turn with its reply."""
    row = slack.runtime.log.find_turn(turn_id)
    if row is None or row.status != "done":
        return None
    return row, Reply.model_validate(row.reply)


def picked_key(turn_id: str) -> str:
    """The key of the turn that answers a question by a click; one question has one such turn."""
    return f"pick:{turn_id}"


def _since(slack: Slack, reply: Reply, asker: Principal) -> Since:
    if not any(isinstance(part, ApprovalRequest | ChangeReceipt | Question) for part in reply.parts):
        return Since()
    turns = {row.key: row for row in slack.runtime.log.turns_of(reply.conversation_id)} if reply.turn_id else {}
    pending: dict[str, ApprovalRequest] = {}
    answers: dict[str, tuple[AnyPart, ...]] = {}
    for request in reply.approvals:
        current = current_request(slack.runtime, asker.email, request.approval_id)
        if current is not None:
            pending[request.approval_id] = current
        else:
            answers[request.approval_id] = _answer(slack, request.approval_id, turns, reply.language)
    receipts = reply.of_type(ChangeReceipt)
    receipts += [part for parts in answers.values() for part in parts if isinstance(part, ChangeReceipt)]
    chosen = turns.get(picked_key(reply.turn_id))
    return Since(
        pending=pending,
        answers=answers,
        undone=_undone(slack, asker, receipts),
        chosen=_said(slack, chosen) if chosen is not None else "",
    )


def _answer(slack: Slack, approval_id: str, turns: dict[str, TurnRow], language: str) -> tuple[AnyPart, ...]:
    approval = slack.runtime.log.find_approval(approval_id)
    status = approval.status if approval is not None else "gone"
    if status == "declined":
        return (Text(text=say(language, "left")),)
    if status in ("expired", "pending"):
        return (Declined(text=say(language, "expired")),)
    row = turns.get(f"{approval_id}:yes")
    if row is not None and row.status == "done":
        return Reply.model_validate(row.reply).parts
    return (Text(text=say(language, "answered_other")),)


def _undone(slack: Slack, asker: Principal, receipts: list[ChangeReceipt]) -> frozenset[str]:
    if not receipts:
        return frozenset()
    with slack.runtime.store.unit_of_work(asker, writes=False) as uow:
        lines = [line for receipt in receipts for line in list_changes(uow, effect=receipt.undo, limit=1)]
    return frozenset(line.effect_id for line in lines if line.undone)


def _said(slack: Slack, row: TurnRow) -> str:
    messages = slack.runtime.log.turn_messages(row.id)
    return str(messages[0]["content"]) if messages else ""
