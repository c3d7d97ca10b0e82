"""Actions that lean on what was said before (pronouns, answers, corrections), and properties of any text."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.builtin.calls import Call
from language.builtin.dialogue import Dialogue, PastCall, PastTurn
from language.builtin.patterns import phrase_book
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION
from tests.language.builtin.test_actions import WRITES, writes

RETROFIT = ["deal", "deal_mills", "Harbor Mills retrofit"]
CLOVERS = [
    {"kind": "account", "id": "account_dairy", "name": "Clover Dairy", "hint": ""},
    {"kind": "account", "id": "account_dairy2", "name": "Clover Logistics", "hint": ""},
]


def after(said: str, tool: str, arguments: dict[str, Any], result: dict[str, Any], answered: str = "") -> Dialogue:
    return Dialogue((PastTurn(said, (PastCall(Call(tool, arguments), result),), answered),))


def shown(calls: list[Call]) -> list[tuple[str, dict[str, Any]]]:
    return [(call.tool, call.given()) for call in calls]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("make that 45k", {"amount": "45000"}),
        ("oh and move it to Demo", {"stage": "stage_demo"}),
        ("push it out two weeks", {"close_date": "+14d"}),
        ("and the next step is a site visit", {"next_step": "a site visit"}),
        ("改成52万吧", {"amount": "520000"}),
        ("那个单子推迟一周", {"close_date": "+7d"}),
        ("it's won", {"stage": "stage_won"}),
    ],
)
def test_it_is_the_deal_talked_about(message: str, expected: dict[str, str]) -> None:
    dialogue = after("show me the retrofit", "get_record", {"record": "deal_mills"}, {"records": [RETROFIT]})
    calls = shown(writes(message, dialogue))
    assert calls == [("update_deal", {"deal": "deal_mills", **expected})]


@pytest.mark.parametrize(
    "message", ["push it out two weeks", "move it to Demo", "the smallest one is dead, close it"]
)
def test_it_without_anything_before_is_asked_about(message: str) -> None:
    intent = plan(Reading(message, SITUATION, Dialogue()))
    assert not [call for call in intent.calls if call.tool in WRITES]
    assert intent.kind == "question"


@pytest.mark.parametrize(
    ("answer", "account"),
    [
        ("the second one", "account_dairy2"),
        ("Clover Dairy", "account_dairy"),
        ("dairy", "account_dairy"),
        ("Logistics please", "account_dairy2"),
        ("第二个", "account_dairy2"),
        ("the first", "account_dairy"),
    ],
)
def test_an_answer_completes_the_open_call(answer: str, account: str) -> None:
    failed = {"error": "ambiguous", "kind": "account", "words": "clover", "candidates": CLOVERS}
    dialogue = after("call with clover, log it", "log_interaction", {"type": "call", "account": "clover"}, failed)
    calls = writes(answer, dialogue)
    assert [call.tool for call in calls] == ["log_interaction"]
    assert calls[0].given()["account"] == account


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("price", "price"),
        ("they went with someone else", "competitor"),
        ("no decision", "no_decision"),
        ("it was too expensive", "price"),
        ("嫌贵", "price"),
    ],
)
def test_a_reason_completes_a_loss(answer: str, reason: str) -> None:
    failed = {
        "error": "missing_detail",
        "field": "lost_reason",
        "choices": ["price", "competitor", "no_decision", "requirements"],
    }
    arguments = {"deal": "deal_mills", "stage": "stage_lost"}
    calls = shown(writes(answer, after("we lost the retrofit", "update_deal", arguments, failed)))
    assert calls == [("update_deal", {**arguments, "lost_reason": reason})]


@pytest.mark.parametrize(
    "answer", ["never mind", "forget it", "算了", "what is open at Nordwind?", "hm let me ask Ben first"]
)
def test_no_answer_leaves_the_open_call(answer: str) -> None:
    failed = {"error": "ambiguous", "kind": "account", "words": "clover", "candidates": CLOVERS}
    dialogue = after("call with clover, log it", "log_interaction", {"type": "call", "account": "clover"}, failed)
    assert writes(answer, dialogue) == []


def test_a_new_request_is_no_answer() -> None:
    failed = {"error": "ambiguous", "kind": "account", "words": "clover", "candidates": CLOVERS}
    dialogue = after("call with clover, log it", "log_interaction", {"type": "call", "account": "clover"}, failed)
    assert [call.tool for call in writes("remind me tomorrow to call Ivy Okafor", dialogue)] == ["create_task"]


def test_the_wrong_deal_gets_its_value_back() -> None:
    done = {"records": [["deal", "deal_glass1", "Ostrava furnace upgrade"]], "undo": "eff_1"}
    dialogue = after("furnace upgrade is 30k", "update_deal", {"deal": "deal_glass1", "amount": "30000"}, done)
    calls = plan(Reading("sorry, wrong one, I meant the service contract", SITUATION, dialogue)).calls
    assert [call.tool for call in calls] == ["undo_change", "update_deal"]
    assert calls[1].given() == {"deal": "deal_glass2", "amount": "30000"}


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("sorry, Friday", {"due": "2026-09-18"}),
        ("no, I mean Monday", {"due": "2026-09-21"}),
        (
            "actually it's for Petra Novotna, not Ivy",
            {"contact": "contact_petra", "account": "account_glass", "title": "Call Petra Novotna"},
        ),
    ],
)
def test_a_task_is_put_right(message: str, fields: dict[str, str]) -> None:
    done = {"records": [["task", "task_new", "Call Ivy Okafor"]], "undo": "eff_1"}
    arguments = {"title": "Call Ivy Okafor", "due": "2026-09-17", "contact": "contact_ivy"}
    calls = shown(writes(message, after("remind me tomorrow to call Ivy", "create_task", arguments, done)))
    assert calls == [("update_record", {"kind": "task", "record": "task_new", "fields": fields})]


WORDS = [
    "retrofit",
    "Ivy",
    "Ostrava",
    "the",
    "deal",
    "85k",
    "Friday",
    "not",
    "if",
    "?",
    ",",
    "华岳",
    "智能仓",
    "周五",
    "and",
    "it",
    "\n",
    "of",
]


@settings(max_examples=150)
@given(st.text(max_size=120))
def test_any_text_is_read_without_an_error(text: str) -> None:
    plan(Reading(text, SITUATION, Dialogue()))


@settings(max_examples=150)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_nothing_is_changed_without_a_phrase_that_asks_for_it(text: str) -> None:
    reading = Reading(text, SITUATION, Dialogue())
    asking = {
        "task_new",
        "log",
        "contacted",
        "contact_noun",
        "note",
        "create",
        "convert",
        "promise",
        "do_later",
        "task_done",
        "assign",
        "delete",
    }
    tools = {call.tool for call in plan(reading).calls if call.tool in WRITES}
    if not any(hit.tag in asking for hit in reading.outline.hits):
        assert tools <= {"update_deal"}


def test_every_phrase_can_be_found() -> None:
    assert len(phrase_book().words) > 300
