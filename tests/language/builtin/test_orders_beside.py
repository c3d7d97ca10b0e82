"""What is ordered beside what happened, or right after something was made."""

import pytest

from language.builtin.calls import Call
from language.builtin.dialogue import Dialogue, PastCall, PastTurn
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION


def calls(text, dialogue=None):
    return plan(Reading(text, SITUATION, dialogue or Dialogue())).calls


def after(tool, arguments, kind, record="x_1"):
    result = {"records": [[kind, record, "it"]], "undo": "eff_1"}
    return Dialogue((PastTurn("", (PastCall(Call(tool, arguments), result),), ""),))


TASK = after("create_task", {"title": "Pack the kit", "due": "2026-09-23"}, "task", "task_9")


def test_a_call_stays_a_call_beside_a_walk_that_is_to_be_booked():
    found = calls(
        "called Lena Fischer, 20 min. two things for me: email her the spec tomorrow, and book the site walk friday"
    )
    assert [each.tool for each in found] == ["log_interaction", "create_task", "create_task"]
    assert found[0].given()["type"] == "call"
    assert [each.given()["due"] for each in found[1:]] == ["2026-09-17", "2026-09-18"]


def test_a_short_weekday_behind_whom_to_remind_is_the_day():
    [task] = calls("remind me wed to send the plan")
    assert task.given()["due"] == "2026-09-23"


def test_a_task_among_others_is_no_wish_that_we_send_it():
    found = calls(
        "I owe you two. Email Lena Fischer the VAT number, tomorrow. Ring Ivy Okafor's assistant, Friday at 10."
    )
    assert [each.tool for each in found] == ["create_task", "create_task"]
    assert not calls("Email Lena Fischer the VAT number now")


@pytest.mark.parametrize("text", ["scrap it", "cancel that one", "取消吧"])
def test_what_was_just_made_is_taken_back(text):
    assert [(each.tool, each.given()) for each in calls(text, TASK)] == [("undo_change", {"handle": "eff_1"})]


def test_a_change_is_not_what_was_just_made():
    changed = after("update_deal", {"deal": "deal_mills", "amount": "5"}, "deal", "deal_mills")
    assert not calls("scrap it", changed)
    assert not calls("leave it", TASK)


@pytest.mark.parametrize("text", ["move it from wednesday to thursday", "周三改成周四"])
def test_a_weekday_for_another_stays_in_the_tasks_week(text):
    [change] = calls(text, TASK)
    assert change.given()["fields"] == {"due": "2026-09-24"}


def test_it_behind_a_title_is_no_deal():
    changed = after("update_deal", {"deal": "deal_mills", "amount": "5"}, "deal", "deal_mills")
    [task] = calls("remind me on sunday to pack the demo kit i always forget it", changed)
    assert not task.given().get("deal")
