"""Doing one thing without a model and telling what came of it: receipts with undo, or what waits for a yes."""

from fastapi import Request, Response

from agent.direct import Act, Deed, act_directly
from api.answers import json_answer
from api.callers import Caller, conversation_of, served
from core.parts import ApprovalRequest, ChangeReceipt


def act_for(request: Request, caller: Caller, deed: Deed) -> Act:
    """Does it on the caller's behalf, with the same policy, audit and undo as in a chat.

    Raises:
        DealhandError: whatever is refused.
    """
    return act_directly(
        served(request).runtime,
        caller.principal.email,
        deed,
        conversation_id=conversation_of(caller),
        channel=caller.channel,
        language=caller.language,
        raises=True,
    )


def do(request: Request, caller: Caller, deed: Deed) -> Response:
    """Does it, and tells what changed or what waits for a yes.

    Raises:
        DealhandError: whatever is refused.
    """
    act = act_for(request, caller, deed)
    body = {"turn": act.reply.turn_id, "conversation": act.reply.conversation_id}
    waiting = act.reply.of_type(ApprovalRequest)
    if waiting:
        return json_answer({**body, "approval": waiting[0].model_dump(mode="json")}, status=202)
    receipts = act.reply.of_type(ChangeReceipt)
    changes = [each.model_dump(mode="json") for each in receipts]
    return json_answer({**body, "changes": changes, "undo": receipts[0].undo if receipts else ""})
