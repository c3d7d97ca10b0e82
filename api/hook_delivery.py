"""Sends changes to webhook targets from the outbox: signed, in order, at least once, retried ever more rarely."""

import json
import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from api.callers import Served
from api.records.plain import record_as_json
from api.signing import sign
from core.errors import DealhandError
from crm_store.hook_log import Announced, announced_after, settle_target, take_due, wants
from crm_store.hooks import WebhookTarget
from crm_store.principals import Principal
from crm_store.query import readable

logger = logging.getLogger("dealhand")

BATCH = 200
TIMEOUT_S = 10.0
LEASE = timedelta(minutes=5)
# The wait after the first, second, … failure; the last one goes on until it is given up.
WAITS = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600))
MOST_FAILURES = 75


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far one run came with a target."""

    seq: int
    sent: int
    error: str = ""


def deliver_due(shared: Served, client: httpx.Client) -> int:
    """Tells every target that is due what it has not been told; says how many messages were taken."""
    sent = 0
    for target, email in take_due(shared.store, shared.clock.now(), LEASE):
        try:
            done = _deliver(shared, client, target, shared.directory.find(email))
        except DealhandError as error:
            done = Delivery(target.last_seq, 0, error.message)
        _settle(shared, target, done)
        sent += done.sent
    return sent


class HookSender(threading.Thread):
    """Delivers in the background of a server until it is told to stop."""

    def __init__(self, shared: Served, every_s: float = 2.0) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._shared, self._every_s = shared, every_s
        self._stopping = threading.Event()

    def run(self) -> None:
        """Looks for what is due, again and again."""
        with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client:
            while not self._stopping.wait(self._every_s):
                try:
                    deliver_due(self._shared, client)
                except DealhandError as error:
                    logger.warning("webhooks wait: %s", error.message)

    def stop(self) -> None:
        """Ends the thread after the message under way."""
        self._stopping.set()
        self.join(timeout=TIMEOUT_S)


def _deliver(shared: Served, client: httpx.Client, target: WebhookTarget, principal: Principal) -> Delivery:
    seq, sent = target.last_seq, 0
    for entry in announced_after(shared.store, target, BATCH):
        if wants(target, entry.topic):
            error = _send(shared, client, target, principal, entry)
            if error:
                return Delivery(seq, sent, error)
            sent += 1
        seq = entry.seq
    return Delivery(seq, sent)


def _send(
    shared: Served, client: httpx.Client, target: WebhookTarget, principal: Principal, entry: Announced
) -> str:
    """Sends one message; says what went wrong, or nothing. What its user may not see is not sent at all."""
    with shared.store.unit_of_work(principal, writes=False) as uow:
        record = uow.find(entry.kind, entry.record_id) if readable(uow, entry.kind) else None
        shown = record_as_json(uow, entry.kind, record) if record is not None else None
    gone = entry.topic.endswith(".deleted")
    if shown is None and not (gone and principal.sees_all):
        return ""
    message = {
        "type": entry.topic,
        "timestamp": entry.at.isoformat(),
        "data": {"kind": entry.kind, "id": entry.record_id, "version": entry.version, "record": shown},
    }
    body = json.dumps(message, ensure_ascii=False).encode()
    moment = int(shared.clock.now().timestamp())
    headers = {"Content-Type": "application/json", **sign(target.secret, entry.key, moment, body)}
    try:
        answer = client.post(target.url, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__
    return "" if answer.is_success else f"HTTP {answer.status_code}"


def _settle(shared: Served, target: WebhookTarget, done: Delivery) -> None:
    failures = target.failures + 1 if done.error and not done.sent else int(bool(done.error))
    settle_target(
        shared.store,
        target,
        seq=done.seq,
        failures=failures,
        result=done.error or "delivered",
        due_at=_next(shared.clock.now(), failures),
        is_active=failures < MOST_FAILURES,
    )


def _next(now: datetime, failures: int) -> datetime:
    return now + WAITS[min(failures, len(WAITS)) - 1] if failures else now
