"""The blocks that everything is made of, each within its limits; `plain` texts are given as they stand."""

from collections.abc import Sequence
from typing import Any

from integrations.slack.render import limits
from integrations.slack.render.text import cut, escape

Block = dict[str, Any]


def plain(text: str, limit: int = 2000) -> dict[str, Any]:
    """A text object without formatting."""
    return {"type": "plain_text", "text": cut(text, limit) or " ", "emoji": False}


def mrkdwn(text: str, limit: int = limits.SECTION_CHARS) -> dict[str, Any]:
    """A text object with Slack's formatting; what is inserted has to be escaped before."""
    return {"type": "mrkdwn", "text": cut(text, limit) or " ", "verbatim": True}


def section(text: str, *, block_id: str = "", accessory: Block | None = None) -> Block:
    """A paragraph."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if block_id:
        block["block_id"] = block_id
    if accessory is not None:
        block["accessory"] = accessory
    return block


def fields(pairs: Sequence[tuple[str, str]]) -> list[Block]:
    """Labels with values in two columns."""
    texts = [mrkdwn(f"*{escape(label)}*\n{escape(value) or '–'}", limits.FIELD_CHARS) for label, value in pairs]
    step = limits.MOST_FIELDS
    return [{"type": "section", "fields": texts[n : n + step]} for n in range(0, len(texts), step)]


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, limits.HEADER_CHARS)}


def context(*texts: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[: limits.CONTEXT_ELEMENTS]]}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def markdown_block(text: str) -> Block:
    """A block of standard Markdown; made safe before."""
    return {"type": "markdown", "text": cut(text, limits.MARKDOWN_CHARS) or " "}


def button(label: str, action_id: str, value: str, *, style: str = "", url: str = "") -> Block:
    """A button."""
    block: Block = {
        "type": "button",
        "text": plain(label, limits.BUTTON_CHARS),
        "action_id": action_id,
        "value": value[: limits.BUTTON_VALUE_CHARS],
    }
    if style:
        block["style"] = style
    if url:
        block["url"] = url
    return block


def actions(elements: Sequence[Block], *, block_id: str = "") -> Block:
    """A row of buttons and selects."""
    block: Block = {"type": "actions", "elements": list(elements[: limits.MOST_ELEMENTS])}
    if block_id:
        block["block_id"] = block_id
    return block


def option(label: str, value: str) -> Block:
    """One line of a select."""
    return {"text": plain(label, limits.OPTION_CHARS), "value": value[: limits.OPTION_VALUE_CHARS]}


def select(placeholder: str, action_id: str, options: Sequence[Block], *, initial: str = "") -> Block:
    """A select with fixed options."""
    block: Block = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, 150),
        "options": list(options[: limits.MOST_OPTIONS]),
    }
    chosen = [each for each in block["options"] if each["value"] == initial]
    if chosen:
        block["initial_option"] = chosen[0]
    return block


def checkboxes(action_id: str, options: Sequence[Block]) -> Block:
    """Boxes to tick, all of them ticked."""
    shown = list(options[: limits.MOST_TICKS])
    return {"type": "checkboxes", "action_id": action_id, "options": shown, "initial_options": shown}


def record_select(placeholder: str, action_id: str, *, initial: Block | None = None) -> Block:
    """A select whose options are looked up as one types."""
    block: Block = {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, 150),
        "min_query_length": 2,
    }
    if initial is not None:
        block["initial_option"] = initial
    return block


def input_block(block_id: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """A field of a form; `hint` stands below it."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
        **({"hint": plain(hint)} if hint else {}),
    }


def text_input(action_id: str, initial: str, *, multiline: bool = False, limit: int = 3000) -> Block:
    """A field for text."""
    block: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": limit,
    }
    if initial:
        block["initial_value"] = initial[:limit]
    return block


def date_input(action_id: str, initial: str = "") -> Block:
    """A field for a day."""
    block: Block = {"type": "datepicker", "action_id": action_id}
    if initial:
        block["initial_date"] = initial
    return block


def modal(callback: str, title: str, blocks: Sequence[Block], **more: Any) -> Block:
    """A window. `submit` and `close` are the labels of its buttons."""
    view: Block = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, limits.TITLE_CHARS),
        "blocks": list(blocks[: limits.MOST_VIEW_BLOCKS]),
    }
    for name in ("submit", "close"):
        if more.get(name):
            view[name] = plain(more[name], limits.TITLE_CHARS)
    if more.get("metadata"):
        view["private_metadata"] = more["metadata"]
    return view
