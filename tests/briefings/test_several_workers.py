"""Several workers on PostgreSQL at the same work, one of them killed in the middle: everything arrives once."""

import os
import signal
import time
from collections import Counter
from datetime import UTC, timedelta

import pytest

from briefings.worker import DELIVERIES, UPKEEP, Worker
from core.clock import FixedClock
from core.settings import Settings
from crm_store.delivery_log import DeliveryLog
from crm_store.job_ledger import StoreJobLedger
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from jobs.engine import Jobs
from jobs.job import Queue
from tests.briefings.test_kill import SlackLike, Steps, slack

__all__ = ["slack"]

WORKERS, LONGEST_S = 3, 120


class Noting(SlackLike):
    """Notes which process delivers, and takes its time, so that the work is shared out."""

    def __init__(self, address, log):
        super().__init__(address)
        self.log = log

    def deliver(self, message):
        with self.log.open("a") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(0.2)
        return super().deliver(message)


def work(url, folder, now, channel, dies_at, is_done):
    """In a child process: works until everything has arrived, or kills itself after so many deliveries."""
    child = os.fork()
    if child:
        return child
    try:
        Steps(dies_at).around(Noting, "deliver")
        store = open_store(url, FixedClock(now))
        body = Worker(store, Settings(home=folder), {"it": channel}, Jobs(StoreJobLedger(store), url, folder))
        body.start((Queue(DELIVERIES, concurrency=1, attempts=2, poll_s=0.05), Queue(UPKEEP, poll_s=0.5)))
        until = time.monotonic() + LONGEST_S
        while time.monotonic() < until and not is_done():
            body.tick()
            body.jobs.sweep()
            time.sleep(0.1)
        os._exit(0 if is_done() else 3)
    finally:
        os._exit(4)


def everything_due(url, now):
    """A briefing for each person and a reminder for each of their first tasks; the keys that have to arrive."""
    store, due = open_store(url, FixedClock(now)), now - timedelta(minutes=5)
    with store.unit_of_work(SYSTEM) as uow:
        users = [user for user in uow.all("user") if user.is_active]
        keys = set()
        for user in users:
            schedule = uow.create("schedule", {
                "job": "briefing", "rule": f"daily {due:%H:%M}", "owner": user.id, "channel": "it", "timezone": "UTC",
            })  # fmt: skip
            keys.add(f"brief:{user.id}:{schedule.id}:{due:%Y-%m-%d}")
            task = uow.create("task", {
                "title": "Call back", "due": now.date(), "assignee": user.id, "created_by": user.id,
                "status": "open", "priority": "normal", "remind_at": due,
            })  # fmt: skip
            keys.add(f"remind:{task.id}:{due.isoformat()}")
        uow.commit()
    DeliveryLog(store).plan("deliveries", now - timedelta(minutes=20), [])
    store.close()
    return keys


@pytest.mark.slow
def test_three_workers_share_the_work_and_a_killed_one_is_taken_over(
    postgres, northstar_on_postgres, northstar_now, tmp_path, slack
):
    url, log = postgres.create_database(northstar_on_postgres), tmp_path / "log"
    now = northstar_now.astimezone(UTC).replace(second=0, microsecond=0)
    keys, done = everything_due(url, now), tmp_path / "done"
    channel = Noting(slack.server_address, log)
    # The first dies when a message was handed over and nobody has noted it yet.
    children = [work(url, tmp_path, now, channel, 2 if n == 0 else 0, done.exists) for n in range(WORKERS)]
    killed = os.waitpid(children[0], 0)[1]
    assert os.WTERMSIG(killed) == signal.SIGKILL
    store = open_store(url, FixedClock(now))
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until and any(
        (row := DeliveryLog(store).get(key)) is None or row.status != "sent" for key in keys
    ):
        time.sleep(0.2)
    time.sleep(1)
    done.touch()
    for child in children[1:]:
        assert os.WEXITSTATUS(os.waitpid(child, 0)[1]) == 0
    assert Counter(slack.posts) == Counter(keys)
    assert len(set(log.read_text().split())) == WORKERS
    store.close()
    postgres.drop_database(url)
