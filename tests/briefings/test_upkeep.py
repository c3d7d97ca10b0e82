"""What a worker does once a day beside its deliveries."""

from sqlalchemy import text

from briefings.worker import DELIVERIES, UPKEEP, Worker
from core.settings import Settings
from crm_store.job_ledger import StoreJobLedger
from jobs.engine import Jobs
from jobs.job import Queue


def test_a_day_of_a_worker_freezes_it_and_refreshes_the_statistics(northstar_store, northstar_url, tmp_path):
    jobs = Jobs(StoreJobLedger(northstar_store), northstar_url, tmp_path)
    worker = Worker(northstar_store, Settings(home=tmp_path, delivery_channel=""), {}, jobs)
    worker.start((Queue(DELIVERIES, poll_s=0.02), Queue(UPKEEP, poll_s=0.02)))
    worker.tick()
    worker.tick()
    assert worker.jobs.wait_until_idle(60)
    worker.stop()
    with northstar_store.engine.connect() as connection:
        frozen = connection.execute(text("SELECT max(day) FROM snapshot_run")).scalar()
        owners = connection.execute(text("SELECT count(*) FROM snapshot")).scalar()
        known = connection.execute(text("SELECT count(*) FROM sqlite_stat1")).scalar()
    assert frozen == "2026-03-10"
    assert owners > 0
    assert known > 20
