"""Slack over HTTP as an ASGI application: events and clicks, and the pages of the installation (OAuth).

An HTTP server mounts it at `/slack`; it runs the synchronous app on threads of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.oauth import OAuthFlow

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

EVENTS, INSTALL, REDIRECT = "/slack/events", "/slack/install", "/slack/oauth_redirect"
MOST_BYTES = 1024 * 1024
THREADS = 32


class SlackAsgi:
    """Answers `/slack/events`, and with OAuth `/slack/install` and `/slack/oauth_redirect`; all else is 404."""

    def __init__(self, app: App, oauth: OAuthFlow | None = None) -> None:
        self._app, self._oauth = app, oauth
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="slack")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            return
        body = await _read(receive)
        if body is None:
            await _answer(send, BoltResponse(status=413, body="too large"))
            return
        headers = _headers(scope)
        query = scope.get("query_string", b"").decode("latin-1")
        request = BoltRequest(body=body.decode("utf-8", errors="replace"), query=query, headers=headers)
        path = str(scope.get("root_path", "")) + str(scope["path"]) if _is_mounted(scope) else str(scope["path"])
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self.answer, str(scope["method"]), path, request)
        await _answer(send, found)

    def answer(self, method: str, path: str, request: BoltRequest) -> BoltResponse:
        """What is answered to a request."""
        path = path.rstrip("/")
        if method == "POST" and path == EVENTS:
            return self._dispatch(request)
        if method == "GET" and self._oauth is not None:
            if path == INSTALL:
                return self._oauth.handle_installation(request)
            if path == REDIRECT:
                return self._oauth.handle_callback(request)
        return BoltResponse(status=404, body="not found")

    def close(self) -> None:
        """Gives the threads back."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _dispatch(self, request: BoltRequest) -> BoltResponse:
        # Bolt reads the time stamp as a number without looking first.
        stamp = (request.headers.get("x-slack-request-timestamp") or ["0"])[0]
        if not stamp.isdigit():
            return BoltResponse(status=401, body="invalid request")
        return self._app.dispatch(request)


def _is_mounted(scope: Scope) -> bool:
    root = str(scope.get("root_path", ""))
    return bool(root) and not str(scope["path"]).startswith(root)


def _headers(scope: Scope) -> dict[str, str | Sequence[str]]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def _read(receive: Receive) -> bytes | None:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > MOST_BYTES:
            return None
        if not message.get("more_body"):
            return body


async def _answer(send: Send, answer: BoltResponse) -> None:
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, values in answer.headers.items()
        for value in values
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = answer.body if isinstance(answer.body, str) else str(answer.body)
    await send({"type": "http.response.body", "body": body.encode("utf-8")})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return
