"""A message as plain text, for where Slack takes text and refuses the blocks that it is drawn in."""

from typing import Any

from integrations.slack.render import blocks as b
from integrations.slack.render.text import cut, escape


def as_text(blocks: list[b.Block], limit: int) -> str:
    """Everything that the blocks say, one under the other; buttons are left out."""
    lines = [line for block in blocks for line in _lines(block)]
    return cut("\n".join(lines), limit)


def _lines(block: b.Block) -> list[str]:
    if block["type"] == "table":
        return [escape(" | ".join(cell["text"] for cell in row)) for row in block["rows"]]
    if block["type"] == "markdown":
        return [str(block["text"])]
    texts: list[dict[str, Any]] = [block["text"]] if "text" in block else []
    texts += block.get("fields", [])
    texts += [each for each in block.get("elements", []) if each["type"] in ("mrkdwn", "plain_text")]
    return [each["text"] if each["type"] == "mrkdwn" else escape(each["text"]) for each in texts]
