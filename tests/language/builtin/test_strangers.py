"""A name that nothing visible has is never taken for the record that was talked about before."""

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from language.builtin.strangers import names_stranger
from tests.language.builtin.action_world import SITUATION
from tests.language.builtin.test_actions_dialogue import after

RETROFIT = [["deal", "deal_mills", "Harbor Mills retrofit"]]


@pytest.mark.parametrize(
    "text",
    [
        "move Zed Nobody renewal to Offer",
        "zephyr turbines closed won",
        "昨天拜访了宏达机械的孙总，半小时",
        "跟宏达机械孙伟通了电话，预算批了",
    ],
)
def test_unknown_names_are_strangers(text):
    assert names_stranger(Reading(text, SITUATION, Dialogue()).outline)


@pytest.mark.parametrize(
    "text",
    [
        "move it to Offer",
        "push the close date two weeks",
        "Ivy Okafor rang, 10 min",
        "昨天拜访了华岳，半小时",
        "金额改成五十万",
    ],
)
def test_known_names_and_no_names_are_not(text):
    assert not names_stranger(Reading(text, SITUATION, Dialogue()).outline)


def test_a_deal_of_another_name_is_not_the_one_talked_about():
    talk = after(
        "the retrofit is 85k", "update_deal", {"deal": "deal_mills", "amount": "85000"}, {"records": RETROFIT}
    )
    ((_, given),) = [
        (call.tool, call.given()) for call in plan(Reading("把昆山博远那单推到报价", SITUATION, talk)).calls
    ]
    assert given["deal"] == "昆山博远"
    ((_, given),) = [
        (call.tool, call.given()) for call in plan(Reading("刚才说的那单推到报价", SITUATION, talk)).calls
    ]
    assert given["deal"] == "deal_mills"


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("昨天拜访了宏达机械的顾总", {"account": "宏达机械"}),
        ("昨天拜访了绿源包装的顾婷", {"lead": "lead_gu"}),
    ],
)
def test_somebody_of_an_unknown_company_is_no_lead_of_another(text, given):
    (call,) = [each for each in plan(Reading(text, SITUATION, Dialogue())).calls if each.tool == "log_interaction"]
    assert given.items() <= call.given().items()
