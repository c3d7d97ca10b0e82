import sqlite3
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import InvalidArgumentError, OperatorFixableError
from crm_store.store import BUSY_TIMEOUT_MS
from jobs.job import JobsUnavailableError, Queue

QUEUE = Queue("q", concurrency=3, attempts=3, backoff_s=0.02, poll_s=0.05)


def test_a_known_key_is_the_same_job(jobs):
    seen = []
    assert jobs.enqueue("q", "note", {"n": 1}, key="a")
    assert not jobs.enqueue("q", "note", {"n": 2}, key="a")
    jobs.start("worker", [QUEUE], {"note": lambda job: seen.append(job.payload["n"])})
    assert jobs.wait_until_idle()
    assert not jobs.enqueue("q", "note", {"n": 3}, key="a")
    assert seen == [1]


def test_jobs_of_a_partition_run_one_at_a_time_in_order(jobs):
    ran, at_once, most = [], {"a": 0, "b": 0}, []
    lock = threading.Lock()

    def handle(job):
        with lock:
            at_once[job.partition] += 1
            most.append((job.partition, at_once[job.partition]))
        time.sleep(0.01)
        with lock:
            ran.append((job.partition, job.payload["n"]))
            at_once[job.partition] -= 1

    # Keys in falling order and within one second: neither the key nor the engine's clock decides.
    for n in range(12):
        jobs.enqueue("q", "handle", {"n": n}, key=f"{99 - n}", partition="ab"[n % 2])
    jobs.start("worker", [QUEUE], {"handle": handle})
    assert jobs.wait_until_idle()
    assert [n for partition, n in ran if partition == "a"] == [0, 2, 4, 6, 8, 10]
    assert [n for partition, n in ran if partition == "b"] == [1, 3, 5, 7, 9, 11]
    assert {count for _, count in most} == {1}


def test_a_job_that_fails_is_tried_again_and_holds_its_partition(jobs):
    ran = []

    def handle(job):
        ran.append(job.key)
        if ran == ["first"]:
            raise OSError("the line is down")

    jobs.enqueue("q", "handle", {}, key="first", partition="p")
    jobs.enqueue("q", "handle", {}, key="second", partition="p")
    jobs.start("worker", [QUEUE], {"handle": handle})
    assert jobs.wait_until_idle()
    assert ran == ["first", "first", "second"]


@pytest.mark.parametrize(
    ("error", "tries"), [(OSError("down"), 3), (InvalidArgumentError("nobody can read this"), 1)]
)
def test_a_job_that_cannot_be_done_is_kept_as_failed_with_its_reason(jobs, error, tries):
    ran = []

    def handle(job):
        ran.append(job.key)
        raise error

    jobs.enqueue("q", "handle", {}, key="k")
    jobs.start("worker", [QUEUE], {"handle": handle})
    assert jobs.wait_until_idle()
    assert len(ran) == tries
    assert jobs.counts()["failed"] == 1
    assert str(error) in jobs.failures()[0][1]


def test_a_job_waits_for_its_time(jobs):
    ran = []
    later = datetime.now(UTC) + timedelta(hours=1)
    jobs.enqueue("q", "note", {}, key="later", run_at=later)
    jobs.enqueue("q", "note", {}, key="soon", run_at=datetime.now(UTC) + timedelta(seconds=0.3))
    jobs.start("worker", [QUEUE], {"note": lambda job: ran.append(job.key)})
    assert jobs.wait_until_idle()
    while not ran:
        time.sleep(0.05)
    assert ran == ["soon"]
    assert jobs.counts()["later"] == 1


def test_what_was_written_down_and_not_sent_is_sent_by_the_next_worker(jobs, monkeypatch):
    ran = []
    monkeypatch.setattr(jobs, "_send", lambda job: (_ for _ in ()).throw(JobsUnavailableError("down")))
    with pytest.raises(JobsUnavailableError):
        jobs.enqueue("q", "note", {}, key="k")
    monkeypatch.undo()
    jobs.start("worker", [QUEUE], {"note": lambda job: ran.append(job.key)})
    assert jobs.wait_until_idle()
    assert ran == ["k"]


def test_a_stop_while_a_job_waits_for_its_next_try_leaves_it_for_the_next_start(jobs):
    ran, failed = [], threading.Event()

    def down(job):
        failed.set()
        raise OSError("down")

    slow = Queue("q", attempts=3, backoff_s=60, poll_s=0.05)
    jobs.enqueue("q", "note", {}, key="k")
    jobs.start("worker", [slow], {"note": down})
    assert failed.wait(10)
    jobs.stop()
    jobs.start("worker", [slow], {"note": lambda job: ran.append(job.key)})
    assert jobs.wait_until_idle()
    assert ran == ["k"]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_one_worker_of_a_role_on_sqlite(jobs, tmp_path):
    from jobs.workers import FileWorkerName

    jobs.start("worker", [QUEUE], {})
    with pytest.raises(JobsUnavailableError, match="already works on this store"):
        FileWorkerName(tmp_path, "worker")
    assert FileWorkerName(tmp_path, "slack").name == "slack-0"


def test_what_is_only_written_down_is_taken_up_once_and_in_order(jobs):
    ran = []
    for n in range(3):
        jobs.enqueue_soon("q", "note", {"n": n}, key=f"{9 - n}", partition="p")
    jobs.enqueue_soon("q", "note", {"n": 9}, key="9", partition="p")
    jobs.start("worker", [QUEUE], {"note": lambda job: ran.append(job.payload["n"])})
    jobs.enqueue_soon("q", "note", {"n": 3}, key="late", partition="p")
    jobs.enqueue_soon("q", "note", {"n": 9}, key="9", partition="p")
    deadline = time.monotonic() + 30
    while len(ran) < 4 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert jobs.wait_until_idle()
    assert ran == [0, 1, 2, 3]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_writing_down_waits_for_nobody_who_holds_the_store(jobs, store_url):
    """A turn that writes holds the one writer's place of a SQLite store; a request of Slack does not wait for it."""
    ran = []
    with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        jobs.enqueue_soon("q", "note", {}, key="k")
        # The store itself would wait for ten seconds, and give up.
        assert time.monotonic() - begun < BUSY_TIMEOUT_MS / 1000 / 2
        holder.execute("ROLLBACK")
    jobs.start("worker", [QUEUE], {"note": lambda job: ran.append(job.key)})
    assert jobs.wait_until_idle()
    assert ran == ["k"]


def test_a_service_that_is_away_is_waited_for_longer_than_a_fault_of_ours_is_tried():
    class AwayError(OperatorFixableError):
        pass

    queue = Queue("q", attempts=3, patient_attempts=130, backoff_s=1.0, longest_wait_s=60.0)
    assert queue.most_attempts(AwayError("away")) == 130
    assert queue.most_attempts(ValueError("a fault of ours")) == 3
    assert queue.most_attempts(InvalidArgumentError("nobody can read this")) == 1
    assert [queue.wait_s(n) for n in (1, 2, 3, 7, 100)] == [1.0, 2.0, 4.0, 60.0, 60.0]
