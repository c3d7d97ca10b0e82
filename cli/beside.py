"""Runs a command of `dealhand` as a process of its own beside this one, for as long as this one lives.

What computes in it keeps no lock of ours from moving, and what it cannot survive is started again.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import OperatorFixableError

logger = logging.getLogger("dealhand.beside")

READY = "ready"
LONGEST_STOP_S = 20.0
AGAIN_AFTER_S = 2.0
# The process that answers goes first where both want to compute.
NICENESS = 5


class BesideNotStartedError(OperatorFixableError):
    """The process ended before it was ready; its own output says why."""


@contextmanager
def beside(*command: str) -> Iterator[None]:
    """Keeps `dealhand COMMAND` running for the length of the block; it is ready when the block begins.

    Raises:
        BesideNotStartedError: it did not come up.
    """
    ended = threading.Event()
    running = [_start(command)]

    def watch() -> None:
        while not ended.is_set():
            why = f"code {running[0].wait()}"
            while not ended.wait(AGAIN_AFTER_S):
                logger.error("`dealhand %s` ended (%s); it is started again", " ".join(command), why)
                try:
                    running[0] = _start(command)
                    break
                except BesideNotStartedError as error:
                    why = error.message

    watcher = threading.Thread(target=watch, name="beside", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        _end(running[0])
        watcher.join(timeout=LONGEST_STOP_S)


@contextmanager
def beside_its_parent() -> Iterator[threading.Event]:
    """In the process beside: says that it is ready; the event is set when the other process has ended."""
    ended = threading.Event()
    # Ctrl-C reaches both; the other process ends this one when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait, name="parent", daemon=True).start()
    print(READY, flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    yield ended


def _start(command: tuple[str, ...]) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    if process.stdout.readline().strip() != READY:
        _end(process)
        raise BesideNotStartedError(f"`dealhand {' '.join(command)}` did not start; what it says stands above.")
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    """Lets it end by itself, as its standard input does; else it is killed."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(timeout=LONGEST_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
