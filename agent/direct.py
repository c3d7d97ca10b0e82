"""What a channel does without a model: a change by button or program, an undo, and how an answer came about."""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from agent.assembly import cited
from agent.execution import TurnContext, effect_key, failed
from agent.messages import tool_payload
from agent.outcome import Outcome
from agent.reply import Reply
from agent.runtime import Runtime
from core.errors import DealhandError
from core.parts import AnyPart, ChangeReceipt, Figure, Text
from crm_store.conversations import TurnRow
from crm_store.directory import find_principal
from crm_store.principals import Principal

_WORDS = {
    "en": {"as_of": "as of {day}", "rows": "{n} of {of} rows", "left_out": "left out: {what}"},
    "zh": {"as_of": "截至{day}", "rows": "{of}行中的{n}行", "left_out": "未计入：{what}"},
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that a person does by a button or a program: a tool or form with its arguments, and in words."""

    tool: str
    arguments: dict[str, Any]
    words: str


@dataclass(frozen=True, slots=True)
class Act:
    """What came of it: the reply for the person, and the outcome with what a model gets to read."""

    reply: Reply
    outcome: Outcome


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
    arguments = {"handle": handle} if handle else {}
    wanted = Deed("undo_change", arguments, f"/undo {handle}".strip())
    act = act_directly(runtime, user_email, wanted, conversation_id=conversation_id, channel=channel, key=key)
    return act.reply


def act_directly(
    runtime: Runtime,
    user_email: str,
    deed: Deed,
    *,
    conversation_id: str = "",
    channel: str,
    key: str = "",
    language: str = "",
    raises: bool = False,
) -> Act:
    """Does one thing as a turn of the conversation, with the same policy, audit and undo as in a chat.

    The same `key` of the same person has its effect once. What is refused becomes a part of the reply, or
    with `raises` the error itself.

    Raises:
        UnknownUserError: there is no such user.
        UnknownConversationError: the conversation is someone else's.
        KeyReusedError: the key was used for something else.
        DealhandError: with `raises`, whatever is refused.
    """
    started = time.perf_counter()
    principal = find_principal(runtime.store, user_email)
    row = runtime.log.begin_turn(principal.user_id, channel, conversation_id, "", deed.words)
    turn = TurnContext(
        principal,
        row.conversation_id,
        row.id,
        channel,
        language or principal.locale[:2],
        deed.words,
        row.started_at,
    )
    ledger_key = _key_of(principal, key) if key else effect_key(turn, "call_1")
    refusal: DealhandError | None = None
    try:
        outcome = runtime.runner.attempt(turn, ledger_key, deed.tool, deed.arguments)
    except DealhandError as error:
        refusal, outcome = error, failed(error, turn.language)
    reply = _finish(runtime, row, turn, deed, outcome, started)
    if refusal is not None and raises:
        raise refusal
    return Act(reply, outcome)


def look_directly(
    runtime: Runtime, principal: Principal, tool: str, arguments: dict[str, Any], *, language: str = ""
) -> Outcome:
    """What a reading tool answers, without a turn: nothing is kept of it.

    Raises:
        DealhandError: whatever the tool refuses.
    """
    now = runtime.store.clock.now()
    turn = TurnContext(principal, "", "", "", language or principal.locale[:2], "", now)
    return runtime.runner.attempt(turn, "", tool, arguments)


def _finish(
    runtime: Runtime, row: TurnRow, turn: TurnContext, deed: Deed, outcome: Outcome, started: float
) -> Reply:
    call = {"name": deed.tool, "args": deed.arguments, "id": "call_1"}
    payloads = [
        {"type": "ai", "content": "", "tool_calls": [call], "kind": "text"},
        tool_payload("call_1", deed.tool, outcome),
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


def _key_of(principal: Principal, key: str) -> str:
    return hashlib.sha256(f"key|{principal.user_id}|{key}".encode()).hexdigest()


def explain_turn(runtime: Runtime, reply: Reply) -> list[AnyPart]:
    """How a reply came about: the tool calls, what each number or report is made of, and the records cited.

    Of each: formula, filter in words, as-of day, rows that counted of those that matched, what was left out, query.
    """
    lines = [
        f"- `{call['name']}` {json.dumps(call['args'], ensure_ascii=False)}{'' if call['ok'] else ' – refused'}"
        for call in runtime.tool_calls(reply.turn_id)
    ]
    figures = reply.of_type(Figure)
    lines += [_of_figure(figure, reply.language) for figure in figures]
    told = {figure.query_hash for figure in figures}
    behind = [result["behind"] for result in runtime.tool_results(reply.turn_id) if "behind" in result]
    lines += [_of_report(each, reply.language) for each in behind if each["query"] not in told]
    if reply.records:
        lines.append("- records: " + ", ".join(record.name for record in reply.records))
    counts = f"{reply.model_calls} model calls, {reply.prompt_tokens} prompt tokens"
    lines.append(f"- {reply.model}: {counts}, {reply.seconds:.3f} s")
    return [Text(text="\n".join(lines))]


def _of_figure(figure: Figure, language: str) -> str:
    words = _WORDS[language]
    rows = words["rows"].format(n=figure.n, of=figure.n_of)
    out = [words["left_out"].format(what=" ".join(figure.left_out))] if figure.left_out else []
    facts = [figure.filter_in_words, words["as_of"].format(day=figure.as_of), rows, *out]
    return f"- {figure.label} = {figure.formula}; {'; '.join(facts)}; query `{figure.query_hash}`"


def _of_report(behind: dict[str, str], language: str) -> str:
    as_of = _WORDS[language]["as_of"].format(day=behind["as_of"])
    return f"- {behind['label']} = {behind['formula']}; {behind['filter']}; {as_of}; query `{behind['query']}`"
