"""Puts what conversations say beside an answer from the record: with its source, never in its place. No tool."""

from collections.abc import Sequence

from analytics.records.related import Line, cited_by
from analytics.view import View
from analytics.wording import say
from core.parts import Text
from tools.registry import ToolResult


def with_said(view: View, told: ToolResult, said: Sequence[Line]) -> ToolResult:
    """The answer with the facts below it, their interactions cited; the answer as it was where there are none."""
    if not said:
        return told
    lines = (say(view.language, "said_beside"), *(f"- {line.text}" for line in said))
    records = list(dict.fromkeys([*told.records, *cited_by(said)]))
    content = {**told.content, "said_in_conversations": [line.text for line in said]}
    return ToolResult(content, [*told.parts, Text(text="\n".join(lines))], records, shows_foreign_text=True)
