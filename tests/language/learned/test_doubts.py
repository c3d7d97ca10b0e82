"""What phrases take for a change and the network is sure is none is dropped; what names its field is not doubted."""

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION


def tools(text):
    return {call.tool for call in plan(Reading(text, SITUATION, Dialogue())).calls}


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("the retrofit pumps ran for 3 days, all fine", "update_deal"),
        ("明天上午和赵敏开会，帮我记一下", "log_interaction"),
    ],
)
def test_what_is_surely_no_change_is_dropped(text, tool):
    assert tool not in tools(text)


@pytest.mark.parametrize(
    "text",
    [
        "they settled on 90k, so correct the amount of the retrofit",
        "一期改造的金额改成九十万，不是九十五万",
    ],
)
def test_a_value_whose_field_is_named_stays(text):
    assert "update_deal" in tools(text)


@pytest.mark.parametrize(
    "text",
    ["just set the retrofit's next step to: get the contract signed", "一期改造改成4月15号成交"],
)
def test_nothing_is_won_by_words_of_a_text_or_by_a_day_ahead(text):
    calls = plan(Reading(text, SITUATION, Dialogue())).calls
    assert [call.tool for call in calls] == ["update_deal"]
    assert "stage" not in calls[0].given()


def test_a_task_is_not_called_by_who_is_to_do_it():
    calls = plan(Reading("put a task on Ben: review the mill's pricing, due Friday", SITUATION, Dialogue())).calls
    assert [(call.given()["title"], call.given()["assignee"]) for call in calls if call.tool == "create_task"] == [
        ("Review the mill's pricing", "user_ben")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "if Ivy comes back with a signature this week then the retrofit goes up to Offer, but nothing so far",
        "有人传晨光那边要把智能仓压到六折，真假不知",
        "论坛上都在传华岳一期改造要降到五十万",
    ],
)
def test_neither_what_depends_on_something_nor_what_is_rumoured_changes_a_deal(text):
    assert "update_deal" not in tools(text)


@pytest.mark.parametrize(
    "text", ["only remind me on Monday to check, don't move the retrofit", "一期改造先别动，周一提醒我问一下"]
)
def test_what_is_ordered_by_its_name_is_not_doubted(text):
    assert tools(text) == {"create_task"}


def test_a_task_filed_under_a_deal_is_no_note():
    (call,) = plan(Reading("周五提醒我把图纸发给赵敏，挂在一期改造上", SITUATION, Dialogue())).calls
    assert (call.tool, call.given()["deal"]) == ("create_task", "deal_hy1")


def test_the_same_day_is_the_one_told_before():
    text = "Harbor Mills retrofit closes on 2 October now, and Ben gets a task for the same day to fetch the signature"
    calls = {call.tool: call.given() for call in plan(Reading(text, SITUATION, Dialogue())).calls}
    assert calls["update_deal"]["close_date"] == calls["create_task"]["due"] == "2026-10-02"
    assert calls["create_task"]["title"] == "Fetch the signature"


def test_a_next_step_stands_behind_its_colon():
    text = "Harbor Mills retrofit: for now write as the next step: budget approval from Ivy"
    (call,) = plan(Reading(text, SITUATION, Dialogue())).calls
    assert call.given() == {"deal": "deal_mills", "next_step": "budget approval from Ivy"}
