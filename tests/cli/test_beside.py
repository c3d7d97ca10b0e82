"""The process beside: it comes up or says why not, and ends with the one that started it, however that ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.beside import BesideNotStartedError, beside
from cli.slack import WORK

ROOT = Path(__file__).parents[2]
PARENT = """
from cli.beside import beside
from cli.slack import WORK
with beside(*WORK):
    print("up", flush=True)
    input()
"""


@pytest.fixture
def parent(monkeypatch, northstar_url):
    """A process that keeps the worker of the Slack app beside it, on the demo world."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DEALHAND_DATABASE_URL": northstar_url}
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    yield process
    process.kill()
    process.wait()


def children(process):
    found = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(pid) for each in found for pid in each.read_text().split()]


def gone(pid):
    """Whether a process ends within half a minute."""
    for _ in range(150):
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.2)
    return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at /proc, which is there on Linux")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, None], ids=["killed", "terminated", "done"])
def test_the_worker_ends_with_the_process_that_started_it(parent, how):
    assert parent.stdout.readline() == "up\n"
    (worker,) = children(parent)
    if how is None:
        parent.stdin.close()
    else:
        parent.send_signal(how)
    assert gone(worker)


def test_a_worker_that_cannot_start_is_told_of(monkeypatch, tmp_path, capfd):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("DEALHAND_DATABASE_URL", f"sqlite:///{tmp_path}")
    with pytest.raises(BesideNotStartedError, match="dealhand slack work"), beside(*WORK):
        pass
    assert str(tmp_path) in capfd.readouterr().err
