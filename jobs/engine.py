"""Runs jobs durably on DBOS: embedded on SQLite, on several machines with PostgreSQL, through the same calls.

See `docs/decisions/0009-durable-jobs.md` for why DBOS, and for what of it is used. It is imported when the first
job is put in or a worker starts, not before.
"""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import OperatorFixableError
from core.ids import new_id
from jobs.engine_database import engine_errors, engine_url, prepare
from jobs.inbox import Inbox
from jobs.job import Handler, Job, JobLedger, JobsUnavailableError, Queue
from jobs.workers import WorkerName, take_name

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions

log = logging.getLogger(__name__)


class _StoppedError(BaseException):
    """Leaves a waiting job as it is, so that the next start takes it up: the engine records only Exceptions."""


APPLICATION = "dealhand"
# One version for all releases: jobs carry a handler's name and ids, so a new release can run an old one's jobs.
ENGINE_VERSION = "jobs-1"
WORKFLOW = "dealhand.job"
KEPT = timedelta(days=30)
LONGEST_STOP_S = 10.0

# The worker of this process: the engine is one a process.
_working: "list[Jobs]" = []


class Jobs:
    """Puts jobs in, and, between `start` and `stop`, runs those of its queues. One running worker a process."""

    def __init__(self, ledger: JobLedger, url: str, folder: Path) -> None:
        self._ledger, self._folder = ledger, folder
        self._url = engine_url(url, folder)
        self._queues: dict[str, Queue] = {}
        self._handlers: dict[str, Handler] = {}
        self._name: WorkerName | None = None
        self._active, self._lock = 0, threading.Lock()
        self._stopping = threading.Event()
        self._inbox = Inbox(folder / "inbox.sqlite3") if self._url.startswith("sqlite") else None
        self._feeder: threading.Thread | None = None

    def enqueue(
        self,
        queue: str,
        handler: str,
        payload: dict[str, Any],
        *,
        key: str,
        partition: str = "",
        run_at: datetime | None = None,
    ) -> bool:
        """Puts a job in for whichever process works on `queue`; whether it is new: a known key changes nothing.

        Jobs of one partition run one at a time, in the order in which they were put in; jobs without a
        partition run as the queue's concurrency allows. When it returns, the job survives a crash.

        Raises:
            JobsUnavailableError: the engine's database cannot be reached. The job is written down all the
                same, and the next worker takes it up.
        """
        wanted = Job(new_job_id(), key, queue, handler, payload, partition, run_at)
        job, is_new = self._ledger.record(wanted)
        if is_new:
            self._send(job)
        return is_new

    def enqueue_soon(
        self, queue: str, handler: str, payload: dict[str, Any], *, key: str, partition: str = ""
    ) -> None:
        """Like `enqueue`, for a caller that has to answer at once: it returns when the job is written down.

        It waits for no turn and for no engine: a worker of the queue takes the job up within its polling interval.
        """
        wanted = Job(new_job_id(), key, queue, handler, payload, partition)
        if self._inbox is not None:
            self._inbox.put(wanted)
        else:
            self._ledger.record(wanted)

    def start(self, role: str, queues: Iterable[Queue], handlers: Mapping[str, Handler]) -> None:
        """Takes up the work of `queues` as a worker of `role`, beginning with what a crash interrupted.

        Raises:
            JobsUnavailableError: a worker runs in this process, or (SQLite) in another one of this role.
        """
        if _working:
            raise JobsUnavailableError("A worker already runs in this process.")
        self._queues = {queue.name: queue for queue in queues}
        self._handlers = dict(handlers)
        self._name = take_name(self._url, self._folder, role)
        self._stopping.clear()
        _working.append(self)
        with ExitStack() as on_failure:
            on_failure.callback(self.stop)
            with engine_errors():
                self._launch()
            self.sweep()
            self._feeder = threading.Thread(target=self._feed, name="jobs-feeder", daemon=True)
            self._feeder.start()
            on_failure.pop_all()

    def sweep(self) -> None:
        """Sends what was written down and not sent, takes over from dead workers, forgets what is long done."""
        self._take_up()
        if self._name is not None:
            dead = self._name.dead_names()
            if dead:
                from dbos import DBOS

                # The one call that is not public: the engine's own answer to this is a paid service.
                DBOS._recover_pending_workflows(dead)
        forgotten = self._ledger.forget_before(datetime.now(UTC) - KEPT)
        if forgotten:
            self._client.delete_workflows(forgotten)

    def stop(self) -> None:
        """Takes no more jobs, waits a little for those under way, and gives the worker's name back."""
        if self not in _working:
            return
        from dbos import DBOS

        self._stopping.set()
        if self._feeder is not None:
            self._feeder.join(timeout=LONGEST_STOP_S)
            self._feeder = None
        deadline = time.monotonic() + LONGEST_STOP_S
        while self._active and time.monotonic() < deadline:
            time.sleep(0.02)
        DBOS.destroy()
        if self._name is not None:
            self._name.release()
        self._name = None
        _working.remove(self)

    def wait_until_idle(self, timeout_s: float = 30.0) -> bool:
        """Waits until no job that is due is left in the ledger; whether that came true in time."""
        deadline = time.monotonic() + timeout_s
        while self._ledger.counts()["waiting"]:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def counts(self) -> dict[str, int]:
        """How many jobs are due, wait for later, are done, and failed: `waiting`, `later`, `done`, `failed`."""
        return self._ledger.counts()

    def failures(self) -> list[tuple[str, str]]:
        """Key and reason of the jobs that failed for good, the newest first."""
        return self._ledger.failures()

    def close(self) -> None:
        """Stops, and gives back connections."""
        self.stop()
        if self._inbox is not None:
            self._inbox.close()
        client = self.__dict__.pop("_client", None)
        if client is not None:
            client.destroy()

    @cached_property
    def _client(self) -> "DBOSClient":
        from dbos import DBOS, DBOSClient

        with engine_errors():
            prepare(self._url)
            DBOS.migrate(self._url)
            return DBOSClient(
                system_database_url=self._url, application_name=APPLICATION, retry_connection_errors=False
            )

    def _send(self, job: Job) -> None:
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": job.queue,
            "workflow_id": job.id,
            "queue_partition_key": job.partition or job.id,
            "application_name": APPLICATION,
        }
        if job.run_at is not None:
            options["delay_seconds"] = max(0.0, (job.run_at - datetime.now(UTC)).total_seconds())
        with engine_errors():
            self._client.enqueue(options, job.id)
        self._ledger.mark_sent(job.id)

    def _feed(self) -> None:
        """Takes up, for as long as the worker runs, what others have only written down."""
        interval_s = min((queue.poll_s for queue in self._queues.values()), default=1.0)
        while not self._stopping.wait(interval_s):
            try:
                self._take_up(frozenset(self._queues))
            except OperatorFixableError as error:
                log.warning("what came in waits: %s", error)
                self._stopping.wait(1.0)

    def _take_up(self, queues: frozenset[str] | None = None) -> None:
        if self._inbox is not None:
            for job in self._inbox.list_waiting():
                self._ledger.record(job)
                self._inbox.remove(job)
        for job in self._ledger.list_unsent(queues):
            self._send(job)

    def _launch(self) -> None:
        from dbos import DBOS

        assert self._name is not None
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": self._url,
                "application_version": ENGINE_VERSION,
                "executor_id": self._name.name,
                "log_level": "ERROR",
                "max_executor_threads": 4 + sum(queue.concurrency for queue in self._queues.values()),
            }
        )
        _register_workflow()
        DBOS.listen_queues(list(self._queues))
        for queue in self._queues.values():
            self._client.register_queue(
                queue.name,
                worker_concurrency=queue.concurrency,
                partition_concurrency=1,
                polling_interval_sec=queue.poll_s,
            )
        DBOS.launch()

    def run(self, job_id: str) -> None:
        """One job with its retries; the engine calls it, and calls it again after a crash."""
        job = self._ledger.find(job_id)
        if job is None:
            return
        with self._lock:
            self._active += 1
        try:
            self._try(job, self._queues[job.queue])
        finally:
            with self._lock:
                self._active -= 1

    def _try(self, job: Job, queue: Queue) -> None:
        attempt = 0
        while True:
            attempt += 1
            try:
                self._handlers[job.handler](job)
                return self._ledger.mark_done(job.id)
            except Exception as error:  # noqa: BLE001  a job's edge: it is tried again, or kept as failed
                if attempt >= queue.most_attempts(error):
                    return self._fail(job, error)
                log.warning("job %s of %s is tried again: %s", job.key, job.handler, error)
            if self._stopping.wait(queue.wait_s(attempt)):
                raise _StoppedError

    def _fail(self, job: Job, error: BaseException) -> None:
        log.error("job %s of %s failed for good", job.key, job.handler, exc_info=error)
        self._ledger.mark_failed(job.id, f"{type(error).__name__}: {error}")


def new_job_id() -> str:
    """A fresh id that sorts after all earlier ones of this process, and by time across processes."""
    with _id_lock:
        _last_id[0] = max(time.time_ns(), _last_id[0] + 1)
        return f"job_{_last_id[0]:020d}_{new_id('x')[-8:]}"


_id_lock, _last_id = threading.Lock(), [0]


def _run_job(job_id: str) -> None:
    _working[0].run(job_id)


def _register_workflow() -> None:
    from dbos import DBOS

    DBOS.workflow(name=WORKFLOW)(_run_job)
