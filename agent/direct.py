"""What a channel does without a model: taking a change back by its handle, and saying how an answer came about."""

import json
import time

from agent.assembly import cited
from agent.execution import TurnContext, effect_key
from agent.messages import tool_payload
from agent.reply import Reply
from agent.runtime import Runtime
from core.parts import AnyPart, ChangeReceipt, Figure, Text
from crm_store.directory import find_principal


def undo_directly(
    runtime: Runtime, user_email: str, handle: str = "", *, conversation_id: str = "", channel: str = "terminal"
) -> Reply:
    """Takes back a change by its handle (empty: the person's latest), as a turn of the conversation.

    Raises:
        UnknownUserError: there is no such user.
    """
    started = time.perf_counter()
    principal = find_principal(runtime.store, user_email)
    row = runtime.log.begin_turn(principal.user_id, channel, conversation_id, "", f"/undo {handle}".strip())
    turn = TurnContext(
        principal, row.conversation_id, row.id, channel, principal.locale[:2], row.key, row.started_at
    )
    arguments = {"handle": handle} if handle else {}
    call = {"name": "undo_change", "args": arguments, "id": "call_1"}
    outcome = runtime.runner.run(turn, effect_key(turn, "call_1"), "undo_change", arguments)
    payloads = [
        {"type": "ai", "content": "", "tool_calls": [call], "kind": "text"},
        tool_payload("call_1", "undo_change", outcome),
    ]
    reply = Reply(
        conversation_id=row.conversation_id,
        turn_id=row.id,
        language=turn.language,
        parts=tuple(outcome.parts),
        records=cited([outcome]),
        undo=row.id if any(isinstance(part, ChangeReceipt) for part in outcome.parts) else "",
        model="none",
        seconds=round(time.perf_counter() - started, 4),
    )
    runtime.log.finish_turn(row, reply.model_dump(mode="json"), payloads)
    return reply


def explain_turn(runtime: Runtime, reply: Reply) -> list[AnyPart]:
    """How a reply came about: the tool calls with their arguments, formulas with query hashes, records cited."""
    lines = [
        f"- `{call['name']}` {json.dumps(call['args'], ensure_ascii=False)}{'' if call['ok'] else ' – refused'}"
        for call in runtime.tool_calls(reply.turn_id)
    ]
    for figure in reply.of_type(Figure):
        lines.append(f"- {figure.label} = {figure.formula}; {figure.filter_in_words}; query `{figure.query_hash}`")
    if reply.records:
        lines.append("- records: " + ", ".join(record.name for record in reply.records))
    counts = f"{reply.model_calls} model calls, {reply.prompt_tokens} prompt tokens"
    lines.append(f"- {reply.model}: {counts}, {reply.seconds:.3f} s")
    return [Text(text="\n".join(lines))]
