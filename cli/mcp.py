"""`dealhand mcp`: the tools for an assistant that starts this process; `dealhand serve` has them over HTTP."""

from typing import Annotated

import typer

from cli.session import open_runtime
from core.clock import SystemClock

app = typer.Typer(add_completion=False)


@app.command()
def mcp(
    token: Annotated[
        str,
        typer.Option(envvar="DEALHAND_TOKEN", help="Token with the scopes mcp and read; write to change records."),
    ],
) -> None:
    """Serve the tools over standard input and output (Model Context Protocol) for the token's person."""
    from integrations.mcp.stdio import serve_stdio

    with open_runtime() as runtime:
        serve_stdio(runtime, token, SystemClock().now)
