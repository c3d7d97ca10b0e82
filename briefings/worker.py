"""What `dealhand worker` does: looks at the clock, puts deliveries into the queue, and keeps derived data up."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from analytics.snapshots import take_snapshots
from briefings.channels import Channel
from briefings.delivering import Deliverer
from briefings.planning import plan_due
from briefings.wording import Words
from core.errors import DealhandError
from core.settings import Settings
from crm_store.delivery_log import DeliveryLog
from crm_store.job_ledger import open_jobs
from crm_store.principals import SYSTEM
from crm_store.store import Store
from crm_store.suggestion_log import settle
from crm_store.unit_of_work import Cause
from jobs.engine import Jobs
from jobs.job import Handler, Job, Queue
from language.dates import FiscalCalendar

log = logging.getLogger(__name__)

DELIVERIES = "deliveries"
UPKEEP = "upkeep"
QUEUES = (Queue(DELIVERIES, concurrency=4, attempts=3), Queue(UPKEEP, concurrency=1, attempts=3))
MARK = "worker"


class Worker:
    """A worker of a store. `tick` may be called as often as one likes; jobs run between `start` and `stop`."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        channels: Mapping[str, Channel],
        jobs: Jobs | None = None,
        *,
        words: Words | None = None,
    ) -> None:
        self._store, self._settings = store, settings
        self.jobs = jobs or open_jobs(settings, store)
        self._deliverer = Deliverer(store, settings, channels, words)
        self._log = DeliveryLog(store)

    def start(self, queues: tuple[Queue, ...] = QUEUES) -> None:
        """Takes up deliveries and upkeep, beginning with what a crash interrupted.

        Raises:
            JobsUnavailableError: another worker runs on this SQLite store.
        """
        self.jobs.start("worker", queues, {"deliver": self._deliver, **self._daily()})

    def tick(self) -> int:
        """One look at the clock; how many deliveries were put into the queue."""
        now = self._store.clock.now()
        plan_due(self._store, self._settings, now)
        due = self._log.list_due(now)
        for row in due:
            self.jobs.enqueue(
                DELIVERIES,
                "deliver",
                {"key": row.key},
                # A job that failed for good is put in again in another hour, not at every look.
                key=f"{row.key}@{row.next_try_at.isoformat()}/{_hour(now)}",
                partition=row.user_id,
            )
        for name in self._daily():
            self.jobs.enqueue(UPKEEP, name, {}, key=f"{name}:{now.date().isoformat()}")
        self._log.plan(MARK, now, [])
        return len(due)

    def stop(self) -> None:
        """Takes no more jobs and gives back what it holds."""
        self.jobs.close()

    def _daily(self) -> dict[str, Handler]:
        """What is done once a day, by the name of its job."""
        return {"snapshots": self._snapshots, "outcomes": self._outcomes, "statistics": self._statistics}

    def _deliver(self, job: Job) -> None:
        key = str(job.payload["key"])
        try:
            self._deliverer.deliver(key)
        except DealhandError as error:
            self._log.postpone(key, self._store.clock.now() + timedelta(minutes=10), error.message)
            log.warning("%s could not be composed: %s", key, error.message)

    def _snapshots(self, job: Job) -> None:
        fiscal = FiscalCalendar(self._settings.fiscal_year_first_month)
        with self._store.unit_of_work(SYSTEM, Cause(channel="worker", reason="snapshots")) as uow:
            take_snapshots(uow, fiscal=fiscal)
            uow.commit()

    def _outcomes(self, job: Job) -> None:
        """Notes once a day what became of suggestions: the deal's next move, none in time, or ignored."""
        settle(self._store)

    def _statistics(self, job: Job) -> None:
        """Keeps the database informed of how large its tables are."""
        self._store.refresh_statistics()


def _hour(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H")
