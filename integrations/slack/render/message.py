"""A whole reply as one message: blocks within the limits, the text for notifications, the rest behind a button."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent import Reply
from core.parts import AnyPart, Draft, Table, Text
from integrations.slack.render import blocks as b
from integrations.slack.render import limits
from integrations.slack.render.parts import Draw, as_it_stands, draw, fallback, folds
from integrations.slack.render.text import cut, escape
from integrations.slack.render.together import draw_together, parts_of_note

_LINES_OF_TABLE = 8


@dataclass(frozen=True)
class Message:
    """What is sent: `text` is the fallback, `blocks` are what people see."""

    text: str
    blocks: list[b.Block]


def draw_reply(reply: Reply, how: Draw, *, streamed: str = "", feedback: bool = True) -> Message:
    """The reply as one message. `streamed` is text that the message shows already; it is not said twice."""
    now = as_it_stands(reply.parts, how.since)
    parts = [part for part in now if not (isinstance(part, Text) and _is_in(part.text, streamed))]
    blocks: list[b.Block] = []
    together = parts_of_note(parts)
    for part in parts:
        if part not in together:
            blocks += draw(part, how)
        elif part == together[0]:
            blocks += draw_together(together, how)
    blocks = _one_table(blocks)
    hidden = any(folds(part) for part in parts) or len(blocks) > limits.MOST_BLOCKS - 3
    hidden = hidden or _markdown_chars(blocks) > limits.MARKDOWN_CHARS
    blocks = _fitting(blocks[: limits.MOST_BLOCKS - 3])
    if hidden and reply.turn_id:
        blocks.append(b.actions([b.button(how.say("show_all"), "show_all", reply.turn_id)]))
    if feedback and reply.turn_id:
        blocks.append(feedback_block(reply.turn_id, how))
    return Message(notification(now, how.language), blocks)


def whole_reply(reply: Reply, how: Draw) -> list[b.Block]:
    """All of a reply for a window: long texts, tables and drafts in full, without buttons."""
    blocks: list[b.Block] = []
    now = as_it_stands(reply.parts, how.since)
    for part in now:
        if isinstance(part, Table) and len(part.rows) > limits.MOST_TABLE_ROWS - 1:
            blocks += [b.section(f"*{escape(part.title)}*"), *_as_lines(part)]
        elif isinstance(part, Text):
            blocks += [b.section(escape(chunk)) for chunk in _chunks(part.text)]
        elif isinstance(part, Table):
            blocks += _as_lines(part, title=True) if _has_table(blocks) else draw(part, how)
        elif isinstance(part, Draft):
            head = draw(part.model_copy(update={"body": " "}), how)[:1]
            blocks += [*head, *(b.section(escape(chunk)) for chunk in _chunks(part.body))]
        else:
            blocks += [_without_buttons(block) for block in draw(part, how) if block["type"] != "actions"]
    return blocks[: limits.MOST_VIEW_BLOCKS] or [b.section(notification(now, how.language))]


def feedback_block(turn_id: str, how: Draw) -> b.Block:
    """The two buttons under an answer."""
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": b.plain(how.say("good"), 75), "value": f"good|{turn_id}"},
                "negative_button": {"text": b.plain(how.say("bad"), 75), "value": f"bad|{turn_id}"},
            }
        ],
    }


def notification(parts: Sequence[AnyPart], language: str) -> str:
    """A reply as plain text, for notifications and readers without blocks."""
    lines = [fallback(part, language) for part in parts]
    return cut(escape("\n".join(line for line in lines if line.strip())) or "–", limits.SECTION_CHARS)


def _without_buttons(block: b.Block) -> b.Block:
    return {name: value for name, value in block.items() if name != "accessory"}


def _is_in(text: str, streamed: str) -> bool:
    return bool(streamed) and "".join(text.split()) in "".join(streamed.split())


def _one_table(blocks: list[b.Block]) -> list[b.Block]:
    """A message holds one table; further ones stand as lines."""
    found: list[b.Block] = []
    for block in blocks:
        if block["type"] == "table" and _has_table(found):
            found.append(b.section(_monospaced(block)))
        else:
            found.append(block)
    return found


def _fitting(blocks: list[b.Block]) -> list[b.Block]:
    left, found = limits.MARKDOWN_CHARS, []
    for block in blocks:
        if block["type"] == "markdown":
            if left < 100:
                continue
            block = b.markdown_block(cut(block["text"], left))  # noqa: PLW2901
            left -= len(block["text"])
        found.append(block)
    return found


def _markdown_chars(blocks: Sequence[b.Block]) -> int:
    return sum(len(block["text"]) for block in blocks if block["type"] == "markdown")


def _has_table(blocks: Sequence[b.Block]) -> bool:
    return any(block["type"] == "table" for block in blocks)


def _monospaced(table: dict[str, Any]) -> str:
    lines = ["  ".join(cell["text"] for cell in row) for row in table["rows"]]
    shown = lines[: _LINES_OF_TABLE + 1]
    body = cut(escape("\n".join(shown)).replace("`", "'"), limits.SECTION_CHARS - 20)
    return f"```{body}```"


def _as_lines(part: Table, *, title: bool = False) -> list[b.Block]:
    lines = [" · ".join(cell for cell in row if cell) for row in part.rows]
    head = [f"*{escape(part.title)}*"] if title and part.title else []
    blocks, current = [], "\n".join(head)
    for line in lines:
        safe = cut(escape(line), 500)
        if len(current) + len(safe) > limits.SECTION_CHARS - 10:
            blocks.append(b.section(current))
            current = ""
        current = f"{current}\n{safe}" if current else safe
    return [*blocks, *([b.section(current)] if current else [])]


def _chunks(text: str) -> list[str]:
    step = limits.SECTION_CHARS - 400
    return [text[n : n + step] for n in range(0, len(text), step)]
