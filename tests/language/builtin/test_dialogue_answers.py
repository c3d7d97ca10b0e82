"""Answers, corrections and repetitions that name little: what tells candidates apart, "same for …"."""

from dataclasses import replace
from typing import Any

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.plan import Intent, plan
from language.builtin.reading import Reading
from language.builtin.situation import FieldInfo
from tests.language.builtin.action_world import SITUATION
from tests.language.builtin.test_actions_dialogue import after, shown

OSTRAVA = [
    {
        "kind": "deal",
        "id": "deal_glass1",
        "name": "Ostrava furnace upgrade",
        "hint": "Ostrava Glassworks",
        "stage": "Demo",
        "amount": "88000.00",
        "close_date": "2026-10-30",
        "owner": "Rosa Lindt",
    },
    {
        "kind": "deal",
        "id": "deal_glass2",
        "name": "Ostrava service contract",
        "hint": "Ostrava Glassworks",
        "stage": "Offer",
        "amount": "12500.00",
        "close_date": "2026-12-11",
        "owner": "Ben Achebe",
    },
]
WHICH = after(
    "push the Ostrava deal by a week",
    "update_deal",
    {"deal": "Ostrava deal", "close_date": "+7d"},
    {"error": "ambiguous", "kind": "deal", "words": "Ostrava deal", "candidates": OSTRAVA},
)


def heard(message: str, dialogue: Dialogue) -> Intent:
    return plan(Reading(message, SITUATION, dialogue))


@pytest.mark.parametrize(
    ("answer", "deal"),
    [
        ("the bigger one", "deal_glass1"),
        ("the cheapest", "deal_glass2"),
        ("the one closing in december", "deal_glass2"),
        ("the 88k one", "deal_glass1"),
        ("Ben's", "deal_glass2"),
        ("the one in Offer", "deal_glass2"),
        ("not the service contract", "deal_glass1"),
        ("the latter", "deal_glass2"),
        ("金额大的那个，最大的", "deal_glass1"),
        ("第二个", "deal_glass2"),
    ],
)
def test_what_tells_candidates_apart_picks_one(answer: str, deal: str) -> None:
    assert shown(list(heard(answer, WHICH).calls)) == [("update_deal", {"deal": deal, "close_date": "+7d"})]


@pytest.mark.parametrize("answer", ["neither", "none of them", "no, neither of those", "都不是", "一个都不对"])
def test_none_of_them_changes_nothing_and_asks(answer: str) -> None:
    intent = heard(answer, WHICH)
    assert not intent.calls
    assert intent.kind == "question"


@pytest.mark.parametrize("answer", ["both", "all of them please", "两个都要", "全部"])
def test_all_of_them_means_each(answer: str) -> None:
    assert [call.arguments["deal"] for call in heard(answer, WHICH).calls] == ["deal_glass1", "deal_glass2"]


LOG = after(
    "log a call with Ivy Okafor, 15 min",
    "log_interaction",
    {"type": "call", "contacts": ["contact_ivy"]},
    {"records": [["interaction", "interaction_1", "log a call"]], "undo": "eff_1"},
)
TASK = after(
    "remind me on Thursday to call Ivy",
    "create_task",
    {"title": "Call Ivy", "due": "2026-09-17"},
    {"records": [["task", "task_1", "Call Ivy"]], "undo": "eff_1"},
)


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("it was 25 min actually", {"duration_min": "25"}),
        ("that was yesterday, not today", {"occurred_at": "2026-09-15"}),
        ("Marek Dvorak was there too, add him", {"contacts": "contact_ivy; contact_marek"}),
    ],
)
def test_a_log_is_put_right_without_a_word_of_correction(message: str, fields: dict[str, str]) -> None:
    calls = shown(list(heard(message, LOG).calls))
    assert calls == [("update_record", {"kind": "interaction", "record": "interaction_1", "fields": fields})]


@pytest.mark.parametrize("message", ["make it friday", "改成周五吧", "better on friday"])
def test_a_task_gets_another_day(message: str) -> None:
    ((tool, arguments),) = shown(list(heard(message, TASK).calls))
    assert "2026-09-18" in str(arguments)
    assert tool in ("update_record", "update_task")


STEP = after(
    "next step of the retrofit: send contract",
    "update_deal",
    {"deal": "deal_mills", "next_step": "send contract"},
    {"records": [["deal", "deal_mills", "Harbor Mills retrofit"]], "undo": "eff_1"},
)


@pytest.mark.parametrize(
    "message", ["same for the Nordwind turbine rollout", "the Nordwind turbine rollout too", "Nordwind也一样"]
)
def test_the_last_change_again_for_another_record(message: str) -> None:
    calls = shown(list(heard(message, STEP).calls))
    assert calls == [("update_deal", {"deal": "deal_nord", "next_step": "send contract"})]


@pytest.mark.parametrize(
    "message", ["same procedure as every year", "what about the turbine rollout too?", "一样的天气"]
)
def test_talk_repeats_nothing(message: str) -> None:
    assert not [call for call in heard(message, STEP).calls if call.tool == "update_deal"]


PROPOSED = after(
    "raise the retrofit to 300k",
    "update_deal",
    {"deal": "deal_mills", "amount": "300000"},
    {"records": [["deal", "deal_mills", "Harbor Mills retrofit"]], "waiting_for_yes": ["…"]},
)


def test_a_proposal_is_amended() -> None:
    calls = shown(list(heard("no, only to 130k", PROPOSED).calls))
    assert calls == [("update_deal", {"deal": "deal_mills", "amount": "130000"})]


OWN = replace(
    SITUATION,
    fields={
        **SITUATION.fields,
        "deal": (
            FieldInfo(
                "renewal_risk", "choice", ("Renewal risk", "续约风险"), ("low", "medium", "high"), custom=True
            ),
            FieldInfo("site_city", "text", ("Site city", "现场城市"), custom=True),
            FieldInfo("machines", "integer", ("Machines", "设备数"), custom=True),
        ),
        "account": (FieldInfo("segment", "text", ("segment", "分类")),),
        "contact": (FieldInfo("role", "choice", ("role", "角色"), ("champion", "economic_buyer", "technical")),),
    },
    values={**SITUATION.values, ("account", "segment"): ("Enterprise", "SMB")},
)


@pytest.mark.parametrize(
    ("message", "tool", "fields"),
    [
        ("set renewal risk to high for the retrofit", "update_deal", {"renewal_risk": "high"}),
        ("Harbor Mills retrofit: renewal risk low", "update_deal", {"renewal_risk": "low"}),
        ("site city of the retrofit should be Buchs, not Gallen", "update_deal", {"site_city": "Buchs"}),
        ("machines on the retrofit is now 14", "update_deal", {"machines": "14"}),
        ("晨光乳业智能仓项目的续约风险改成高", "update_deal", {"renewal_risk": "high"}),
        ("Ivy Okafor is our champion at Harbor Mills", "update_record", {"role": "champion"}),
    ],
)
def test_fields_are_set_by_name(message: str, tool: str, fields: dict[str, str]) -> None:
    ((called, arguments),) = shown(list(plan(Reading(message, OWN, Dialogue())).calls))
    assert called == tool
    assert arguments.get("other", arguments.get("fields")) == fields


@pytest.mark.parametrize(
    "message",
    [
        "list deals with high renewal risk",
        "what is the renewal risk of the retrofit?",
        "续约风险高的商机有哪些",
        "if they complain the renewal risk of the retrofit is high",
        "don't set the renewal risk of the retrofit to high",
    ],
)
def test_a_field_that_is_asked_for_or_denied_is_not_set(message: str) -> None:
    calls = plan(Reading(message, OWN, Dialogue())).calls
    assert not [call for call in calls if call.tool.startswith("update")]


MANY: list[tuple[str, str, list[dict[str, Any]], dict[str, str]]] = [
    ("push all of my March deals by a week", "deal", [{"field": "owner", "value": "me"}], {"close_date": "+7d"}),
    (
        "move every deal in Demo to Offer",
        "deal",
        [{"field": "stage", "value": "stage_demo"}],
        {"stage": "stage_offer"},
    ),
    ("mark all my overdue tasks as done", "task", [{"field": "overdue", "value": "yes"}], {"status": "done"}),
    ("我所有过期的任务都改到下周一", "task", [{"field": "overdue", "value": "yes"}], {"due": "2026-09-21"}),
    (
        "set renewal risk to high for all my open deals",
        "deal",
        [{"field": "owner", "value": "me"}],
        {"renewal_risk": "high"},
    ),
    (
        "reassign all of Ben's leads to Yuki",
        "lead",
        [{"field": "owner", "value": "user_ben"}],
        {"owner": "user_yuki"},
    ),
]


@pytest.mark.parametrize(("message", "kind", "some", "fields"), MANY)
def test_many_records_are_changed_by_one_call(
    message: str, kind: str, some: list[dict[str, Any]], fields: dict[str, str]
) -> None:
    ((tool, arguments),) = shown(list(plan(Reading(message, OWN, Dialogue())).calls))
    assert (tool, arguments["kind"], arguments["fields"]) == ("update_records", kind, fields)
    given = [{"field": each["field"], "value": each["value"]} for each in arguments["filters"]]
    assert all(each in given for each in some)


@pytest.mark.parametrize(
    "message",
    [
        "push all my frozen deals by a week",
        "delete all closed lost deals",
        "wipe out every contact we have",
        "把所有商机都删掉",
    ],
)
def test_a_choice_that_is_not_understood_and_mass_deletion_change_nothing(message: str) -> None:
    intent = plan(Reading(message, OWN, Dialogue()))
    assert not intent.calls
    assert intent.kind in ("question", "declined")


def test_the_answer_may_add_which_deal_it_was_about():
    people = [
        {"kind": "contact", "id": "contact_jonas", "name": "Jonas Weber", "hint": "Nordwind Energie GmbH, CTO"},
        {
            "kind": "contact",
            "id": "contact_jonas2",
            "name": "Jonas Keller",
            "hint": "Nordwind Energie GmbH, Buyer",
        },
    ]
    asked = after(
        "jonas was on the line, write it down for me",
        "log_interaction",
        {"type": "call", "contacts": ["jonas"]},
        {"error": "ambiguous", "kind": "contact", "words": "jonas", "candidates": people},
    )
    calls = heard("Keller, the buyer. about the turbine rollout", asked).calls
    assert [(call.arguments["contacts"], call.arguments["deal"]) for call in calls] == [
        (["contact_jonas2"], "deal_nord")
    ]
