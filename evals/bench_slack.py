"""Load on the Slack app: `python -m evals.bench_slack` sends 200 mentions in 60 seconds from 50 people.

`dealhand slack run --http` runs as its own process on a fresh copy of the demonstration company, with the built-in
model and a stand-in for Slack's Web API that takes and counts messages. Every mention comes as Slack delivers it:
as `app_mention` and as `message`, signed, and again when it is not answered in three seconds.
"""

import hashlib
import hmac
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection, socket
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from rich.console import Console

from core.clock import FixedClock
from crm_store.transfer import import_world

SECRET, BOT, ROOM = "bench-secret", "UBOT", "CBENCH"
MENTIONS, PEOPLE, SPAN_S = 200, 50, 60.0
RETRY_AFTER_S, LONGEST_WAIT_S = 3.0, 600.0
SPEAKERS = ("marcus@northstar.example", "tom@northstar.example", "dana@northstar.example")
MESSAGES = (
    "what is in my pipeline?",
    "show my open deals",
    "which of my deals close this month?",
    "what is due today?",
    "remind me on Friday to send the paper",
    "brief me on Acme Robotics",
)


@dataclass
class Answers:
    """What the stand-in has taken, and how fast the app answered Slack."""

    in_thread: Counter[str] = field(default_factory=Counter)
    done_at: dict[str, float] = field(default_factory=dict)
    acks_s: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    ts: int = 0
    streams: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, method: str, body: dict[str, str]) -> dict[str, object]:
        """What Slack answers."""
        with self.lock:
            self.ts += 1
            ts = f"9000000000.{self.ts:06d}"
            if method in ("chat.postMessage", "chat.startStream") and body.get("channel") == ROOM:
                self.in_thread[str(body.get("thread_ts"))] += 1
                self.streams[ts] = str(body.get("thread_ts"))
            done = body.get("thread_ts") if method == "chat.postMessage" else self.streams.get(str(body.get("ts")))
            if method in ("chat.postMessage", "chat.stopStream", "chat.update") and done:
                self.done_at[str(done)] = time.perf_counter()
        extra = _EXTRA[method](body) if method in _EXTRA else {}
        return {"ok": True, "ts": ts, **extra}


_EXTRA: dict[str, Callable[[dict[str, str]], dict[str, object]]] = {
    "auth.test": lambda _: {"team_id": "T1", "user_id": BOT, "bot_id": "BBOT"},
    "users.info": lambda body: {"user": _person(str(body["user"]))},
    "conversations.info": lambda _: {"channel": {"id": ROOM}},
    "conversations.members": lambda _: {"members": [BOT, *(f"U{n}" for n in range(PEOPLE))]},
    "conversations.open": lambda body: {"channel": {"id": f"D{body.get('users')}"}},
    "conversations.replies": lambda _: {"messages": []},
}


def main() -> int:
    """Runs the load and prints the figures; 1 for a lost or doubled reply or a p99 of the answers over 1 s."""
    mentions = int(sys.argv[1]) if len(sys.argv) > 1 else MENTIONS
    span_s = float(sys.argv[2]) if len(sys.argv) > 2 else SPAN_S
    with tempfile.TemporaryDirectory() as folder:
        answers = Answers()
        server = _serve(answers)
        app, port = _start_app(Path(folder), server.server_port)
        try:
            sent = _send_all(answers, port, mentions, span_s)
            _wait(answers, sent)
        finally:
            app.terminate()
            app.wait(timeout=30)
            server.shutdown()
    return _report(answers, sent, span_s)


def _start_app(folder: Path, api_port: int) -> tuple["subprocess.Popen[bytes]", int]:
    now = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo("America/New_York"))
    url = f"sqlite:///{folder}/bench.sqlite3"
    import_world(url, Path(__file__).parent / "worlds" / "northstar", clock=FixedClock(now))
    port = _free_port()
    environment = {
        **os.environ,
        "DEALHAND_HOME": str(folder),
        "DEALHAND_DATABASE_URL": url,
        "DEALHAND_MODEL": "builtin",
        "SLACK_API_URL": f"http://127.0.0.1:{api_port}/api/",
        "DEALHAND_SLACK_BOT_TOKEN": "xoxb-bench",
        "DEALHAND_SLACK_SIGNING_SECRET": SECRET,
    }
    program = [sys.executable, "-m", "cli.main"]
    # As an installation that has been running: the memory of the interactions is there.
    subprocess.run([*program, "memory", "rebuild"], env=environment, stdout=subprocess.DEVNULL, check=True)
    command = [*program, "slack", "run", "--http", "--port", str(port)]
    app = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    for _ in range(600):
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
            return app, port
        except OSError:
            if app.poll() is not None:
                raise SystemExit("the app did not start") from None
            time.sleep(0.1)
    raise SystemExit("the app did not start in a minute")


def _send_all(answers: Answers, port: int, mentions: int, span_s: float) -> dict[str, float]:
    sent: dict[str, float] = {}
    begun = time.perf_counter()
    with ThreadPoolExecutor(32) as pool:
        for number in range(mentions):
            time.sleep(max(0.0, begun + number * span_s / mentions - time.perf_counter()))
            ts = f"{int(time.time())}.{number:06d}"
            sent[ts] = time.perf_counter()
            for kind in ("message", "app_mention"):
                pool.submit(_deliver, answers, port, number, ts, kind)
    return sent


def _deliver(answers: Answers, port: int, number: int, ts: str, kind: str) -> None:
    event = {
        "type": kind,
        "channel": ROOM,
        "channel_type": "channel",
        "user": f"U{number % PEOPLE}",
        "ts": ts,
        "text": f"<@{BOT}> {MESSAGES[number % len(MESSAGES)]}",
    }
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}{kind}", "event": event})
    for attempt in range(3):
        started = time.perf_counter()
        status = _post(port, body, attempt)
        took = time.perf_counter() - started
        with answers.lock:
            answers.acks_s.append(took)
            if status != 200:
                answers.refused[status] += 1
        if status == 200 and took < RETRY_AFTER_S:
            return


def _post(port: int, body: str, attempt: int) -> int:
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
        **({"X-Slack-Retry-Num": str(attempt)} if attempt else {}),
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/slack/events", body=body, headers=headers)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def _wait(answers: Answers, sent: dict[str, float]) -> None:
    until = time.perf_counter() + LONGEST_WAIT_S
    while time.perf_counter() < until:
        with answers.lock:
            if all(ts in answers.done_at for ts in sent):
                break
        time.sleep(0.2)
    time.sleep(2.0)  # for what would come doubled


def _report(answers: Answers, sent: dict[str, float], span_s: float) -> int:
    acks = sorted(answers.acks_s)
    waits = sorted(answers.done_at[ts] - at for ts, at in sent.items() if ts in answers.done_at)
    lost = [ts for ts in sent if not answers.in_thread[ts] or ts not in answers.done_at]
    doubled = [ts for ts in sent if answers.in_thread[ts] > 1]
    p99 = _at(acks, 0.99)
    print_line = Console(width=120).print
    print_line(
        f"{len(sent)} mentions ({len(acks)} requests) in {span_s:.0f} s from {PEOPLE} people, built-in model"
    )
    print_line(f"answered to Slack: p50 {_at(acks, 0.5) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
    print_line(f"reply in the thread: p50 {_at(waits, 0.5):.2f} s, p99 {_at(waits, 0.99):.2f} s")
    print_line(f"lost {len(lost)}, doubled {len(doubled)}, refused requests {sum(answers.refused.values())}")
    print_line(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 0 if not lost and not doubled and p99 < 1.0 else 1


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def _serve(answers: Answers) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            is_json = "json" in (self.headers.get("Content-Type") or "")
            text = raw.decode()
            body = json.loads(text or "{}") if is_json else {k: v[0] for k, v in parse_qs(text).items()}
            body |= {key: values[0] for key, values in parse_qs(parts.query).items()}
            content = json.dumps(answers.call(parts.path.removeprefix("/api/"), body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _person(user: str) -> dict[str, object]:
    if user == BOT:
        return {"id": BOT, "is_bot": True}
    email = SPEAKERS[int(user[1:]) % len(SPEAKERS)]
    return {"id": user, "team_id": "T1", "profile": {"email": email}, "is_email_confirmed": True}


def _free_port() -> int:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
