"""The protocol over streamable HTTP: one address, a bearer token with every request, no state between requests."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import anyio.to_thread
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from agent.runtime import Runtime
from core.errors import DealhandError
from integrations.mcp.identity import Identity, Now, identify
from integrations.mcp.server import build_server

PATH = "/mcp"
_IDENTITY = "dealhand.identity"


@dataclass
class McpEndpoint:
    """An ASGI application; it serves only within `running`."""

    runtime: Runtime
    now: Now
    take: Callable[[str], None]

    def __post_init__(self) -> None:
        self._manager = StreamableHTTPSessionManager(
            build_server(self.runtime, _from_request), json_response=True, stateless=True
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Makes the endpoint ready for the length of the block; once only."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Refuses requests without a valid token or from another site's page, passes the others on."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        origin = urlsplit(headers.get("origin", "")).netloc
        if origin and origin != headers.get("host"):
            await _refuse(send, 403, "This request comes from another site.")
            return
        secret = headers.get("authorization", "").partition(" ")[2].strip()
        try:
            identity = await anyio.to_thread.run_sync(identify, self.runtime.store, secret, self.now())
            self.take(identity.token_id)
        except DealhandError as error:
            limited = getattr(error, "seconds", 0)
            await _refuse(send, 429 if limited else 401, error.message)
            return
        await self._manager.handle_request({**scope, _IDENTITY: identity}, receive, send)


def _from_request(context: Any) -> Identity:
    identity: Identity = context.request.scope[_IDENTITY]
    return identity


async def _refuse(send: Any, status: int, message: str) -> None:
    body = json.dumps({"type": "about:blank", "title": "Refused", "status": status, "detail": message}).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"www-authenticate", b"Bearer")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
