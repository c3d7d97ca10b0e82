"""A strict stand-in for Slack's Web API: it keeps messages, streams and bodies, and refuses as Slack does.

An unknown method is `unknown_method`. Messages and views have to pass the library's validators and our own limits.
Faults are put in by method: an error name, 429, a broken connection before or after the effect.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from integrations.slack.render.limits import InvalidBlocksError, check_message, check_view

BOT, BOT_ID = "UBOT", "BBOT"


@dataclass
class Fault:
    """What goes wrong with the next calls of a method."""

    kind: str  # an error name, "429", "cut" (no answer, no effect), "cut_after" (no answer, but the effect)
    times: int = 1


@dataclass
class FakeSlack:
    """The state of one Slack; every token is one workspace's."""

    tokens: dict[str, str] = field(default_factory=lambda: {"xoxb-1": "T1"})
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    ephemerals: list[dict[str, Any]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    contents: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    responses: list[dict[str, Any]] = field(default_factory=list)
    unfurls: list[dict[str, Any]] = field(default_factory=list)
    sessions: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    missing: set[str] = field(default_factory=set)
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""
    on_call: Callable[[str, dict[str, Any]], None] | None = None
    _clock: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def fail(self, method: str, kind: str, times: int = 1) -> None:
        """The next calls of a method go wrong."""
        self.faults[method].append(Fault(kind, times))

    def called(self, method: str) -> list[dict[str, Any]]:
        """The bodies of all calls of a method."""
        return [body for name, body in self.calls if name == method]

    def posted(self, channel: str) -> list[dict[str, Any]]:
        """What stands in a channel from the app."""
        return [message for message in self.messages[channel] if message["user"] == BOT]

    def take_fault(self, method: str, body: dict[str, Any]) -> str:
        """What is to go wrong with this call; empty for nothing."""
        with self._lock:
            self.calls.append((method, body))
            fault = next((each for each in self.faults[method] if each.times > 0), None)
            if fault is None:
                return ""
            fault.times -= 1
            if fault.kind == "message_not_in_streaming_state":
                self.end_stream(body)
            return fault.kind

    def end_stream(self, body: dict[str, Any]) -> None:
        """Ends a stream from Slack's side."""
        for message in self.messages[body["channel"]]:
            if message["ts"] == body["ts"]:
                message["streaming"] = False

    def next_ts(self) -> str:
        with self._lock:
            self._clock += 1
            return f"1773180000.{self._clock:06d}"

    def call(self, method: str, body: dict[str, Any], token: str) -> dict[str, Any]:
        with self._lock:
            if method == "oauth.v2.access":
                return self.exchange(body)
            if token not in self.tokens:
                return {"ok": False, "error": "invalid_auth"}
            found = getattr(self, "m_" + method.replace(".", "_"), None)
            if found is None or method in self.missing:
                return {"ok": False, "error": "unknown_method"}
            try:
                return {"ok": True, **found(body, self.tokens[token])}
            except Refused as refused:
                return {"ok": False, "error": str(refused)}

    def exchange(self, body: dict[str, Any]) -> dict[str, Any]:
        number = len(self.called("oauth.v2.access"))
        token = f"xoxb-fresh-{number}"
        team = self.tokens.get(str(body.get("refresh_token")), "T2")
        self.tokens[token] = team
        self.tokens[f"xoxe-{number}"] = team
        return {
            "ok": True,
            "access_token": token,
            "token_type": "bot",
            "scope": "chat:write",
            "bot_user_id": BOT,
            "app_id": "A1",
            "team": {"id": team, "name": team},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": "U1"},
            "refresh_token": f"xoxe-{number}",
            "expires_in": 43200,
        }

    # Methods

    def m_auth_test(self, body, team):
        return {
            "team_id": team,
            "user_id": BOT,
            "bot_id": BOT_ID,
            "url": "https://x.slack.com/",
            "user": "dealhand",
        }

    def m_users_info(self, body, team):
        if body["user"] not in self.users:
            raise Refused("user_not_found")
        return {"user": {"id": body["user"], "team_id": team, **self.users[body["user"]]}}

    def m_conversations_info(self, body, team):
        channel = self._channel(body["channel"], team)
        return {"channel": {key: value for key, value in channel.items() if key != "members"}}

    def m_conversations_members(self, body, team):
        return {
            "members": self._channel(body["channel"], team)["members"],
            "response_metadata": {"next_cursor": ""},
        }

    def m_conversations_open(self, body, team):
        name = f"D{body['users']}"
        self.channels.setdefault(name, {"id": name, "is_im": True, "members": [body["users"], BOT], "team": team})
        return {"channel": {"id": name}}

    def m_conversations_replies(self, body, team):
        self._channel(body["channel"], team)
        found = [m for m in self.messages[body["channel"]] if body["ts"] in (m["ts"], m.get("thread_ts"))]
        found = [m for m in found if m["ts"] >= str(body.get("oldest") or "")]
        start, size = int(body.get("cursor") or 0), int(body["limit"])
        after = str(start + size) if len(found) > start + size else ""
        return {"messages": found[start : start + size], "response_metadata": {"next_cursor": after}}

    def m_conversations_history(self, body, team):
        self._channel(body["channel"], team)
        return {"messages": [m for m in reversed(self.messages[body["channel"]]) if not m.get("thread_ts")]}

    def m_chat_postMessage(self, body, team):
        self._channel(body["channel"], team)
        message = self._message(body)
        self.messages[body["channel"]].append(message)
        return {"ts": message["ts"], "channel": body["channel"], "message": message}

    def m_chat_postEphemeral(self, body, team):
        self._channel(body["channel"], team)
        self._check(body)
        self.ephemerals.append(body)
        return {"message_ts": self.next_ts()}

    def m_chat_update(self, body, team):
        message = self._find(body)
        if message.get("streaming"):
            raise Refused("streaming_state_conflict")
        self._check(body)
        message.update(text=body["text"], blocks=body.get("blocks") or [], chunks=[])
        return {"ts": body["ts"], "channel": body["channel"], "text": body["text"]}

    def m_chat_startStream(self, body, team):
        self._channel(body["channel"], team)
        for name in ("recipient_team_id", "recipient_user_id"):
            if not body.get(name):
                raise Refused(f"missing_{name}")
        if not body.get("thread_ts"):
            raise Refused("invalid_thread_ts")
        message = {**self._message({**body, "text": "…"}), "streaming": True, "chunks": self._chunks(body)}
        self.messages[body["channel"]].append(message)
        return {"ts": message["ts"], "channel": body["channel"]}

    def m_chat_appendStream(self, body, team):
        message = self._stream(body)
        message["chunks"] += self._chunks(body)
        return {"ts": body["ts"]}

    def m_chat_stopStream(self, body, team):
        message = self._stream(body)
        message["chunks"] += self._chunks(body)
        self._check(body)
        message.update(streaming=False, blocks=body.get("blocks") or [])
        if body.get("metadata"):
            message["metadata"] = body["metadata"]
        return {"ts": body["ts"]}

    def m_chat_unfurl(self, body, team):
        for unfurl in body["unfurls"].values():
            check_message(unfurl["blocks"])
        self.unfurls.append(body)
        return {}

    def m_chat_getPermalink(self, body, team):
        return {"permalink": f"https://x.slack.com/archives/{body['channel']}/p{body['message_ts']}"}

    def m_agents_sessions_setStatus(self, body, team):
        if body["status"] not in ("processing", "active", "suspended", "closed"):
            raise Refused("invalid_status")
        if len(body.get("title", "")) > 200:
            raise Refused("invalid_title")
        self.sessions[body["channel_id"], body.get("thread_ts", "")].append(body["status"])
        return {}

    def m_assistant_threads_setStatus(self, body, team):
        self.sessions[body["channel_id"], body["thread_ts"]].append(f"legacy:{body['status']}")
        return {}

    def m_assistant_threads_setSuggestedPrompts(self, body, team):
        if "thread_ts" in body:
            raise Refused("thread_not_found")
        if not 1 <= len(body["prompts"]) <= 4:
            raise Refused("invalid_arguments")
        return {}

    def m_views_open(self, body, team):
        return self._view(body)

    def m_views_update(self, body, team):
        return self._view(body)

    def m_views_publish(self, body, team):
        check_view(body["view"])
        self.homes[body["user_id"]] = body["view"]
        return {"view": body["view"]}

    def m_files_info(self, body, team):
        if body["file"] not in self.files:
            raise Refused("file_not_found")
        found = self.files[body["file"]]
        return {"file": found.pop(0) if isinstance(found, list) and len(found) > 1 else _first(found)}

    def m_files_getUploadURLExternal(self, body, team):
        return {"upload_url": f"{self.url.removesuffix('/api/')}/upload/F9", "file_id": "F9"}

    def m_files_completeUploadExternal(self, body, team):
        return {"files": [{"id": "F9"}]}

    # Inside

    def _view(self, body):
        check_view(body["view"])
        self.views.append(body["view"])
        return {"view": {**body["view"], "id": f"V{len(self.views)}", "hash": "h"}}

    def _channel(self, name, team):
        channel = self.channels.get(name)
        if channel is None or channel.get("team", team) != team:
            raise Refused("channel_not_found")
        return {"id": name, **channel}

    def _message(self, body):
        self._check(body)
        return {
            "ts": self.next_ts(),
            "user": BOT,
            "bot_id": BOT_ID,
            "thread_ts": body.get("thread_ts"),
            "text": body.get("text", ""),
            "blocks": body.get("blocks") or [],
            "metadata": body.get("metadata") or {},
            "chunks": [],
        }

    @staticmethod
    def _check(body):
        ends_a_stream = "ts" in body and "blocks" not in body
        if not (body.get("text") or body.get("blocks") or "chunks" in body or ends_a_stream):
            raise Refused("no_text")
        try:
            check_message(body.get("blocks") or [])
        except InvalidBlocksError as error:
            raise Refused(f"invalid_blocks: {error}") from error

    @staticmethod
    def _chunks(body):
        if body.get("markdown_text") and body.get("chunks"):
            raise Refused("cannot_provide_both_markdown_text_and_chunks")
        chunks = body.get("chunks") or []
        if any(len(chunk.get("text", "")) > 12_000 for chunk in chunks):
            raise Refused("msg_too_long")
        if any(len(chunk.get(name, "")) > 256 for chunk in chunks for name in ("id", "title")):
            raise Refused("invalid_chunks")
        return list(chunks)

    def _find(self, body):
        for message in self.messages[body["channel"]]:
            if message["ts"] == body["ts"]:
                return message
        raise Refused("message_not_found")

    def _stream(self, body):
        message = self._find(body)
        if not message.get("streaming"):
            raise Refused("message_not_in_streaming_state")
        return message


class Refused(Exception):
    """What Slack answers with `ok: false`."""


def _first(found):
    return found[0] if isinstance(found, list) else found


class Handler(BaseHTTPRequestHandler):
    """One request of the app to the stand-in that `serving` has set."""

    protocol_version = "HTTP/1.1"
    fake: FakeSlack

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        if path.startswith("/upload/"):
            self._send(200, b"OK", "text/plain")
        elif path.startswith("/response/"):
            self.fake.responses.append(json.loads(raw))
            self._send(200, b"ok", "text/plain")
        else:
            self._api(path.removeprefix("/api/"), _parsed(raw, self.headers.get("Content-Type", "")))

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path in self.fake.contents:
            kind, content = self.fake.contents[parts.path]
            allowed = self.headers.get("Authorization", "").removeprefix("Bearer ") in self.fake.tokens
            self._send(200, content if allowed else b"<html>", kind if allowed else "text/html")
            return
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self._api(parts.path.removeprefix("/api/"), query)

    def _api(self, method, body):
        fake = self.fake
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or str(body.pop("token", ""))
        if fake.on_call is not None:
            fake.on_call(method, body)
        kind = fake.take_fault(method, body)
        if kind == "429":
            self._send(429, b'{"ok": false, "error": "ratelimited"}', "application/json", {"Retry-After": "0"})
        elif kind == "cut":
            self._cut()
        elif kind == "cut_after":
            fake.call(method, body, token)
            self._cut()
        else:
            answer = {"ok": False, "error": kind} if kind else fake.call(method, body, token)
            self._send(200, json.dumps(answer).encode(), "application/json")

    def _cut(self):
        self.close_connection = True
        self.connection.close()

    def _send(self, status, content, kind, more=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in {**self.fake.headers, **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        return None


@contextmanager
def serving(fake: FakeSlack) -> Iterator[FakeSlack]:
    """The stand-in on a free port of loopback."""
    handler = type("Handler", (Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}/api/"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def _parsed(raw: bytes, kind: str) -> dict[str, Any]:
    if "json" in kind:
        return json.loads(raw or b"{}")
    found: dict[str, Any] = {key: values[0] for key, values in parse_qs(raw.decode()).items()}
    for name in ("blocks", "view", "metadata", "unfurls", "chunks", "files"):
        if isinstance(found.get(name), str) and found[name][:1] in "[{":
            found[name] = json.loads(found[name])
    return found
