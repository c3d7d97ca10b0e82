"""What a job, a queue and the ledger of jobs are. The engine that runs them is in `jobs/engine.py`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from core.errors import DealhandError, OperatorFixableError


class JobsUnavailableError(OperatorFixableError):
    """The engine cannot be set up, or a second worker of this name was started on SQLite."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. `key` is the business key: the same key is the same job, however often it is put in.

    `id` orders the jobs of a partition; `payload` is JSON, small: ids rather than contents.
    """

    id: str
    key: str
    queue: str
    handler: str
    payload: dict[str, Any] = field(default_factory=dict)
    partition: str = ""
    run_at: datetime | None = None


Handler = Callable[[Job], None]


@dataclass(frozen=True, slots=True)
class Queue:
    """A named queue: how many of its jobs one process runs at a time, and how a job that fails is tried again.

    The waits grow: `backoff_s`, twice that, four times that, … up to `longest_wait_s`. After `attempts` tries the
    job has failed; where the fault is one that an operator or time mends (a service that is away), after
    `patient_attempts`, if that is more. What only a person or another message could mend is not tried again.
    """

    name: str
    concurrency: int = 4
    attempts: int = 5
    backoff_s: float = 1.0
    poll_s: float = 0.25
    longest_wait_s: float = 60.0
    patient_attempts: int = 0

    def most_attempts(self, error: Exception) -> int:
        """How often a job is tried that fails with this error."""
        if isinstance(error, OperatorFixableError):
            return max(self.attempts, self.patient_attempts)
        return 1 if isinstance(error, DealhandError) else self.attempts

    def wait_s(self, attempt: int) -> float:
        """How long to wait after that many tries."""
        return min(self.backoff_s * 2.0 ** (attempt - 1), self.longest_wait_s)


class JobLedger(Protocol):
    """Our own record of jobs, in the store: business keys are unique here, whatever the engine does."""

    def record(self, job: Job) -> tuple[Job, bool]:
        """Writes the job down, and whether it is new; for a known key the job that was written first."""
        ...

    def mark_sent(self, job_id: str) -> None:
        """The engine has the job."""
        ...

    def find(self, job_id: str) -> Job | None:
        """The job, unless it is done, failed or forgotten."""
        ...

    def mark_done(self, job_id: str) -> None:
        """The handler returned."""
        ...

    def mark_failed(self, job_id: str, reason: str) -> None:
        """It will not be tried again."""
        ...

    def list_unsent(self, queues: frozenset[str] | None = None) -> list[Job]:
        """Jobs (of those queues) that were written down and never reached the engine, the oldest first."""
        ...

    def forget_before(self, moment: datetime) -> list[str]:
        """Removes what was done or has failed before then; the ids, so that the engine can forget them, too."""
        ...

    def counts(self) -> dict[str, int]:
        """How many jobs are due, wait for later, are done, and failed: `waiting`, `later`, `done`, `failed`."""
        ...

    def failures(self) -> list[tuple[str, str]]:
        """Key and reason of the jobs that failed for good, the newest first."""
        ...
