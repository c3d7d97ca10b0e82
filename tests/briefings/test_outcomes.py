"""The daily job of the worker that notes what became of suggestions."""

from datetime import timedelta

import pytest

from briefings.worker import UPKEEP, Worker
from core.settings import Settings
from crm_store.job_ledger import StoreJobLedger
from crm_store.principals import SYSTEM
from crm_store.suggestion_log import EXPIRES_AFTER, OUTCOME_WITHIN, Shown, log_rows, record_shown
from jobs.engine import Jobs
from jobs.job import Queue


@pytest.fixture
def worker(northstar_store, northstar_url, tmp_path):
    """A worker that runs, and lets the clock be looked at."""
    jobs = Jobs(StoreJobLedger(northstar_store), northstar_url, tmp_path)
    body = Worker(northstar_store, Settings(home=tmp_path), {}, jobs)
    body.start((Queue(UPKEEP, concurrency=1, attempts=3, poll_s=0.02),))
    yield body
    body.stop()


@pytest.fixture
def shown(northstar_store, clock):
    """A suggestion on each of four deals of one stage, by what becomes of the deal."""
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        stages = [(each.id, each.status) for each in sorted(uow.all("stage"), key=lambda each: each.position)]
        first = next(id_ for id_, status in stages if status == "open")
        deals = [(each.id, each.owner_id) for each in uow.all("deal") if each.stage_id == first][:4]
    names = ("moves on", "is lost", "moves on later", "stays")
    suggestions = [Shown("call", deal_id, "why", "silent", 0.5, 1.0) for deal_id, _ in deals]
    record_shown(northstar_store, deals[0][1], suggestions, clock.now())
    return {name: (each.deal_id, each.id) for name, each in zip(names, suggestions, strict=True)}, stages


def day_after(worker, clock, days):
    clock.advance(timedelta(days=days))
    worker.tick()
    worker.tick()
    assert worker.jobs.wait_until_idle()


def move(store, deal_id, stage_id, **values):
    with store.unit_of_work(SYSTEM) as uow:
        uow.update("deal", uow.find("deal", deal_id), {"stage": stage_id, **values})
        uow.commit()


def outcomes(store, suggestions):
    rows = {row.id: (row.status, row.outcome) for row in log_rows(store)}
    return {name: rows[suggestion] for name, (_, suggestion) in suggestions.items()}


def test_the_daily_job_notes_moves_losses_and_what_was_ignored(worker, northstar_store, clock, shown):
    suggestions, stages = shown
    second = [id_ for id_, status in stages if status == "open"][1]
    lost = next(id_ for id_, status in stages if status == "lost")
    clock.advance(timedelta(hours=2))
    move(northstar_store, suggestions["moves on"][0], second)
    move(northstar_store, suggestions["is lost"][0], lost, lost_reason="price")
    assert set(outcomes(northstar_store, suggestions).values()) == {("shown", "")}
    day_after(worker, clock, 1)
    assert outcomes(northstar_store, suggestions) == {
        "moves on": ("shown", "moved_on"),
        "is lost": ("shown", "lost"),
        "moves on later": ("shown", ""),
        "stays": ("shown", ""),
    }
    day_after(worker, clock, EXPIRES_AFTER.days)
    assert outcomes(northstar_store, suggestions)["stays"] == ("expired", "")
    move(northstar_store, suggestions["moves on later"][0], second)
    day_after(worker, clock, 1)
    assert outcomes(northstar_store, suggestions)["moves on later"] == ("expired", "moved_on")
    day_after(worker, clock, OUTCOME_WITHIN.days)
    assert outcomes(northstar_store, suggestions)["stays"] == ("expired", "none")
    assert worker.jobs.failures() == []


def test_it_runs_once_a_day(worker, clock):
    day_after(worker, clock, 1)
    ran = worker.jobs.counts()["done"]
    worker.tick()
    assert worker.jobs.wait_until_idle()
    assert worker.jobs.counts()["done"] == ran
    day_after(worker, clock, 1)
    assert worker.jobs.counts()["done"] == 2 * ran
