"""The answer to "which one?" by a click: the calls that could not tell are made again with the record's id."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.messages import Payload


@dataclass(frozen=True, slots=True)
class Picked:
    """The calls with the record filled in, and the message that they come from."""

    calls: Payload
    message: str
    said_at: datetime


def calls_with(earlier: list[Payload], record_id: str) -> Picked | None:
    """The calls of the last turn that asked for this record among others, now with its id; None without one."""
    questions = {
        message["tool_call_id"]: message["outcome"]["result"]
        for message in earlier
        if message["type"] == "tool" and _asked_for(message["outcome"]["result"], record_id)
    }
    said = [message for message in earlier if message["type"] == "human"]
    calls = [
        {"name": call["name"], "args": _filled(call["args"], questions[call["id"]]["words"], record_id)}
        for message in earlier
        if message["type"] == "ai"
        for call in message["tool_calls"]
        if call["id"] in questions
    ]
    if not calls or not said:
        return None
    numbered = [{**call, "id": f"picked_{number}"} for number, call in enumerate(calls, start=1)]
    payload = {"type": "ai", "content": "", "tool_calls": numbered, "kind": "text"}
    return Picked(payload, said[-1]["content"], datetime.fromisoformat(said[-1]["said_at"]))


def _asked_for(result: Payload, record_id: str) -> bool:
    candidates = result.get("candidates", []) if result.get("error") == "ambiguous" else []
    return any(candidate["id"] == record_id for candidate in candidates)


def _filled(value: Any, words: str, record_id: str) -> Any:
    if isinstance(value, str):
        return record_id if value.strip().casefold() == words.strip().casefold() else value
    if isinstance(value, dict):
        return {key: _filled(each, words, record_id) for key, each in value.items()}
    return [_filled(each, words, record_id) for each in value] if isinstance(value, list) else value
