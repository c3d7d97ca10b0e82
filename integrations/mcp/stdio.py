"""The protocol over standard input and output, for an assistant on the same machine that starts the process."""

from typing import Any

import anyio
from mcp.server.stdio import stdio_server

from agent.runtime import Runtime
from integrations.mcp.identity import Identity, Now, identify
from integrations.mcp.server import build_server


def serve_stdio(runtime: Runtime, secret: str, now: Now) -> None:
    """Serves until the assistant closes the connection; the token is looked up for every call.

    Raises:
        TokenRefusedError: the token cannot be used at the start.
    """
    identify(runtime.store, secret, now())

    def who_asks(_: Any) -> Identity:
        return identify(runtime.store, secret, now())

    async def run() -> None:
        server = build_server(runtime, who_asks)
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(run)
