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
