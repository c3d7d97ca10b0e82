"""Messages between their two forms: rows of the conversation log, and LangChain messages for a model."""

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from agent.outcome import Outcome

Payload = dict[str, Any]


def ai_payload(message: AIMessage) -> Payload:
    """An assistant message as it is kept."""
    calls = [{"name": call["name"], "args": call["args"], "id": call["id"]} for call in message.tool_calls]
    kind = message.additional_kwargs.get("kind", "text")
    return {"type": "ai", "content": str(message.text), "tool_calls": calls, "kind": kind}


def tool_payload(call_id: str, name: str, outcome: Outcome) -> Payload:
    """A tool's result as it is kept."""
    return {"type": "tool", "tool_call_id": call_id, "name": name, "outcome": outcome.to_json()}


def tool_message(call_id: str, name: str, outcome: Outcome) -> ToolMessage:
    """A tool's result as a model reads it."""
    content = json.dumps(outcome.result, ensure_ascii=False, default=str)
    status = "error" if outcome.failed else "success"
    return ToolMessage(content, tool_call_id=call_id, name=name, status=status)


def to_messages(payloads: Sequence[Payload]) -> list[BaseMessage]:
    """Kept messages as a model reads them; calls without a result are answered as not done."""
    messages: list[BaseMessage] = []
    waiting: dict[str, str] = {}
    for payload in payloads:
        if payload["type"] != "tool":
            messages.extend(_not_done(waiting))
            waiting = {}
        messages.append(_message(payload))
        if payload["type"] == "ai":
            waiting = {call["id"]: call["name"] for call in payload["tool_calls"]}
        elif payload["type"] == "tool":
            waiting.pop(payload["tool_call_id"], None)
    return messages


def _message(payload: Payload) -> BaseMessage:
    if payload["type"] == "human":
        return HumanMessage(payload["content"], additional_kwargs={"context": payload.get("context", "")})
    if payload["type"] == "ai":
        calls = [{**call, "type": "tool_call"} for call in payload["tool_calls"]]
        return AIMessage(payload["content"], tool_calls=calls, additional_kwargs={"kind": payload["kind"]})
    return tool_message(payload["tool_call_id"], payload["name"], Outcome.from_json(payload["outcome"]))


def _not_done(waiting: dict[str, str]) -> list[ToolMessage]:
    return [
        ToolMessage('{"error": "not_done", "message": "The turn ended before."}', tool_call_id=call_id, name=name)
        for call_id, name in waiting.items()
    ]
