"""A fortnight on a frozen clock: three zones, two clock changes (one each way), restarts, gaps, a dead channel."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from briefings.channels import ChannelError
from briefings.worker import DELIVERIES, UPKEEP, Worker
from core.settings import Settings
from crm_store.delivery_log import DeliveryLog
from crm_store.directory import find_principal
from crm_store.job_ledger import StoreJobLedger
from crm_store.principals import SYSTEM
from jobs.engine import Jobs
from jobs.job import Queue

FIRST, LAST = date(2026, 3, 28), date(2026, 4, 11)
# Berlin's clock goes forward on 29 March, Sydney's back on 5 April.
PEOPLE = {
    "marcus": ("Europe/Berlin", "daily 02:00"),
    "tom": ("Australia/Sydney", "daily 02:00"),
    "lina": ("Asia/Shanghai", "mon-fri 08:00"),
    "dana": ("America/New_York", "mon-fri 09:00"),
}
STEP = timedelta(hours=1)


class FlakyChannel:
    """Remembers what it took by key; may be dead, or take a message and hang up."""

    def __init__(self):
        self.taken, self.titles, self.mode, self._lock = [], {}, "fine", threading.Lock()

    def deliver(self, message):
        with self._lock:
            if self.mode == "dead":
                raise ChannelError("the line is dead")
            self.taken.append(message.key)
            self.titles[message.key] = message.title
            if self.mode == "hangs up":
                raise ChannelError("no answer", is_unknown=True)
            return message.key

    def find(self, message):
        return message.key if message.key in self.taken else None


def set_up(store):
    people = {}
    for name, (zone, rule) in PEOPLE.items():
        people[name] = find_principal(store, f"{name}@northstar.example")
        with store.unit_of_work(SYSTEM) as uow:
            user = uow.find("user", people[name].user_id)
            uow.update("user", user, {"timezone": zone})
            uow.create("schedule", {"job": "briefing", "rule": rule, "owner": user.id, "channel": "fake"})
            uow.commit()
    return people


def remind(store, person, name):
    """A reminder at 02:00 of every day, in the person's zone: also where 02:00 is left out or comes twice."""
    keys = set()
    zone = ZoneInfo(PEOPLE[name][0])
    with store.unit_of_work(SYSTEM) as uow:
        day = FIRST + timedelta(days=1)
        while day < LAST:
            moment = datetime.combine(day, time(2), zone).astimezone(UTC)
            task = uow.create(
                "task",
                {
                    "title": f"Call {day}",
                    "due": day,
                    "assignee": person.user_id,
                    "created_by": person.user_id,
                    "status": "open",
                    "priority": "normal",
                    "remind_at": moment,
                },
            )
            keys.add(f"remind:{task.id}:{moment.isoformat()}")
            day += timedelta(days=1)
        uow.commit()
    return keys


def expected_briefings(people, schedules, off):
    """Keys that have to come, and those that fall into the long gap, computed day by day without the product."""
    due, skipped = set(), set()
    for name, (zone, rule) in PEOPLE.items():
        days, clock = rule.split()
        hour, minute = map(int, clock.split(":"))
        day = FIRST - timedelta(days=1)
        while day <= LAST:
            moment = datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)
            begin, end = (datetime.combine(each, time(), UTC) for each in (FIRST, LAST))
            if begin < moment <= end and (days == "daily" or day.weekday() < 5):
                user = people[name].user_id
                key = f"brief:{user}:{schedules[user]}:{day}"
                too_late = off[0] <= moment < off[1] - timedelta(hours=4)
                (skipped if too_late else due).add(key)
            day += timedelta(days=1)
    return due, skipped


def test_a_simulated_fortnight_delivers_everything_exactly_once(northstar_store, clock, northstar_url, tmp_path):
    store = northstar_store
    people = set_up(store)
    channel = FlakyChannel()
    clock.moment = datetime.combine(FIRST, time(), UTC)
    reminders = remind(store, people["marcus"], "marcus") | remind(store, people["tom"], "tom")
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        schedules = {each.owner_id: each.id for each in uow.all("schedule")}
    at = {
        "short gap": (datetime(2026, 3, 30, 5, 0, tzinfo=UTC), datetime(2026, 3, 30, 8, 0, tzinfo=UTC)),
        "long gap": (datetime(2026, 4, 1, 11, 0, tzinfo=UTC), datetime(2026, 4, 2, 1, 0, tzinfo=UTC)),
        "dead": (datetime(2026, 4, 3, 11, 0, tzinfo=UTC), datetime(2026, 4, 3, 14, 0, tzinfo=UTC)),
        "hangs up": (datetime(2026, 4, 6, 0, 0, tzinfo=UTC), datetime(2026, 4, 8, 0, 0, tzinfo=UTC)),
    }
    queues = (
        Queue(DELIVERIES, concurrency=4, attempts=3, backoff_s=0.01, poll_s=0.01),
        Queue(UPKEEP, poll_s=0.05),
    )
    settings = Settings(home=tmp_path, delivery_channel="")

    def fresh_worker():
        jobs = Jobs(StoreJobLedger(store), northstar_url, tmp_path)
        worker = Worker(store, settings, {"fake": channel}, jobs)
        worker.start(queues)
        return worker

    def inside(name):
        return at[name][0] <= clock.now() < at[name][1]

    # The clock is looked at in the hours around anything due, and every few hours besides.
    busy = {clock_hour + more for clock_hour in (0, 1, 12, 13, 15, 16) for more in (0, 1)} | set(range(0, 24, 6))
    worker, restarts = fresh_worker(), 0
    worker.tick()
    while clock.now() < datetime.combine(LAST, time(), UTC):
        clock.advance(STEP)
        if inside("short gap") or inside("long gap"):
            continue
        if clock.now().hour not in busy and not (inside("dead") or clock.now().hour in (3, 8)):
            continue
        channel.mode = "dead" if inside("dead") else "hangs up" if inside("hangs up") else "fine"
        if clock.now().hour == 3 and clock.now().minute == 0 and clock.now().day % 4 == 0:
            worker.stop()
            worker, restarts = fresh_worker(), restarts + 1
        if worker.tick():
            assert worker.jobs.wait_until_idle()
    worker.stop()

    briefings, skipped = expected_briefings(people, schedules, at["long gap"])
    assert restarts >= 3
    assert skipped
    assert Counter(channel.taken) == Counter(briefings | reminders)
    log = DeliveryLog(store)
    assert {key for key in briefings | reminders if log.get(key).status != "sent"} == set()
    assert {log.get(key).status for key in skipped} == {"skipped"}
    late = {key for key, title in channel.titles.items() if title.startswith(("(Late", "（延迟"))}
    assert late
    assert late == {key for key in channel.titles if log.get(key).is_late}
    for key in late:
        due = log.get(key).due_at
        assert any(begin - timedelta(hours=1) <= due <= end for begin, end in at.values())
