"""Asking for a briefing, setting its schedule, and answering a reminder."""

import pytest

from tests.language.builtin.test_meta import heard

SHOW = [("get_record", {"record": "me", "kind": "briefing"})]
WHEN = [("get_record", {"record": "schedule", "kind": "briefing"})]
WEEK = [("get_record", {"record": "weekly", "kind": "briefing"})]


def schedule(**fields):
    return [("update_record", {"kind": "schedule", "record": "briefing", "fields": fields})]


def task(**arguments):
    return [("update_task", {"task": "last reminder", **arguments})]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("brief me", SHOW),
        ("Give me my briefing, please", SHOW),
        ("what's on my plate today?", SHOW),
        ("今天的简报", SHOW),
        ("给我看一下今天的简报吧", SHOW),
        ("my weekly briefing", WEEK),
        ("本周的周报", WEEK),
        ("brief me at 7:45 on weekdays", schedule(rule="mon-fri 07:45", is_active="true")),
        ("brief me every day at 8am please", schedule(rule="daily 08:00", is_active="true")),
        (
            "send me my briefing at 16:30 on Tuesdays and Thursdays",
            schedule(rule="tue,thu 16:30", is_active="true"),
        ),
        ("每个工作日7点45给我简报", schedule(rule="mon-fri 07:45", is_active="true")),
        ("周一周三早上8点半给我发简报", schedule(rule="mon,wed 08:30", is_active="true")),
        ("mute till Monday", schedule(muted_until="2026-05-25")),
        ("周一之前别给我发简报", schedule(muted_until="2026-05-25")),
        ("stop my briefings", schedule(is_active="false")),
        ("stop briefing me", schedule(is_active="false")),
        ("don't brief me on Fridays", schedule(rule="without fri")),
        ("no briefing on Mondays and Fridays please", schedule(rule="without mon,fri")),
        ("skip my briefing on Mondays", schedule(rule="without mon")),
        ("stop briefing me at weekends", schedule(rule="without sat,sun")),
        ("周五别给我发简报", schedule(rule="without fri")),
        ("每周五不要简报", schedule(rule="without fri")),
        ("brief me on Saturdays too", schedule(rule="with sat", is_active="true")),
        ("周末也给我发简报", schedule(rule="with sat,sun", is_active="true")),
        ("brief me only on Mondays and Thursdays", schedule(rule="on mon,thu", is_active="true")),
        ("每周一给我发简报", schedule(rule="on mon", is_active="true")),
        ("brief me at 8", schedule(rule="at 08:00", is_active="true")),
        ("move my daily briefing to 9:15", schedule(rule="at 09:15", is_active="true")),
        ("把简报改到9点", schedule(rule="at 09:00", is_active="true")),
        (
            "brief me every day except Friday at 7:45",
            schedule(rule="mon,tue,wed,thu,sat,sun 07:45", is_active="true"),
        ),
        ("brief me at 8 on weekdays but not Wednesday", schedule(rule="mon,tue,thu,fri 08:00", is_active="true")),
        ("brief me at 8 except on Fridays", schedule(rule="without fri at 08:00", is_active="true")),
        ("除了周五每天8点给我简报", schedule(rule="mon,tue,wed,thu,sat,sun 08:00", is_active="true")),
        (
            "brief me at 8 Berlin time on weekdays",
            schedule(rule="mon-fri 08:00", timezone="Berlin", is_active="true"),
        ),
        ("brief me in Tokyo time", schedule(timezone="Tokyo")),
        ("use Europe/Berlin for my briefings", schedule(timezone="Europe/Berlin")),
        ("简报按北京时间发", schedule(timezone="北京")),
        ("mute for 3 days", schedule(muted_until="2026-05-23")),
        ("no briefings this week", schedule(muted_until="2026-05-25")),
        ("今天不要简报", schedule(muted_until="2026-05-21")),
        ("brief me by Slack", schedule(channel="slack")),
        ("when do you brief me?", WHEN),
        ("what is my briefing schedule?", WHEN),
        ("我的简报几点发", WHEN),
        ("停止发送简报", schedule(is_active="false")),
        ("unmute", schedule(is_active="true", muted_until="")),
        ("send my briefing by email", schedule(channel="email")),
        ("把简报发到邮箱", schedule(channel="email")),
        ("quiet hours 10pm to 7am", schedule(quiet_hours="22:00-07:00")),
        ("done", task(status="done")),
        ("完成了", task(status="done")),
        ("snooze 1 hour", task(due="in 1 hour")),
        ("推迟1小时", task(due="in 1小时")),
        ("明天9点再提醒我", task(due="2026-05-21 09:00")),
        ("remind me again in 20 minutes", task(due="in 20 minutes")),
        ("done: Call Marek", [("update_task", {"task": "Call Marek", "status": "done"})]),
        ("snooze 1 hour: Call Marek", [("update_task", {"task": "Call Marek", "due": "in 1 hour"})]),
    ],
)
def test_what_is_said_about_briefings_and_reminders(text, calls):
    assert [(call.tool, dict(call.arguments)) for call in heard(text).calls] == calls


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("remind me Tuesday at 3 to call Marek", "2026-05-26 15:00"),
        ("remind me tomorrow at 9:30 to send the quote", "2026-05-21 09:30"),
        ("周二下午3点提醒我给沈总打电话", "2026-05-26 15:00"),
        ("remind me in 2 hours to call Marek", "in 2 hours"),
        ("in two hours remind me to send Marek the quote", "in two hours"),
        ("remind me to call Marek in half an hour", "in half an hour"),
        ("remind me at 19:30 to call Marek", "at 19:30"),
        ("remind me tonight at 8 to call Marek", "2026-05-20 20:00"),
        ("2小时后提醒我给沈总打电话", "in 2小时"),
        ("两个小时后提醒我给沈总发报价", "in 两个小时"),
        ("半小时后提醒我联系沈总", "in 半小时"),
        ("提醒我一小时后给沈总打电话", "in 一小时"),
        ("今晚8点提醒我给沈总打电话", "2026-05-20 20:00"),
        ("remind me on 26 May to send 3 samples to Marek", "2026-05-26"),
    ],
)
def test_reminders_keep_their_time(text, due):
    (call,) = heard(text).calls
    assert (call.tool, call.arguments["due"]) == ("create_task", due)


@pytest.mark.parametrize(
    "text",
    [
        "brief me on Harbor Roasters",
        "don't brief me on Harbor Roasters",
        "brief me on Friday's meeting",
        # One Friday is no schedule, and two times a day are no rule: better not understood than wrong.
        "don't brief me on Friday",
        "brief me twice a day at 8 and at 17:00",
        "remind me later to call Marek",
        "is the trial done?",
    ],
)
def test_other_talk_is_left_alone(text):
    calls = heard(text).calls
    assert all(dict(call.arguments).get("kind") not in ("briefing", "schedule") for call in calls)
    assert all(dict(call.arguments).get("task") != "last reminder" for call in calls)
