"""Work spread over processes that may hang or die: such a job ends as a failure of its own, the others go on."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

J = TypeVar("J")
R = TypeVar("R")

_LOOK_EVERY_S = 0.5
_START_S = 120.0
_STOP = None
_READY = "ready"


class _Worker(Generic[J, R]):
    """One process and the job that it works on."""

    def __init__(self, work: Callable[[J], R]) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        self.process.start()
        theirs.close()
        self.job: J
        self.ready = False
        self.started = 0.0

    def give(self, job: J) -> None:
        """Sends a job; the time limit counts from here, for a new process from when it is up."""
        self.job, self.started = job, time.monotonic()
        self.connection.send(job)

    def is_late(self, limit_s: float) -> bool:
        """Whether the job, or the start of the process, takes too long."""
        return time.monotonic() - self.started > (limit_s if self.ready else _START_S)

    def hears(self) -> bool:
        """Whether a result waits; takes note of the word that the process is up."""
        if not self.ready and self.connection.poll():
            try:
                self.ready = self.connection.recv() == _READY
            except (EOFError, ConnectionResetError):
                return True
            self.started = time.monotonic()
        return self.connection.poll()

    def stop(self, *, at_once: bool = False) -> None:
        """Ends the process: when it is idle, or at once."""
        if at_once:
            self.process.kill()
        else:
            self.connection.send(_STOP)
        self.process.join()
        self.connection.close()


def run_in_processes(
    work: Callable[[J], R], jobs: Sequence[J], workers: int, limit_s: float, failed: Callable[[J, str], R]
) -> Iterator[R]:
    """The results of all jobs as they come; `failed(job, why)` is that of a job that hangs or whose process dies.

    `work` and jobs have to pickle. A worker is started anew after a failure. `limit_s` counts seconds a job.
    """
    pending = list(reversed(jobs))
    idle: list[_Worker[J, R]] = []
    busy: list[_Worker[J, R]] = []
    try:
        while pending or busy:
            while pending and len(busy) < workers:
                worker = idle.pop() if idle else _Worker(work)
                worker.give(pending.pop())
                busy.append(worker)
            wait([worker.connection for worker in busy], timeout=_LOOK_EVERY_S)
            for worker in list(busy):
                if worker.hears():
                    busy.remove(worker)
                    yield _received(worker, idle, failed)
                elif worker.is_late(limit_s):
                    busy.remove(worker)
                    worker.stop(at_once=True)
                    yield failed(worker.job, f"took longer than {limit_s:g} s and was stopped")
    finally:
        for worker in idle:
            worker.stop()
        for worker in busy:
            worker.stop(at_once=True)


def _received(worker: _Worker[J, R], idle: list[_Worker[J, R]], failed: Callable[[J, str], R]) -> R:
    try:
        result: R = worker.connection.recv()
    except (EOFError, ConnectionResetError):
        worker.stop(at_once=True)
        return failed(worker.job, f"its process died with exit code {worker.process.exitcode}")
    idle.append(worker)
    return result


def _serve(connection: Connection, work: Callable[[J], R]) -> None:
    """What a worker process does: one job after the other until it is told to stop."""
    connection.send(_READY)
    while (job := connection.recv()) is not _STOP:
        connection.send(work(job))
