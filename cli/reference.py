"""Writes the reference pages (settings, tools, API, MCP, .env.example) from the code, or checks that they are so."""

import sys
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from api.reference import api_page
from core.settings import Settings
from integrations.mcp.reference import mcp_page
from tools.registry import TOOLS, Tool

ROOT = Path(__file__).parents[1]


def pages() -> dict[str, str]:
    """Every generated file by its path in the project."""
    return {
        ".env.example": _env_example(),
        "docs/settings.md": _settings(),
        "docs/tools.md": _tools(),
        "docs/api.md": api_page(),
        "docs/mcp.md": mcp_page(),
    }


def main() -> int:
    """Writes the pages; with --check says which are stale and gives 1."""
    stale = [path for path, text in pages().items() if _read(path) != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            sys.stderr.write(f"{path} is not what the code says; run: make docs\n")
        return 1 if stale else 0
    for path in stale:
        (ROOT / path).write_text(pages()[path], encoding="utf-8")
    return 0


def _read(path: str) -> str:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _default(field: FieldInfo) -> str:
    value: Any = field.get_default()
    value = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return "" if value in (None, "") else str(value)


def _env_example() -> str:
    lines = ["# Settings of Dealhand. Copy to .env in the home folder, or set them in the environment.", ""]
    for name, field in Settings.model_fields.items():
        lines += [f"# {field.description}", f"# DEALHAND_{name.upper()}={_default(field)}", ""]
    return "\n".join(lines)


def _settings() -> str:
    lines = [
        "# Settings",
        "",
        "Read from the environment, then from `.env` in the home folder. "
        "This page is made from `core/settings.py`.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = f"`{_default(field)}`" if _default(field) else "empty"
        lines.append(f"| `DEALHAND_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def _tools() -> str:
    lines = [
        "# Tools",
        "",
        "What a model may do. Names, dates and amounts travel as people write them; the server resolves them.",
        "This page is made from `tools/`.",
        "",
    ]
    for tool in sorted(TOOLS, key=lambda each: each.name):
        lines += _tool(tool)
    return "\n".join(lines)


def _tool(tool: Tool) -> list[str]:
    properties = tool.schema().get("properties", {})
    required = tool.schema().get("required", [])
    lines = [f"## {tool.name}", "", f"{tool.effect.value}, scope `{tool.scope}`", "", tool.description, ""]
    for name, schema in properties.items():
        mark = " (required)" if name in required else ""
        lines.append(f"- `{name}`{mark}: {schema.get('description', '')}")
    return [*lines, ""]


if __name__ == "__main__":
    sys.exit(main())
