"""The system prompt, byte-identical from turn to turn, and the context line that goes last."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from langchain_core.messages import BaseMessage, HumanMessage

from crm_store.principals import Principal

_SYSTEM = Path(__file__).parent / "system_prompt.md"


@cache
def system_prompt() -> str:
    """What every model is told first; changes only with the code."""
    return _SYSTEM.read_text(encoding="utf-8").strip()


def context_line(principal: Principal, said_at: datetime) -> str:
    """Who speaks and when, for the end of a message."""
    local = said_at.astimezone(ZoneInfo(principal.timezone))
    return f"[{local:%A %Y-%m-%d %H:%M} {principal.timezone}; speaking: {principal.name}, {principal.role.value}]"


def with_context(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """The messages with each person's message followed by the context that it was said in."""
    return [
        HumanMessage(f"{message.text}\n\n{context}")
        if isinstance(message, HumanMessage) and (context := message.additional_kwargs.get("context"))
        else message
        for message in messages
    ]
