"""Jobs as the store knows them: business keys are unique here. The engine in `jobs` decides when they run."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from core.settings import Settings
from crm_store.job_rows import JobRow
from crm_store.store import Store
from jobs.engine import Jobs
from jobs.job import Job

MOST_AT_A_TIME = 500


class StoreJobLedger:
    """The ledger of `jobs.job.JobLedger` in the tables of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, job: Job) -> tuple[Job, bool]:
        """Writes the job down, and whether it is new; for a known key the job that was written first."""
        row = JobRow(
            key=job.key,
            id=job.id,
            queue=job.queue,
            handler=job.handler,
            payload=job.payload,
            partition=job.partition,
            run_at=job.run_at,
            created_at=datetime.now(UTC),
        )
        with self._store.session() as session:
            session.connection(execution_options={"dealhand_writes": True})
            known = session.get(JobRow, job.key)
            if known is None:
                session.add(row)
                try:
                    session.commit()
                    return job, True
                except IntegrityError:
                    session.rollback()
                    known = session.get_one(JobRow, job.key)
            return _as_job(known), False

    def mark_sent(self, job_id: str) -> None:
        """The engine has the job."""
        self._set(job_id, sent_at=datetime.now(UTC))

    def find(self, job_id: str) -> Job | None:
        """The job, unless it is done, failed or forgotten."""
        with self._store.session() as session:
            row = session.scalars(
                select(JobRow).where(col(JobRow.id) == job_id, col(JobRow.status) == "waiting")
            ).first()
            return _as_job(row) if row else None

    def mark_done(self, job_id: str) -> None:
        """The handler returned."""
        self._set(job_id, status="done", ended_at=datetime.now(UTC))

    def mark_failed(self, job_id: str, reason: str) -> None:
        """It will not be tried again."""
        self._set(job_id, status="failed", reason=reason[:500], ended_at=datetime.now(UTC))

    def list_unsent(self, queues: frozenset[str] | None = None) -> list[Job]:
        """Jobs (of those queues) that were written down and never reached the engine, the oldest first."""
        unsent = select(JobRow).where(col(JobRow.status) == "waiting", col(JobRow.sent_at).is_(None))
        if queues is not None:
            unsent = unsent.where(col(JobRow.queue).in_(queues))
        with self._store.session() as session:
            rows = session.scalars(unsent.order_by(col(JobRow.id)).limit(MOST_AT_A_TIME))
            return [_as_job(row) for row in rows]

    def forget_before(self, moment: datetime) -> list[str]:
        """Removes what was done or has failed before then; the ids, so that the engine can forget them, too."""
        with self._store.session() as session:
            session.connection(execution_options={"dealhand_writes": True})
            ids = list(
                session.scalars(
                    select(col(JobRow.id))
                    .where(col(JobRow.status) != "waiting", col(JobRow.ended_at) < moment)
                    .limit(MOST_AT_A_TIME)
                )
            )
            session.execute(delete(JobRow).where(col(JobRow.id).in_(ids)))
            session.commit()
            return ids

    def counts(self) -> dict[str, int]:
        """How many jobs wait (those for later apart), are done and have failed."""
        with self._store.session() as session:
            by_status = select(col(JobRow.status), func.count()).group_by(col(JobRow.status))
            found = {status: number for status, number in session.execute(by_status)}
            later = session.scalars(
                select(func.count())
                .select_from(JobRow)
                .where(col(JobRow.status) == "waiting", col(JobRow.run_at) > datetime.now(UTC))
            ).one()
        return {
            "waiting": found.get("waiting", 0) - later,
            "later": later,
            "done": found.get("done", 0),
            "failed": found.get("failed", 0),
        }

    def failures(self) -> list[tuple[str, str]]:
        """Key and reason of the jobs that failed for good, the newest first."""
        with self._store.session() as session:
            rows = session.execute(
                select(col(JobRow.key), col(JobRow.reason))
                .where(col(JobRow.status) == "failed")
                .order_by(col(JobRow.ended_at).desc())
                .limit(MOST_AT_A_TIME)
            )
            return [(key, reason) for key, reason in rows]

    def _set(self, job_id: str, **values: Any) -> None:
        with self._store.session() as session:
            session.connection(execution_options={"dealhand_writes": True})
            session.execute(update(JobRow).where(col(JobRow.id) == job_id).values(**values))
            session.commit()


def open_jobs(settings: Settings, store: Store) -> Jobs:
    """The queue of the installation, to put jobs in or to work on it. Cheap: the engine starts on first use."""
    return Jobs(StoreJobLedger(store), settings.resolved_database_url, settings.home_dir)


def _as_job(row: JobRow) -> Job:
    return Job(row.id, row.key, row.queue, row.handler, dict(row.payload), row.partition, row.run_at)
