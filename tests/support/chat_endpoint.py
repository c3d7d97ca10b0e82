"""A chat endpoint on loopback: speaks the OpenAI protocol, records what it is asked, plays given answers."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PROMPT_TOKENS, ANSWER_TOKENS = 321, 12


@dataclass(frozen=True)
class Say:
    """Answers in words; `usage` False leaves the counts of tokens out."""

    text: str
    usage: bool = True


@dataclass(frozen=True)
class Calls:
    """Answers with tool calls: (name, arguments); arguments given as a string are sent as they are."""

    calls: Sequence[tuple[str, Mapping[str, Any] | str]]


@dataclass(frozen=True)
class Fail:
    """Answers with an HTTP error."""

    status: int


@dataclass(frozen=True)
class Hang:
    """Says nothing for so many seconds, then breaks off."""

    seconds: float


@dataclass(frozen=True)
class Raw:
    """Answers 200 with this body, whatever was asked."""

    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    key: str
    raw: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.json["messages"]


Step = Say | Calls | Fail | Hang | Raw
Steps = Sequence[Step | Callable[[Asked], Step]]


@dataclass
class ChatEndpoint:
    """Plays one step a request, the last one again and again; a function makes its step from the request."""

    steps: Steps
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, asked: Asked) -> tuple[int, Step]:
        with self.lock:
            self.asked.append(asked)
            number = len(self.asked)
        step = self.steps[min(number, len(self.steps)) - 1]
        return number, step(asked) if callable(step) else step


@contextmanager
def chat_endpoint(*steps: Step | Callable[[Asked], Step]) -> Iterator[ChatEndpoint]:
    """An endpoint that runs in a thread until the end of the block."""
    endpoint = ChatEndpoint(steps)
    handler = type("Handler", (_Handler,), {"endpoint": endpoint})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    endpoint: ChatEndpoint

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = Asked(self.path, self.headers.get("Authorization", "").removeprefix("Bearer "), raw)
        number, step = self.endpoint.take(asked)
        if not self.path.endswith("/chat/completions"):
            self._send(404, b'{"error": {"message": "no such path"}}')
        elif isinstance(step, Hang):
            time.sleep(step.seconds)
            self.close_connection = True
        elif isinstance(step, Fail):
            self._send(step.status, b'{"error": {"message": "scripted", "type": "scripted"}}')
        elif isinstance(step, Raw):
            self._send(200, step.body, step.content_type)
        elif asked.json.get("stream"):
            self._send(200, _events(number, step, asked.json).encode(), "text/event-stream")
        else:
            self._send(200, json.dumps(_whole(number, step)).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""

    def _send(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _whole(number: int, step: Say | Calls) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": step.text if isinstance(step, Say) else None}
    if isinstance(step, Calls):
        message["tool_calls"] = _tool_calls(number, step)
    reason = "tool_calls" if isinstance(step, Calls) else "stop"
    answer = _frame(number, "chat.completion") | {
        "choices": [{"index": 0, "message": message, "finish_reason": reason}]
    }
    return answer | ({"usage": _USAGE} if _counts(step) else {})


def _events(number: int, step: Say | Calls, asked: Mapping[str, Any]) -> str:
    """The answer in pieces: each call's head first, then its arguments in two halves, all calls interleaved."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    if isinstance(step, Say):
        deltas += [{"content": piece} for piece in step.text.split(" ")[:1]]
        deltas += [{"content": " " + piece} for piece in step.text.split(" ")[1:]]
    else:
        calls = _tool_calls(number, step)
        for part in (slice(0, 0), slice(0, 5), slice(5, None)):
            for index, call in enumerate(calls):
                head = {"id": call["id"], "type": "function"} if part == slice(0, 0) else {}
                function = {"name": call["function"]["name"]} if head else {}
                function["arguments"] = call["function"]["arguments"][part]
                deltas.append({"tool_calls": [{"index": index, "function": function, **head}]})
    frame = _frame(number, "chat.completion.chunk")
    chunks = [frame | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    reason = "tool_calls" if isinstance(step, Calls) else "stop"
    chunks.append(frame | {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    if (asked.get("stream_options") or {}).get("include_usage") and _counts(step):
        chunks.append(frame | {"choices": [], "usage": _USAGE})
    return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"


def _tool_calls(number: int, step: Calls) -> list[dict[str, Any]]:
    return [
        {
            "id": f"call_{number}_{place}",
            "type": "function",
            "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
        }
        for place, (name, given) in enumerate(step.calls)
    ]


def _counts(step: Step) -> bool:
    return not isinstance(step, Say) or step.usage


def _frame(number: int, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{number}", "object": kind, "created": 1, "model": "test"}


_USAGE = {
    "prompt_tokens": PROMPT_TOKENS,
    "completion_tokens": ANSWER_TOKENS,
    "total_tokens": PROMPT_TOKENS + ANSWER_TOKENS,
}
