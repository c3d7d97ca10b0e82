"""What a tool says to an assistant: its name and hints, and its outcome as text and as structured content."""

import json
from typing import Any

from mcp import types

from agent.outcome import Outcome
from core.parts import ApprovalRequest
from tools.registry import Tool, ToolEffect

# Verbs of tools that add and never overwrite.
_ADDING = frozenset({"create", "log", "draft"})
_PERSON_ONLY = (
    "Nothing was changed yet. Only the person can approve this, on Dealhand's page under Approvals. Tell them; do "
    "not make the same call again."
)


def described(tool: Tool) -> types.Tool:
    """A tool as assistants see it; the hints follow from its declared effect."""
    reads = tool.effect is ToolEffect.READ
    hints = types.ToolAnnotations(
        title=tool.name.replace("_", " ").capitalize(),
        read_only_hint=reads,
        destructive_hint=not reads and tool.name.partition("_")[0] not in _ADDING,
        idempotent_hint=reads,
        open_world_hint=tool.effect is ToolEffect.SEND,
    )
    schema = {"type": "object", "additionalProperties": False, **tool.schema()}
    return types.Tool(name=tool.name, description=tool.description, input_schema=schema, annotations=hints)


def told(outcome: Outcome) -> types.CallToolResult:
    """The outcome of a call; a change that waits for a yes says that only the person can give it."""
    structured: dict[str, Any] = {
        "result": outcome.result,
        "parts": [part.model_dump(mode="json") for part in outcome.parts],
        "records": [record.model_dump(mode="json") for record in outcome.records],
    }
    waiting = [part for part in outcome.parts if isinstance(part, ApprovalRequest)]
    if waiting:
        structured["pending_approval"] = {
            "approval_id": waiting[0].approval_id,
            "expires_at": waiting[0].expires_at,
            "reasons": list(waiting[0].reasons),
            "note": _PERSON_ONLY,
        }
    text = {**outcome.result, **({"pending_approval": structured["pending_approval"]} if waiting else {})}
    content = types.TextContent(type="text", text=json.dumps(text, ensure_ascii=False, default=str))
    return types.CallToolResult(content=[content], structured_content=structured, is_error=outcome.failed)


def refused(message: str) -> types.CallToolResult:
    """An answer to a call that was not run at all."""
    return types.CallToolResult(content=[types.TextContent(type="text", text=message)], is_error=True)
