"""The shipped network in a talk: what leans on what was shown or done before, and what asks for nothing."""

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION
from tests.language.learned.test_references import CHANGED, LISTED, after

TICKETS = after(
    "list_records",
    {"kind": "ticket"},
    records=[["ticket", "ticket_1", "C-501"], ["ticket", "ticket_2", "C-502"]],
    rows=[{"opened_at": "2026-08-01"}, {"opened_at": "2026-09-01"}],
)
LOGGED = after(
    "log_interaction",
    {"type": "call", "contacts": ["contact_marek"], "text": "Called Marek, he likes it"},
    records=[["interaction", "interaction_1", "Call"]],
    undo="h",
)
TASK = after(
    "create_task", {"title": "Call Jonas Weber"}, records=[["task", "task_call", "Call Jonas Weber"]], undo="h"
)
AMOUNT = after(
    "update_deal",
    {"deal": "deal_mills", "amount": "41200", "close_date": "2026-11-06"},
    records=[["deal", "deal_mills", "Harbor Mills retrofit"]],
    undo="h",
)
WRITES = ("update_", "create_", "delete_", "log_")


def changes(text, dialogue):
    calls = plan(Reading(text, SITUATION, dialogue)).calls
    return [(call.tool, call.given()) for call in calls if call.tool.startswith(WRITES)]


@pytest.mark.parametrize(
    "text", ["just those above 80k", "those over 60k only", "only the ones under 100k", "without the Ostrava ones"]
)
def test_what_only_narrows_a_list_changes_nothing(text):
    assert changes(text, LISTED) == []


def test_several_of_a_list_are_changed_at_once():
    found = changes("give the first two until 30 October", LISTED)
    assert found == [
        ("update_deal", {"deal": deal, "close_date": "2026-10-30"}) for deal in ("deal_mills", "deal_glass1")
    ]


@pytest.mark.parametrize("text", ["the older one should be urgent", "开得早的那张提到紧急"])
def test_a_comparison_tells_the_ticket(text):
    ((tool, given),) = changes(text, TICKETS)
    assert (tool, given["record"], given["fields"]) == ("update_record", "ticket_1", {"priority": "urgent"})


@pytest.mark.parametrize(
    "text", ["add to that note that they need it before the audit", "再补一句，他希望四月前给到"]
)
def test_words_are_added_to_what_was_logged(text):
    ((tool, given),) = changes(text, LOGGED)
    assert (tool, given["kind"], given["record"]) == ("update_record", "interaction", "interaction_1")
    assert given["fields"]["body"].startswith("Called Marek, he likes it\n")


@pytest.mark.parametrize(
    ("text", "dialogue"),
    [
        ("thanks, that's all for today", CHANGED),
        ("one of them might slip", LISTED),
        ("would they sign in May, you think?", CHANGED),
        ("Ivy Okafor was with Ben today, she liked it", LOGGED),
        ("先这样吧，等他回我再说", CHANGED),
        ("好的，知道了", TASK),
        ("let's leave it, we'll see on Friday", TASK),
    ],
)
def test_talk_asks_for_nothing(text, dialogue):
    assert changes(text, dialogue) == []


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("the furnace audit can wait until Friday", "task_audit"),
        ("Jonas's call is moved to Friday", "task_call"),
    ],
)
def test_a_task_is_found_by_what_is_said_of_it(text, task):
    calls = changes(text, after("list_records", {"kind": "task"}))
    assert [given.get("task") for tool, given in calls if tool == "update_task"] == [task]


@pytest.mark.parametrize(
    ("text", "name"),
    [("王大锤那个客户现在怎么样", "王大锤"), ("how is the Zorblax account going", "Zorblax")],
)
def test_a_name_that_nobody_has_is_not_what_was_talked_about(text, name):
    (call,) = plan(Reading(text, SITUATION, TASK)).calls
    assert (call.tool, call.arguments["record"]) == ("get_record", name)


@pytest.mark.parametrize("text", ["补一句，Petra全程也在", "one addition: Petra was there as well"])
def test_who_else_was_there_joins_the_log(text):
    ((tool, given),) = changes(text, LOGGED)
    assert (tool, given["record"]) == ("update_record", "interaction_1")
    assert given["fields"] == {"contacts": "contact_marek; contact_petra"}


def test_behind_a_question_the_log_can_still_be_added_to():
    asked = after(
        "get_record",
        {"record": "contact_marek", "fields": ["title"]},
        records=[["contact", "contact_marek", "Marek"]],
    )
    ((tool, given),) = changes("再追加一句到刚才的记录：首付三成", Dialogue((*LOGGED.turns, *asked.turns)))
    assert (tool, given["record"]) == ("update_record", "interaction_1")
    assert given["fields"]["body"].endswith("首付三成")


def test_a_figure_read_wrong_is_put_right():
    assert changes("sorry, I read it wrong, 42,100", AMOUNT) == [
        ("update_deal", {"deal": "deal_mills", "amount": "42100"})
    ]


def test_what_is_to_be_shown_is_not_changed():
    calls = plan(
        Reading("push the retrofit to 5 May and show me the deals closing in June", SITUATION, Dialogue())
    ).calls
    assert [(call.tool, call.given().get("close_date")) for call in calls] == [
        ("update_deal", "2027-05-05"),
        ("list_records", None),
    ]


def test_a_list_behind_a_change_changes_nothing():
    assert changes("my open deals closing this quarter, largest first", CHANGED) == []


def test_a_call_with_a_stranger_is_no_addition_to_the_log():
    calls = changes("call with Zork Smith at Foobar Industries, 10 min", LOGGED)
    assert [(tool, given["account"]) for tool, given in calls] == [("log_interaction", "Zork Smith")]
