"""Briefings, schedules and reminders through whole turns, with undo."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from agent import Turn, run_turn
from agent.direct import undo_directly
from agent.runtime import build_runtime
from briefings.delivering import Deliverer
from briefings.planning import plan_due
from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.principals import SYSTEM

MARCUS = "marcus@northstar.example"


@pytest.fixture
def runtime(northstar_url, clock, tmp_path):
    settings = Settings(home=tmp_path, database_url=northstar_url, memory_enabled=False, delivery_channel="it")
    built = build_runtime(settings, clock=clock)
    yield built
    built.close()


def say(runtime, text):
    return run_turn(runtime, Turn(MARCUS, text))


def schedules(runtime):
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        return [(each.rule, each.is_active, each.muted_until) for each in uow.all("schedule")]


def test_a_briefing_in_chat_cites_its_records(runtime):
    reply = say(runtime, "brief me")
    assert "Briefing for Marcus Lee" in reply.parts[0].text
    assert reply.records


def test_a_schedule_is_set_changed_muted_and_undone(runtime):
    reply = say(runtime, "brief me at 7:45 on weekdays")
    assert reply.undo
    assert schedules(runtime) == [("mon-fri 07:45", True, None)]
    say(runtime, "mute till Monday")
    assert schedules(runtime)[0][2].isoformat() == "2026-03-16"
    say(runtime, "stop my briefings")
    assert schedules(runtime)[0][1] is False
    undo_directly(runtime, MARCUS)
    assert schedules(runtime)[0][1] is True


def test_days_and_times_change_what_holds_now(runtime):
    runtime.settings.briefing_rule = "mon-fri 07:00"
    said = (
        ("don't brief me on Fridays", "mon-thu 07:00"),
        ("brief me at 8", "mon-thu 08:00"),
        ("brief me on Fridays too", "mon-fri 08:00"),
        ("brief me at 7:45 every day except Friday", "mon,tue,wed,thu,sat,sun 07:45"),
        ("brief me only on Mondays", "mon 07:45"),
    )
    for text, rule in said:
        say(runtime, text)
        assert schedules(runtime) == [(rule, True, None)]
    reply = say(runtime, "stop briefing me on Mondays")
    assert "No day would be left" in reply.questions[0].text
    assert schedules(runtime) == [("mon 07:45", True, None)]


def test_muting_keeps_the_usual_time(runtime):
    runtime.settings.briefing_rule = "mon-fri 07:00"
    say(runtime, "mute till Monday")
    assert schedules(runtime)[0][0] == "mon-fri 07:00"


def test_when_it_comes_is_told_with_the_zone_and_the_next_day(runtime):
    runtime.settings.delivery_channel = "email"
    say(runtime, "brief me at 8 Berlin time on weekdays")
    say(runtime, "mute till Monday")
    told = say(runtime, "when do you brief me?").parts[0].text
    assert told == "You are briefed on weekdays at 08:00 (Europe/Berlin), by email. Next: Mon 16 March 2026."
    say(runtime, "don't brief me on Mondays")
    assert (
        "on Tuesdays, Wednesdays, Thursdays, Fridays at 08:00"
        in say(runtime, "when do you brief me?").parts[0].text
    )
    say(runtime, "stop my briefings")
    assert "没有设置简报" in say(runtime, "我的简报几点发").parts[0].text


def test_without_a_channel_it_says_that_nothing_comes(runtime):
    runtime.settings.delivery_channel = ""
    assert "No channel is set" in say(runtime, "brief me at 8").parts[-1].text
    assert "No channel" not in say(runtime, "send my briefing by email").parts[-1].model_dump_json()


def test_a_reminder_without_a_channel_says_that_it_only_stands_in_the_tasks(runtime):
    asked = "remind me on Friday to call Karl Haddad"
    assert not any("no channel" in str(part) for part in say(runtime, asked).parts)
    runtime.settings.delivery_channel = ""
    assert any("no channel is set to remind you by" in str(part) for part in say(runtime, asked).parts)
    assert not any("no channel" in str(part) for part in say(runtime, "task: call Karl Haddad by Friday").parts)


class Taking:
    def __init__(self):
        self.titles, self.messages = [], []

    def deliver(self, message):
        self.titles.append(message.title)
        self.messages.append(message)
        return message.key

    def find(self, message):
        return None


def test_a_reminder_comes_once_is_put_off_by_reply_and_ticked_off(runtime, clock):
    channel = Taking()
    deliverer = Deliverer(runtime.store, runtime.settings, {"it": channel})

    def look(moment):
        clock.moment = moment
        for key in plan_due(runtime.store, runtime.settings, moment):
            if key.startswith("remind:"):
                deliverer.deliver(key)

    start = clock.now()
    look(start)
    say(runtime, "remind me in 2 hours to call Hannah Moreno")
    look(start + timedelta(hours=1))
    assert channel.titles == []
    look(start + timedelta(hours=2, minutes=1))
    look(start + timedelta(hours=2, minutes=30))
    assert len(channel.titles) == 1
    assert "Call Hannah Moreno" in channel.titles[0]
    say(runtime, "snooze 1 hour")
    look(start + timedelta(hours=3, minutes=31))
    assert len(channel.titles) == 2
    say(runtime, "done")
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        task = next(each for each in uow.all("task") if each.remind_at is not None)
        assert task.status == "done"
    look(start + timedelta(hours=30))
    assert len(channel.titles) == 2


def test_a_reminder_in_chinese_keeps_its_time_and_is_answered(runtime, clock):
    channel = Taking()
    deliverer = Deliverer(runtime.store, runtime.settings, {"it": channel})
    start = clock.now()
    plan_due(runtime.store, runtime.settings, start)
    say(runtime, "2小时后提醒我给Hannah Moreno打电话")
    clock.moment = start + timedelta(hours=2, minutes=1)
    for key in plan_due(runtime.store, runtime.settings, clock.moment):
        deliverer.deliver(key)
    assert len(channel.titles) == 1
    say(runtime, "推迟1小时")
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        task = next(each for each in uow.all("task") if each.remind_at is not None)
        assert task.remind_at == start.replace(second=0, microsecond=0) + timedelta(hours=3, minutes=1)
    say(runtime, "完成了")
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        assert next(each for each in uow.all("task") if each.remind_at is not None).status == "done"


def test_a_worded_briefing_keeps_its_numbers_and_records(runtime, clock):
    """What a model says is used where it says the same, and a line of its own making is not."""
    answers = []

    def words(instructions, text):
        lines = json.loads(text)
        answers.append([f"{lines[0]} today", *(f"{line} 99" for line in lines[1:])])
        return json.dumps(answers[-1])

    channel = Taking()
    deliverer = Deliverer(runtime.store, runtime.settings, {"it": channel}, words)
    plan_due(runtime.store, runtime.settings, clock.now())
    say(runtime, "brief me at 7:45 every day")
    clock.moment = (clock.moment + timedelta(days=1)).replace(hour=8, minute=0)
    (key,) = [each for each in plan_due(runtime.store, runtime.settings, clock.now()) if ":schedule_" in each]
    deliverer.deliver(key)
    lines = channel.messages[0].lines
    assert lines[0]["text"] == answers[0][0]
    assert lines[0]["records"]
    assert not any("99" in line["text"].split() for line in lines[1:])


def test_a_reminder_without_a_time_comes_in_the_morning_of_its_day(runtime):
    say(runtime, "remind me Friday to send the offer to Hannah Moreno")
    with runtime.store.unit_of_work(find_principal(runtime.store, MARCUS), writes=False) as uow:
        task = next(each for each in uow.all("task") if each.remind_at is not None)
        assert task.remind_at == datetime(2026, 3, 13, 13, 0, tzinfo=UTC)
