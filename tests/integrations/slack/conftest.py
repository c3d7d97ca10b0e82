"""The Slack app over the demo world, with requests signed as Slack signs them and a queue that tests run."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier

from agent import Runtime, build_runtime
from core.clock import FixedClock
from core.settings import Settings
from crm_store.principals import SYSTEM
from integrations.slack.answer import Pace
from integrations.slack.app import build_app, handlers
from integrations.slack.calls import TryLaterError
from integrations.slack.http import EVENTS, SlackAsgi
from integrations.slack.service import Slack, build_service
from jobs.job import Job
from tests.integrations.slack.web_api import BOT, FakeSlack, serving

SECRET = "signing-secret"
MARCUS, TOM, DANA, GUEST, NOBODY = "UMARCUS", "UTOM", "UDANA", "UGUEST", "UNOBODY"
DM, TEAM_ROOM, OPEN_ROOM, SHARED_ROOM = "DMARCUS", "CTEAM", "COPEN", "CSHARED"


class AtOnce(Executor):
    """Runs what follows an answer before the answer is given, so that tests need not wait for it."""

    def submit(self, fn, /, *args, **kwargs):
        done = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@dataclass
class HeldQueue:
    """A queue with the promises of the durable one: once a key, in order within a partition. Run by the test."""

    jobs: dict[str, Job] = field(default_factory=dict)
    waiting: list[Job] = field(default_factory=list)
    handle: dict[str, Callable[[Job], None]] = field(default_factory=dict)
    retried: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enqueue(self, queue, handler, payload, *, key, partition="", run_at: datetime | None = None) -> bool:
        with self._lock:
            if key in self.jobs:
                return False
            job = Job(
                f"job_{len(self.jobs)}", key, queue, handler, json.loads(json.dumps(payload)), partition, run_at
            )
            self.jobs[key] = job
            self.waiting.append(job)
            return True

    def enqueue_soon(self, queue, handler, payload, *, key, partition="") -> bool:
        return self.enqueue(queue, handler, payload, key=key, partition=partition)

    def run_all(self, tries: int = 4) -> None:
        """Runs what waits, and what that puts in."""
        while self.waiting:
            self.run_job(self.waiting.pop(0), tries)

    def run_job(self, job: Job, tries: int = 4) -> None:
        for attempt in range(tries):
            try:
                return self.handle[job.handler](job)
            except TryLaterError:
                self.retried += 1
                if attempt + 1 == tries:
                    raise
        return None


@dataclass
class Desk:
    """A person at Slack: signed requests in, what the app did out."""

    slack: Slack
    fake: FakeSlack
    queue: HeldQueue
    asgi: SlackAsgi
    team: str = "T1"
    count: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def post(
        self,
        body: dict[str, Any],
        *,
        form: bool = False,
        stamp: int | str | None = None,
        headers=None,
        secret=SECRET,
    ):
        """Sends a signed request; gives the answer."""
        raw = urlencode({"payload": json.dumps(body)}) if form else json.dumps(body)
        return self.post_raw(raw, form=form, stamp=stamp, headers=headers, secret=secret)

    def post_raw(self, raw: str, *, form=False, stamp=None, headers=None, secret=SECRET):
        moment = str(int(time.time()) if stamp is None else stamp)
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        try:
            signature = SignatureVerifier(secret).generate_signature(timestamp=moment, body=raw)
        except ValueError:
            signature = "v0=none"
        signed = {
            "content-type": [kind],
            "x-slack-request-timestamp": [moment],
            "x-slack-signature": [signature or "v0=none"],
            **{name: [value] for name, value in (headers or {}).items()},
        }
        return self.asgi.answer("POST", EVENTS, BoltRequest(body=raw, headers=signed))

    def event(self, event: dict[str, Any], *, event_id: str = "", headers=None, **envelope):
        self.count["event"] += 1
        body = {
            "type": "event_callback",
            "team_id": self.team,
            "api_app_id": "A1",
            "event_id": event_id or f"Ev{self.team}{self.count['event']}",
            "event": event,
            "authorizations": [{"team_id": self.team, "enterprise_id": None, "user_id": BOT, "is_bot": True}],
            **envelope,
        }
        return self.post(body, headers=headers)

    def say(self, text: str, *, user=MARCUS, channel=DM, thread: str = "", ts: str = "", run=True, **more) -> str:
        """A person writes; gives the `ts` of their message."""
        ts = ts or self.fake.next_ts()
        kind = "im" if channel.startswith("D") else "channel"
        mention = f"<@{BOT}> " if not channel.startswith("D") and not more.pop("bare", False) else ""
        event = {
            "type": "message" if kind == "im" or not mention else "app_mention",
            "user": user, "channel": channel, "channel_type": kind, "ts": ts, "text": f"{mention}{text}",
            **({"thread_ts": thread} if thread else {}), **more,
        }  # fmt: skip
        answer = self.event(event)
        assert answer.status == 200
        if run:
            self.queue.run_all()
        return ts

    def click(
        self,
        message: dict[str, Any],
        action_id: str,
        *,
        user=MARCUS,
        channel=DM,
        value: str | None = None,
        run=True,
        stamp="",
        state: dict[str, Any] | None = None,
    ) -> Any:
        """A person clicks a button of a message."""
        action = find_action(message, action_id)
        self.count["click"] += 1
        body = {
            "type": "block_actions",
            "team": {"id": self.team},
            "user": {"id": user, "team_id": self.team},
            "channel": {"id": channel},
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": channel},
            "message": {key: message[key] for key in ("ts", "thread_ts", "text")},
            "trigger_id": f"t{self.count['click']}",
            **({"state": state} if state is not None else {}),
            "response_url": f"{self.fake.url.removesuffix('/api/')}/response/1",
            "actions": [{**action, "value": action.get("value") if value is None else value,
                         "action_ts": stamp or f"a{self.count['click']}", "block_id": "b"}],
        }  # fmt: skip
        answer = self.post(body, form=True)
        assert answer.status == 200
        if run:
            self.queue.run_all()
        return answer

    def submit(self, view: dict[str, Any], values: dict[str, Any], *, user=MARCUS, run=True) -> Any:
        """A person sends a window."""
        body = {
            "type": "view_submission",
            "team": {"id": self.team},
            "user": {"id": user, "team_id": self.team},
            "view": {**view, "id": f"V{len(self.fake.views)}", "hash": "h", "state": {"values": values}},
        }
        answer = self.post(body, form=True)
        assert answer.status == 200
        if run:
            self.queue.run_all()
        return answer

    def again(self, message: dict[str, Any], channel=DM) -> dict[str, Any]:
        """The same message as it stands now."""
        (found,) = [each for each in self.fake.posted(channel) if each["ts"] == message["ts"]]
        return deepcopy(found)

    def last(self, channel=DM) -> dict[str, Any]:
        """The app's last message in a channel, as it stands now."""
        return deepcopy(self.fake.posted(channel)[-1])


def find_action(message: dict[str, Any], action_id: str) -> dict[str, Any]:
    """The button or select of a message."""
    for block in message["blocks"]:
        for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]:
            if element.get("action_id") == action_id:
                return element
    raise AssertionError(f"no {action_id} in {[block['type'] for block in message['blocks']]}")


def action_ids(message: dict[str, Any]) -> list[str]:
    """All buttons of a message."""
    found = []
    for block in message["blocks"]:
        found += [e["action_id"] for e in block.get("elements", []) if "action_id" in e]
        found += [block["accessory"]["action_id"]] if "accessory" in block else []
    return found


def shown(message: dict[str, Any]) -> str:
    """All words of a message as people see them."""
    return (
        json.dumps([message["blocks"], message["chunks"], message["text"]], ensure_ascii=False)
        .replace("\u2060", "")
        .replace("\\u2060", "")
    )


def user(email: str, **more: Any) -> dict[str, Any]:
    return {"profile": {"email": email}, "is_email_confirmed": True, "locale": "en-US", **more}


def make_fake() -> FakeSlack:
    fake = FakeSlack()
    fake.users = {
        MARCUS: user("marcus@northstar.example"),
        TOM: user("tom@northstar.example"),
        DANA: user("dana@northstar.example"),
        GUEST: user("marcus@northstar.example", is_restricted=True),
        NOBODY: user("who@elsewhere.example"),
        BOT: {"is_bot": True},
    }
    fake.channels = {
        DM: {"is_im": True, "members": [MARCUS, BOT]},
        "DTOM": {"is_im": True, "members": [TOM, BOT]},
        "DGUEST": {"is_im": True, "members": [GUEST, BOT]},
        "DNOBODY": {"is_im": True, "members": [NOBODY, BOT]},
        TEAM_ROOM: {"members": [MARCUS, DANA, BOT]},
        OPEN_ROOM: {"members": [MARCUS, NOBODY, BOT]},
        SHARED_ROOM: {"members": [MARCUS, DANA, BOT], "is_ext_shared": True},
    }
    return fake


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    with serving(make_fake()) as found:
        yield found


@pytest.fixture
def database_url(northstar_url: str) -> str:
    """Where the demo world is; `test_on_postgres.py` runs the same checks on PostgreSQL."""
    return northstar_url


@pytest.fixture
def settings(fake: FakeSlack, database_url: str, tmp_path) -> Settings:
    return Settings(
        home=tmp_path / "home",
        database_url=database_url,
        slack_api_url=fake.url,
        slack_bot_token="xoxb-1",
        slack_signing_secret=SECRET,
        public_url="https://crm.example.com",
    )


@pytest.fixture
def runtime(settings: Settings, clock: FixedClock) -> Iterator[Runtime]:
    runtime = build_runtime(settings, clock=clock)
    yield runtime
    runtime.close()


@pytest.fixture
def open_desk(runtime: Runtime, fake: FakeSlack) -> Iterator[Callable[..., Desk]]:
    """Makes a process of the app over the same store and queue."""
    opened: list[SlackAsgi] = []
    queue = HeldQueue()

    def make(on: Runtime = runtime, **more: Any) -> Desk:
        slack = build_service(on, queue, **more)
        slack.pace = Pace(between_s=0.0, waits_s=(0.0, 0.0, 0.0), streams_a_minute=1000)
        queue.handle = dict(handlers(slack))
        asgi = SlackAsgi(build_app(slack, AtOnce()))
        opened.append(asgi)
        return Desk(slack, fake, queue, asgi)

    yield make
    for asgi in opened:
        asgi.close()


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk()


@pytest.fixture
def deal(runtime: Runtime) -> Callable[[str], Any]:
    """A deal by its name, whoever asks."""

    def find(name: str) -> Any:
        with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
            (found,) = [deal for deal in uow.all("deal") if deal.name == name]
            return SimpleNamespace(**found.model_dump())

    return find


@pytest.fixture
def interactions(runtime: Runtime) -> Callable[[], list[Any]]:
    def read() -> list[Any]:
        with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
            return [SimpleNamespace(**each.model_dump()) for each in uow.all("interaction")]

    return read
