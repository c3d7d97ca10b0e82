"""What a channel does without a model: taking a change back by its handle, and saying how an answer came about."""

import json
import time
from dataclasses import dataclass
from typing import Any

from agent.assembly import cited
from agent.execution import Outcome, TurnContext, effect_key
from agent.messages import tool_payload
from agent.reply import Reply
from agent.runtime import Runtime
from core.parts import AnyPart, ChangeReceipt, Figure, Text
from crm_store.directory import find_principal
from tools.registry import TOOLS, ToolEffect


def undo_directly(
    runtime: Runtime,
    user_email: str,
    handle: str = "",
    *,
    conversation_id: str = "",
    channel: str = "terminal",
    key: str = "",
) -> Reply:
    """Takes back a change by its handle (empty: the person's latest), as a turn of the conversation.

    Raises:
        UnknownUserError: there is no such user.
    """
    call = DirectCall("undo_change", {"handle": handle} if handle else {}, f"/undo {handle}".strip())
    return call_directly(runtime, user_email, call, conversation_id=conversation_id, channel=channel, key=key)


@dataclass(frozen=True, slots=True)
class DirectCall:
    """A tool call that a channel makes from a form or command; `text` stands for it in the conversation."""

    tool: str
    arguments: dict[str, Any]
    text: str
    language: str = ""


def call_directly(
    runtime: Runtime,
    user_email: str,
    call: DirectCall,
    *,
    conversation_id: str = "",
    channel: str = "terminal",
    key: str = "",
) -> Reply:
    """Runs one tool call without a model, as a turn of the conversation; policy may want a yes for it.

    The same key in the same conversation gives the reply that it gave before.

    Raises:
        UnknownUserError: there is no such user.
        TurnBusyError: the same call is being worked on.
    """
    started = time.perf_counter()
    principal = find_principal(runtime.store, user_email)
    row = runtime.log.begin_turn(principal.user_id, channel, conversation_id, key, call.text)
    if row.status == "done":
        return Reply.model_validate(row.reply)
    language = call.language or principal.locale[:2]
    turn = TurnContext(principal, row.conversation_id, row.id, channel, language, call.text, row.started_at)
    outcome = runtime.runner.run(turn, effect_key(turn, "call_1"), call.tool, call.arguments)
    made = {"name": call.tool, "args": call.arguments, "id": "call_1"}
    payloads = [
        {"type": "ai", "content": "", "tool_calls": [made], "kind": "text"},
        tool_payload("call_1", call.tool, outcome),
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


def look_up(
    runtime: Runtime, user_email: str, tool: str, arguments: dict[str, Any], *, language: str = ""
) -> Outcome:
    """What a reading tool finds for someone, outside any conversation: for pages, cards and pickers.

    Raises:
        UnknownUserError: there is no such user.
    """
    if TOOLS.get(tool).effect is not ToolEffect.READ:
        raise AssertionError(f"{tool} does not only read")
    principal = find_principal(runtime.store, user_email)
    now = runtime.store.clock.now()
    turn = TurnContext(principal, "", "", "", language or principal.locale[:2], "", now)
    return runtime.runner.run(turn, "", tool, arguments)


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
