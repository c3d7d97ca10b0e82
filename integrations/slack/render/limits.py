"""The limits of Block Kit that the library does not check, and the check that messages and views pass both."""

from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from core.errors import OperatorFixableError

Blocks = list[dict[str, Any]]

MOST_BLOCKS = 50
MOST_VIEW_BLOCKS = 100
BUTTON_CHARS = 75
OPTION_CHARS = 75
OPTION_VALUE_CHARS = 150
BUTTON_VALUE_CHARS = 2000
SECTION_CHARS = 3000
FIELD_CHARS = 2000
MOST_FIELDS = 10
HEADER_CHARS = 150
MARKDOWN_CHARS = 12_000
MOST_TABLE_ROWS = 100
MOST_TABLE_COLUMNS = 20
MOST_TABLES = 1
MOST_OPTIONS = 100
MOST_ELEMENTS = 25
MOST_TICKS = 10
CONTEXT_ELEMENTS = 10
TITLE_CHARS = 24
METADATA_CHARS = 3000
_ID_CHARS = 255


class InvalidBlocksError(OperatorFixableError):
    """A message or view would be refused by Slack; the message says where."""


def check_message(blocks: Sequence[dict[str, Any]]) -> None:
    """Returns when Slack takes these blocks in one message.

    Raises:
        InvalidBlocksError: it would not.
    """
    _require(len(blocks) <= MOST_BLOCKS, f"{len(blocks)} blocks")
    _check_blocks(blocks)
    _require(sum(len(str(block)) for block in blocks if block["type"] == "markdown") <= MARKDOWN_CHARS * 2, "size")
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    _require(markdown <= MARKDOWN_CHARS, f"{markdown} characters of markdown")
    _require(sum(block["type"] == "table" for block in blocks) <= MOST_TABLES, "more than one table")


def check_view(view: dict[str, Any]) -> None:
    """Returns when Slack takes this view.

    Raises:
        InvalidBlocksError: it would not.
    """
    blocks = view.get("blocks", [])
    _require(1 <= len(blocks) <= MOST_VIEW_BLOCKS, f"{len(blocks)} blocks in a view")
    _require(len(view.get("private_metadata", "")) <= METADATA_CHARS, "private_metadata")
    for name in ("title", "submit", "close"):
        _require(len(view.get(name, {}).get("text", "")) <= TITLE_CHARS, f"{name} is too long")
    _check_blocks(blocks)
    try:
        View(**view).validate_json()
    except SlackObjectFormationError as error:
        raise InvalidBlocksError(f"The view cannot be shown: {error}") from error


def _check_blocks(blocks: Sequence[dict[str, Any]]) -> None:
    block_ids = [block["block_id"] for block in blocks if "block_id" in block]
    _require(len(block_ids) == len(set(block_ids)), "a block_id is used twice")
    for block in blocks:
        parsed = Block.parse(block)
        _require(parsed is not None, f"unknown block {block.get('type')}")
        try:
            assert parsed is not None
            parsed.validate_json()
        except SlackObjectFormationError as error:
            raise InvalidBlocksError(f"The {block['type']} block cannot be shown: {error}") from error
        _check_ours(block)


def _check_ours(block: dict[str, Any]) -> None:
    _require(len(block.get("block_id", "")) <= _ID_CHARS, "block_id is too long")
    elements = list(_elements(block))
    action_ids = [element["action_id"] for element in elements if "action_id" in element]
    _require(len(action_ids) == len(set(action_ids)), "an action_id is used twice in a block")
    for element in elements:
        _check_element(element)
    for field in block.get("fields", []):
        _require(0 < len(field["text"]) <= FIELD_CHARS, "a field is empty or too long")
    if block["type"] == "section" and "text" in block:
        _require(0 < len(block["text"]["text"]) <= SECTION_CHARS, "a section is empty or too long")
    if block["type"] == "table":
        _require(len(block["rows"]) <= MOST_TABLE_ROWS, "too many rows")
        _require(all(0 < len(row) <= MOST_TABLE_COLUMNS for row in block["rows"]), "too many columns")
        _require(all(cell.get("text") for row in block["rows"] for cell in row), "an empty cell")


def _check_element(element: dict[str, Any]) -> None:
    if element["type"] == "button":
        _require(0 < len(element["text"]["text"]) <= BUTTON_CHARS, "a button's label")
        _require(len(element.get("value", "")) <= BUTTON_VALUE_CHARS, "a button's value")
    options = element.get("options", [])
    _require(len(options) <= MOST_OPTIONS, "too many options")
    for option in options:
        _require(0 < len(option["text"]["text"]) <= OPTION_CHARS, "an option's label")
        _require(0 < len(option["value"]) <= OPTION_VALUE_CHARS, "an option's value")


def _elements(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (each for each in block.get("elements", []) if "type" in each)
    for name in ("accessory", "element"):
        if name in block:
            yield block[name]


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise InvalidBlocksError(f"Slack would not show this: {what}.")
