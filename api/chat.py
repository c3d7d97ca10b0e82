"""Talking to the agent: a message answered as server-sent events, earlier conversations, yes or no, and undo."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Request, Response
from fastapi.responses import StreamingResponse

from agent import Delta, Reply, Step, Turn, answer_approval, stream_turn
from agent.approvals import answerable
from agent.direct import Deed, act_directly, explain_turn
from api.answers import json_answer, object_answer
from api.callers import Approver, Caller, Reader, Served, Talker, Writer, conversation_of, served
from api.errors import NoSuchThingError
from api.problems import problem_of
from core.errors import DealhandError
from crm_store.conversation_history import find_reply, list_talks, turns_of, waiting_for

router = APIRouter(prefix="/v1", tags=["chat"])

_CHANNELS = ("web", "api")
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `delta` (text as it is written), `part` (a part of the answer as it is ready), "
        "at last `reply` (the whole answer) or `problem`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
Identifier = Annotated[str, Path(max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


@router.post("/chat", summary="Say something", responses=_STREAM, operation_id="chat")
def chat(
    request: Request,
    caller: Talker,
    text: Annotated[str, Body(max_length=100_000, examples=["What is my open pipeline?"])],
    conversation: Annotated[
        str, Body(max_length=60, pattern=r"^[A-Za-z0-9_-]*$", description="Empty: a new one.")
    ] = "",
    key: Annotated[
        str, Body(max_length=100, description="Identifies the message: sent twice, it has its effect once.")
    ] = "",
) -> StreamingResponse:
    """Answers one message; what it changes is shown, audited and can be undone."""
    shared = served(request)
    conversation = conversation_of(caller, conversation) if conversation else ""
    turn = Turn(caller.principal.email, text, conversation, caller.channel, key)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(shared, caller, turn), media_type="text/event-stream", headers=headers)


@router.get("/conversations", summary="My conversations", responses=object_answer("The latest first."))
def conversations(request: Request, caller: Reader) -> Response:
    """The caller's conversations by page and API."""
    talks = list_talks(served(request).store, caller.principal.user_id, _CHANNELS)
    items = [{"id": each.id, "at": each.at.isoformat(), "first": each.first[:120]} for each in talks]
    return json_answer({"items": [each for each in items if not each["id"].startswith(("web_", "api_"))]})


@router.get("/conversations/{id}", summary="One conversation", responses=object_answer("Its turns."))
def conversation(request: Request, caller: Reader, id: Identifier) -> Response:
    """What was said in it, oldest first."""
    said = turns_of(served(request).store, caller.principal.user_id, id)
    if not said:
        raise NoSuchThingError("There is no such conversation.", zh="没有这个对话。")
    items = [
        {"turn": each.turn_id, "at": each.at.isoformat(), "text": each.text, "reply": each.reply} for each in said
    ]
    return json_answer({"items": items})


@router.get("/turns/{id}/why", summary="How an answer came about", responses=object_answer("Its parts."))
def why(request: Request, caller: Reader, id: Identifier) -> Response:
    """The tool calls, formulas and records behind an answer."""
    shared = served(request)
    reply = _own_reply(shared, caller, id)
    return json_answer({"parts": [part.model_dump(mode="json") for part in explain_turn(shared.runtime, reply)]})


@router.get("/approvals", summary="What waits for my yes", responses=object_answer("The newest first."))
def approvals(request: Request, caller: Reader) -> Response:
    """Changes that wait for the caller's yes, wherever they were asked for."""
    shared = served(request)
    now = shared.store.clock.now()
    items = []
    for approval, reply in waiting_for(shared.store, caller.principal.user_id, now):
        for part in reply.get("parts", []):
            if part.get("approval_id") == approval.id:
                items.append({**part, "asked_at": approval.created_at.isoformat()})
    return json_answer({"items": items})


@router.post("/approvals/{id}", summary="Answer yes or no", responses=object_answer("The reply."))
def answer(request: Request, caller: Approver, id: Identifier, yes: Annotated[bool, Body(embed=True)]) -> Response:
    """Applies or drops a change that waits; a second answer has no second effect."""
    shared = served(request)
    if answerable(shared.runtime, caller.principal.email, id, pending=False) is None:
        raise NoSuchThingError("There is no such request for a yes.", zh="没有这个待确认的请求。")
    return json_answer(answer_approval(shared.runtime, caller.principal.email, id, yes).model_dump(mode="json"))


@router.post("/undo", summary="Take a change back", responses=object_answer("The reply."))
def undo(
    request: Request,
    caller: Writer,
    handle: Annotated[str, Body(max_length=60, description="Of a change or turn; empty: my latest.")] = "",
    conversation: Annotated[str, Body(max_length=60, pattern=r"^[A-Za-z0-9_-]*$")] = "",
) -> Response:
    """Takes back a change or a whole turn; refused when someone changed the record since."""
    shared = served(request)
    act = act_directly(
        shared.runtime,
        caller.principal.email,
        Deed("undo_change", {"handle": handle} if handle else {}, f"/undo {handle}".strip()),
        conversation_id=conversation_of(caller, conversation),
        channel=caller.channel,
        language=caller.language,
        raises=True,
    )
    return json_answer(act.reply.model_dump(mode="json"))


def _events(shared: Served, caller: Caller, turn: Turn) -> Iterator[str]:
    try:
        for event in stream_turn(shared.runtime, turn):
            if isinstance(event, Delta):
                yield _event("delta", {"text": event.text})
            elif isinstance(event, Step):
                yield _event("step", asdict(event))
            elif isinstance(event, Reply):
                yield _event("reply", event.model_dump(mode="json"))
            else:
                yield _event("part", event.model_dump(mode="json"))
    except DealhandError as error:
        yield _event("problem", problem_of(error, caller.language)[1])


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _own_reply(shared: Served, caller: Caller, turn_id: str) -> Reply:
    found = find_reply(shared.store, caller.principal.user_id, turn_id)
    if found is None:
        raise NoSuchThingError("There is no such answer.", zh="没有这个回答。")
    return Reply.model_validate(found)
