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


@pytest.mark.parametrize(
    ("text", "title", "due"),
    [
        (
            "Call Lena Fischer once the samples are in, 3 November",
            "Call Lena Fischer once the samples are in",
            "2026-11-03",
        ),
        (
            "Ask Lena Fischer whether the spec is final, Thursday",
            "Ask Lena Fischer whether the spec is final",
            "2026-09-17",
        ),
        (
            "Ben has to send Lena Fischer the plan on friday, no, friday's a holiday there, so thursday",
            "Send Lena Fischer the plan",
            "2026-09-17",
        ),
    ],
)
def test_a_condition_within_a_task_and_a_day_put_right_are_the_tasks(text, title, due):
    [task] = calls(text)
    assert (task.tool, task.given()["title"], task.given()["due"]) == ("create_task", title, due)


@pytest.mark.parametrize("behind", ["if you please", "if you'd be so kind", "when you get a minute"])
def test_a_polite_condition_is_none(behind):
    [change] = calls(f"Move the Harbor Mills retrofit to Offer, {behind}")
    assert change.given() == {"deal": "deal_mills", "stage": "stage_offer"}
    assert not calls("Move the Harbor Mills retrofit to Offer, if they agree")


def test_what_is_passed_to_a_colleague_is_not_lost():
    given = [call.given() for call in calls("Harbor Mills retrofit丢给王磊吧，我手上太满了")]
    assert all("stage" not in each and "lost_reason" not in each for each in given)
    assert calls("Harbor Mills retrofit丢给对手了")[0].given()["stage"] == "stage_lost"


@pytest.mark.parametrize("text", ["retrofit retrofit Ostrava 85k retrofit Ostrava", "Ivy retrofit 智能仓"])
def test_names_and_figures_ask_for_no_new_record(text):
    assert not calls(text)


def test_a_condition_with_its_consequence_holds_for_nothing_behind_it():
    [task] = calls("合同等法务看完再签，周五提醒我问法务")
    assert (task.tool, task.given()["due"]) == ("create_task", "2026-09-18")
    assert not calls("等合同签了再提醒我发样品")


def test_an_interaction_of_an_unsure_kind_is_kept_as_a_note():
    text = (
        "had a cal with Lena Fischer, 25 min. Harbor Mills retrofit to 80k and remind me monday to send the letter"
    )
    assert [call.tool for call in calls(text)] == ["log_interaction", "update_deal", "create_task"]


def test_another_interaction_told_whole_is_no_answer():
    failed = {"error": "not_found", "kind": "contact", "words": "王刚", "near": []}
    asked = Dialogue(
        (PastTurn("", (PastCall(Call("log_interaction", {"type": "call", "contacts": ["王刚"]}), failed),), ""),)
    )
    [log] = calls("call with Lena Fischer, 25 min", asked)
    assert log.given()["duration"] == "25 min"
    assert calls("I meant Lena Fischer", asked)[0].given()["contacts"] == ["contact_lena"]


def test_a_surname_before_just_is_a_whole_name():
    [log] = calls("跟王刚通了电话")
    assert log.given()["contacts"] == ["王刚"]


def test_what_closes_in_a_period_is_no_question_about_the_deal_of_the_talk():
    changed = after("update_deal", {"deal": "deal_mills", "close_date": "2026-10-15"}, "deal", "deal_mills")
    [listed] = calls("what's closing this month", changed)
    assert listed.tool == "list_records"
    [asked] = calls("when does it close", changed)
    assert asked.tool == "get_record"
