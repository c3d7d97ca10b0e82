"""The windows of the app: editing a pending change, logging, a task, a reason, a whole answer."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from agent.approval_forms import FormField
from core.parts import RecordRef
from crm_store.display import choice_label
from integrations.slack.render import blocks as b
from integrations.slack.render.text import escape
from integrations.slack.words import say

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]

_LONG = "long_text"
MOST_FIELDS = 40
LONGEST_TEXT = 3000
_TYPES = ("call", "meeting", "visit", "email", "message", "note")


def loading(language: str, title: str) -> b.Block:
    """A window that is shown at once, before its content is there."""
    return b.modal("loading", title, [b.section(say(language, "loading"))], close=say(language, "close"))


def edit_view(form: Sequence[FormField], language: str, metadata: Mapping[str, Any]) -> b.Block:
    """A pending change to be edited: one field a value, filled in."""
    if not form:
        return nothing_to_edit(say(language, "edit_none"), language)
    blocks: list[b.Block] = []
    several = len({field.record for field in form}) > 1
    last = ""
    for number, field in enumerate(form[:MOST_FIELDS]):
        if several and field.record != last:
            blocks.append(b.section(f"*{escape(field.record_name)}*"))
            last = field.record
        blocks.append(b.input_block(f"{number}|{field.key}", field.label, _element(field), optional=True))
    return b.modal(
        "approval_edit",
        say(language, "edit_title"),
        blocks,
        submit=say(language, "save"),
        close=say(language, "cancel"),
        metadata=json.dumps(metadata),
    )


def nothing_to_edit(text: str, language: str) -> b.Block:
    """Says why nothing can be edited."""
    return b.modal("loading", say(language, "edit"), [b.section(escape(text))], close=say(language, "close"))


def notice_view(language: str, text: str) -> b.Block:
    """Says one thing in a window."""
    blocks = [b.section(escape(text))]
    return b.modal("notice", say(language, "whole_answer"), blocks, close=say(language, "close"))


def edited_values(values: Values) -> dict[str, str]:
    """What was typed, by the key of each field; an emptied field is an empty text."""
    return {block_id.split("|", 1)[1]: typed(element) for block_id, element in values.items() if "|" in block_id}


def typed(element: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of one field of a form, whatever sort it is."""
    state = next(iter(element.values()))
    if state.get("selected_option"):
        return str(state["selected_option"]["value"])
    return str(state.get("value") or state.get("selected_date") or "")


def log_view(language: str, text: str, metadata: Mapping[str, Any], about: RecordRef | None) -> b.Block:
    """Logging a message as an interaction."""
    types = [b.option(_type_label(each, language), each) for each in _TYPES]
    blocks = [
        _about(language, about, optional=False),
        b.input_block(
            "type", say(language, "type"), b.select(say(language, "type"), "type", types, initial="note")
        ),
        b.input_block(
            "text",
            say(language, "what"),
            b.text_input("text", text, multiline=True),
            hint=say(language, "cut") if len(text) > LONGEST_TEXT else "",
        ),
    ]
    return _form("log_to_crm", say(language, "log_title"), blocks, language, metadata)


def task_view(language: str, title: str, metadata: Mapping[str, Any], about: RecordRef | None) -> b.Block:
    """Making a task of a message."""
    blocks = [
        b.input_block("title", say(language, "title"), b.text_input("title", title, limit=300)),
        b.input_block("due", say(language, "due"), b.date_input("due"), optional=True),
        _about(language, about, optional=True),
    ]
    return _form("create_task", say(language, "task_title"), blocks, language, metadata)


def reason_view(language: str, metadata: Mapping[str, Any]) -> b.Block:
    """Why an answer was not helpful."""
    element = b.text_input("reason", "", multiline=True, limit=2000)
    blocks = [b.input_block("reason", say(language, "reason"), element, optional=True)]
    return b.modal(
        "feedback_reason",
        say(language, "why_bad"),
        blocks,
        submit=say(language, "send"),
        close=say(language, "close"),
        metadata=json.dumps(metadata),
    )


def whole_view(language: str, blocks: Sequence[b.Block]) -> b.Block:
    """All of an answer."""
    return b.modal("whole", say(language, "whole_answer"), blocks, close=say(language, "close"))


def _form(
    callback: str, title: str, blocks: Sequence[b.Block], language: str, metadata: Mapping[str, Any]
) -> b.Block:
    return b.modal(
        callback,
        title,
        blocks,
        submit=say(language, "save"),
        close=say(language, "cancel"),
        metadata=json.dumps(metadata),
    )


def _about(language: str, about: RecordRef | None, *, optional: bool) -> b.Block:
    initial = b.option(about.name, about.id) if about is not None else None
    element = b.record_select(say(language, "about_hint"), "record", initial=initial)
    return b.input_block("about", say(language, "about"), element, optional=optional)


def _element(field: FormField) -> b.Block:
    if field.choices:
        options = [b.option(label, value) for value, label in field.choices if value]
        return b.select(field.label, "value", options, initial=field.value)
    if field.type == "date":
        return b.date_input("value", field.value)
    return b.text_input("value", field.value, multiline=field.type == _LONG or "\n" in field.value)


def _type_label(kind: str, language: str) -> str:
    return choice_label(kind, language)
