"""Writes `docs/mcp.md` from the declared tools."""

from integrations.mcp.results import described
from tools.registry import TOOLS

_ABOUT = """# Tools for other assistants (MCP)

This page is made from the declared tools. Dealhand offers them over the Model Context Protocol to any assistant
that speaks it, for the person whose token the assistant has: with that person's rights, policy, audit and undo. A
change that needs a yes is answered with `pending_approval` and can be approved only by the person, on the page
under Approvals; a token for assistants cannot chat or approve.

## Set up

```
dealhand tokens create assistant --as marcus@northstar.example --scope mcp --scope read --scope write
```

- Over HTTP: `dealhand serve` answers at `/mcp` (streamable HTTP, `Authorization: Bearer dh_…`).
- On the same machine: the assistant starts `dealhand mcp` with the token in `DEALHAND_TOKEN`:

```json
{"mcpServers": {"dealhand": {"command": "dealhand", "args": ["mcp"], "env": {"DEALHAND_TOKEN": "dh_…"}}}}
```

Without the scope `write` an assistant sees the reading tools only.

## Tools

The hints follow from each tool's declared effect.

| tool | changes records | may overwrite | what it does |
|---|---|---|---|
"""


def mcp_page() -> str:
    """The whole page."""
    rows = []
    for tool in sorted(TOOLS, key=lambda each: each.name):
        hints = described(tool).annotations
        assert hints is not None
        changes = "" if hints.read_only_hint else "yes"
        overwrites = "yes" if hints.destructive_hint else ""
        first = tool.description.split("\n", 1)[0]
        rows.append(f"| `{tool.name}` | {changes} | {overwrites} | {first} |")
    return _ABOUT + "\n".join(rows) + "\n"
