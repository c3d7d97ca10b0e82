import os
import signal
import subprocess
import sys
import time

import pytest

from crm_store.job_ledger import StoreJobLedger
from crm_store.opening import open_store
from jobs.engine import Jobs


def worker(url, folder, log, mode):
    command = [sys.executable, "-m", "tests.jobs.crashing", url, str(folder), "worker", str(log), mode]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.getcwd()})


def jobs_on(url, folder):
    return Jobs(StoreJobLedger(open_store(url)), url, folder)


def wait_for(condition, timeout_s=60):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_jobs_survive_kill_9_in_the_middle_and_keep_their_order(tmp_path):
    url, log = f"sqlite:///{tmp_path / 'store.sqlite3'}", tmp_path / "log"
    jobs = jobs_on(url, tmp_path)
    for n in range(3):
        jobs.enqueue("q", "handle", {}, key=f"k{n}", partition="p")
    assert worker(url, tmp_path, log, "die").wait(60) == -signal.SIGKILL
    assert worker(url, tmp_path, log, "once").wait(60) == 0
    assert [line.split()[0] for line in log.read_text().splitlines()] == ["k0", "k0", "k1", "k2"]
    assert jobs.counts() == {"waiting": 0, "later": 0, "done": 3, "failed": 0}
    jobs.close()


@pytest.mark.slow
def test_on_postgresql_a_live_worker_takes_over_from_a_dead_one(postgres_url, tmp_path):
    log = tmp_path / "log"
    jobs = jobs_on(postgres_url, tmp_path)
    jobs.enqueue("q", "handle", {}, key="k", partition="p")
    hanging = worker(postgres_url, tmp_path, log, "hang")
    wait_for(lambda: log.exists() and log.read_text().count("k "))
    second = worker(postgres_url, tmp_path, log, "run")
    time.sleep(2)
    assert log.read_text().count("k ") == 1
    hanging.kill()
    hanging.wait(20)
    wait_for(lambda: jobs.counts()["done"] == 1)
    second.kill()
    second.wait(20)
    first, other = log.read_text().splitlines()
    assert first.split()[0] == other.split()[0] == "k"
    assert first != other
    jobs.close()
