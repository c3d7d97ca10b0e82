"""One turn from message to reply; a turn that was cut off is taken up where it stopped."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk, ToolMessage

from agent.approvals import answer_in_words
from agent.assembly import assemble, cited, nothing_to_say
from agent.execution import TurnContext
from agent.loop import Progress, TurnDriver
from agent.messages import to_messages
from agent.note_parts import parts_of_note
from agent.outcome import Outcome
from agent.picking import calls_with
from agent.prompts import context_line
from agent.reply import Reply, Turn
from agent.runtime import Runtime
from agent.steps import Step, StepState, step
from agent.stopping import Stopped, go_on, never
from agent.translation import failure_part
from core.errors import DealhandError
from core.parts import AnyPart, ChangeReceipt, Declined, Failure, NotKnown, Question, Text
from crm_store.conversations import TurnRow
from crm_store.directory import find_principal
from crm_store.principals import Principal
from crm_store.situations import read_situation
from crm_store.unit_of_work import Cause
from language.script import language_of


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the answer's text as the model writes it."""

    text: str


@dataclass
class _Running:
    row: TurnRow
    turn: TurnContext
    started: float
    driver: TurnDriver | None = None
    final: AIMessage | None = None
    shown: int = 0
    picked: str = ""
    settled: Sequence[AnyPart] = ()

    @property
    def progress(self) -> Progress:
        """What the turn has brought so far; nothing before its model was set up."""
        return self.driver.progress if self.driver else Progress()


def run_turn(runtime: Runtime, turn: Turn) -> Reply:
    """Answers one message.

    The same key in the same conversation gives the reply that it gave before, without a second effect.
    Errors on our side become a part of the reply; only an unknown user raises.

    Raises:
        UnknownUserError: there is no such user.
        UnknownConversationError: the conversation is someone else's.
    """
    for event in stream_turn(runtime, turn):
        if isinstance(event, Reply):
            return event
    raise AssertionError("a turn always ends with its reply")


def stream_turn(
    runtime: Runtime, turn: Turn, *, stopped: Stopped = never
) -> Iterator[Delta | Step | AnyPart | Reply]:
    """Answers one message in pieces: text as it is written, steps, parts as they are ready, at last the reply.

    Once `stopped` says so, no model is asked and nothing is written any more; the reply tells what was done
    before.
    """
    started = time.perf_counter()
    principal = find_principal(runtime.store, turn.user_email)
    language = _language(turn.text, principal)
    refused = _unreadable(turn.text, runtime.settings.max_message_chars, language)
    if refused is not None:
        yield Reply(conversation_id=turn.conversation_id, turn_id="", language=language, parts=(refused,))
        return
    text = clean(turn.text)
    row = runtime.log.begin_turn(principal.user_id, turn.channel, turn.conversation_id, turn.key, text)
    if row.status == "done":
        yield Reply.model_validate(row.reply)
        return
    answered = answer_in_words(runtime, principal, row, text)
    if isinstance(answered, Reply):
        yield answered
        return
    yield from answered
    context = TurnContext(
        principal, row.conversation_id, row.id, turn.channel, language, text, row.started_at, stopped
    )
    running = _Running(row, context, started, picked=turn.picked, settled=answered)
    try:
        yield from _drive(runtime, running)
        failure: Question | NotKnown | Declined | Failure | None = None
    except DealhandError as error:
        failure = failure_part(error, language)
    reply = _reply(runtime, running, failure)
    unkept = running.driver.unkept if running.driver else []
    if failure is not None:
        unkept = [*unkept, {"type": "ai", "content": failure.text, "tool_calls": [], "kind": "text"}]
    runtime.log.finish_turn(row, reply.model_dump(mode="json"), unkept)
    yield reply


def clean(text: str) -> str:
    """The message without control characters (line breaks and tabs stay)."""
    return "".join(char for char in text if char in "\n\t" or (char.isprintable() or ord(char) > 0x9F)).strip()


def _drive(runtime: Runtime, running: _Running) -> Iterator[Delta | Step | AnyPart]:
    cause = Cause(said_at=running.turn.said_at)
    with runtime.store.unit_of_work(running.turn.principal, cause, writes=False) as uow:
        situation = read_situation(uow, runtime.names, runtime.settings)
    earlier = runtime.log.history(running.row, runtime.settings.history_turns)
    own = runtime.log.turn_messages(running.row.id)
    for message in (*earlier, own[0]):
        if message["type"] == "human":
            said_at = datetime.fromisoformat(message["said_at"])
            message["context"] = context_line(running.turn.principal, said_at)
    if running.picked:
        own = _with_pick(runtime, running, own)
    running.driver = driver = runtime.loop.driver(running.row, running.turn, situation)
    running.final = _take_up(driver, own[1:])
    if running.final is not None:
        return
    messages = to_messages([*earlier, *own, *driver.unkept])
    for mode, event in runtime.loop.run(driver, messages):
        go_on(running.turn.stopped)
        if mode == "messages":
            yield from _text_of(event)
            continue
        running.final = _final(event) or running.final
        yield from _steps(event, running.turn.language)
        for outcome in running.progress.outcomes[running.shown :]:
            yield from outcome.parts
        running.shown = len(running.progress.outcomes)
    for part in parts_of_note(runtime, running.turn, tuple(running.progress.outcomes)):
        driver.note(part.tool, part.arguments, part.outcome)
        yield from part.outcome.parts


def _with_pick(runtime: Runtime, running: _Running, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The turn's messages with the calls that its click completes; those count from when they were asked for."""
    picked = calls_with(runtime.log.history(running.row, 1), running.picked)
    if picked is None:
        return own
    running.turn = replace(running.turn, message=picked.message, said_at=picked.said_at)
    if len(own) == 1:
        runtime.log.keep(running.row, [picked.calls])
        own = [*own, picked.calls]
    return own


def _take_up(driver: TurnDriver, kept: Sequence[dict[str, Any]]) -> AIMessage | None:
    """Finishes the calls of a turn that was cut off; gives its last message if that was written already."""
    results = {m["tool_call_id"]: Outcome.from_json(m["outcome"]) for m in kept if m["type"] == "tool"}
    for message in kept:
        if message["type"] != "ai":
            continue
        if not message["tool_calls"]:
            return AIMessage(message["content"], additional_kwargs={"kind": message["kind"]})
        for call in message["tool_calls"]:
            if call["id"] in results:
                driver.note(call["name"], call["args"], results[call["id"]])
            else:
                driver.run_call(call["id"], call["name"], call["args"], kind=message["kind"])
    return None


def _text_of(event: Any) -> Iterator[Delta]:
    chunk = event[0]
    if isinstance(chunk, AIMessageChunk) and chunk.text:
        yield Delta(str(chunk.text))


def _final(event: dict[str, Any]) -> AIMessage | None:
    said = (each for each in _messages(event) if isinstance(each, AIMessage) and not each.tool_calls)
    return next(said, None)


def _steps(event: dict[str, Any], language: str) -> Iterator[Step]:
    for message in _messages(event):
        if isinstance(message, AIMessage):
            for call in message.tool_calls:
                yield step(str(call["id"]), call["name"], language, "running")
        elif isinstance(message, ToolMessage):
            state: StepState = "failed" if message.status == "error" else "done"
            yield step(message.tool_call_id, message.name or "", language, state)


def _messages(event: dict[str, Any]) -> list[Any]:
    updates = [update for update in event.values() if isinstance(update, dict)]
    return [message for update in updates for message in update.get("messages", [])]


def _reply(runtime: Runtime, running: _Running, failure: AnyPart | None) -> Reply:
    progress, turn = running.progress, running.turn
    parts = [*running.settled, *assemble(progress, running.final, turn.language)]
    if failure is not None:
        parts.append(failure)
    return Reply(
        conversation_id=turn.conversation_id,
        turn_id=turn.turn_id,
        language=turn.language,
        parts=tuple(parts) or (nothing_to_say(turn.language),),
        records=cited(progress.outcomes),
        undo=turn.turn_id if any(isinstance(part, ChangeReceipt) for part in parts) else "",
        model=progress.fell_back_to or runtime.settings.model,
        model_calls=progress.model_calls,
        prompt_tokens=progress.prompt_tokens,
        seconds=round(time.perf_counter() - running.started, 4),
    )


def _language(text: str, principal: Principal) -> str:
    return language_of(text) if text.strip() else principal.locale[:2]


def _unreadable(text: str, limit: int, language: str) -> AnyPart | None:
    if len(text) > limit:
        return Declined(
            text={
                "en": f"This message has {len(text):,} characters; at most {limit:,} are read. Nothing changed.",
                "zh": f"这条消息有 {len(text):,} 个字符，最多读取 {limit:,} 个。没有做任何修改。",
            }[language]
        )
    if not clean(text):
        return Text(text={"en": "The message is empty.", "zh": "消息是空的。"}[language])
    return None
