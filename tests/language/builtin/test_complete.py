"""A request of its own is no correction of what was proposed, and no answer to what was asked."""

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION
from tests.language.builtin.test_actions_dialogue import after

RETROFIT = ["deal", "deal_mills", "Harbor Mills retrofit"]
WON = after(
    "the retrofit is won",
    "update_deal",
    {"deal": "deal_mills", "stage": "stage_won"},
    {"records": [RETROFIT], "waiting_for_yes": "appr_1"},
)
HANDED_OUT = after(
    "give Omar Haddad to Ben",
    "update_record",
    {"kind": "lead", "record": "lead_omar", "fields": {"owner": "user_ben"}},
    {"records": [["lead", "lead_omar", "Omar Haddad"]], "waiting_for_yes": "appr_1"},
)


def calls_for(text, dialogue):
    return [(call.tool, call.given()) for call in plan(Reading(text, SITUATION, dialogue)).calls]


def test_another_deal_with_an_outcome_of_its_own_takes_no_proposed_one():
    ((tool, given),) = calls_for("service contract lost to Hexaline", WON)
    assert tool == "update_deal"
    assert (given["deal"], given["stage"], given["lost_reason"]) == ("deal_glass2", "stage_lost", "competitor")


@pytest.mark.parametrize("text", ["no, the service contract", "the service contract, not the retrofit"])
def test_another_deal_alone_takes_the_proposed_outcome(text):
    ((_, given),) = calls_for(text, WON)
    assert (given["deal"], given["stage"]) == ("deal_glass2", "stage_won")


def test_a_change_of_many_deals_gives_no_lead_to_whom_it_names():
    assert {tool for tool, _ in calls_for("push all of Yuki's deals by a week", HANDED_OUT)} == {"update_records"}


def test_another_colleague_alone_gets_what_was_proposed():
    assert calls_for("no, Yuki", HANDED_OUT) == [
        ("update_record", {"kind": "lead", "record": "lead_omar", "fields": {"owner": "user_yuki"}})
    ]


def test_a_named_deal_with_its_own_outcome_answers_no_question():
    asked = Dialogue((type(WON.turns[0])("zephyr turbines closed won", (), "Which deal do you mean?"),))
    ((_, given),) = calls_for("service contract lost to Hexaline", asked)
    assert given["stage"] == "stage_lost"
    ((_, given),) = calls_for("the service contract", asked)
    assert (given["deal"], given["stage"]) == ("deal_glass2", "stage_won")
