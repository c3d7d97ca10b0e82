"""Changes of many records that are told without a noun or by a pronoun, of all but some, and one task on each of
several deals."""

from dataclasses import replace
from typing import Any

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from language.lexicon import Entry, Lexicon
from tests.language.builtin.action_world import ENTRIES, SITUATION
from tests.language.builtin.test_actions_dialogue import after, shown

MORE = (
    Entry(
        "task",
        "task_ben1",
        "Chase Petra Novotna for the order form",
        (),
        "account_glass",
        "deal_glass2",
        "user_ben",
    ),
    Entry("task", "task_ben2", "Call Lena Fischer", (), "account_nord", "deal_nord", "user_ben"),
)
WORLD = replace(SITUATION, lexicon=Lexicon((*ENTRIES, *MORE)), role="manager")
MINE = {"field": "assignee", "op": "=", "value": "me"}
OF_BEN = {"field": "assignee", "op": "=", "value": "user_ben"}


def _calls(message: str, dialogue: Dialogue | None = None) -> list[tuple[str, dict[str, Any]]]:
    return shown(list(plan(Reading(message, WORLD, dialogue or Dialogue())).calls))


@pytest.mark.parametrize(
    ("message", "kind", "some", "fields"),
    [
        ("everything due tomorrow can wait till Friday", "task", [MINE], {"due": "2026-09-18"}),
        ("everything overdue on my list goes to Monday", "task", [MINE], {"due": "2026-09-21"}),
        ("whatever Ben has due next week moves to 28 September", "task", [OF_BEN], {"due": "2026-09-28"}),
        (
            "Ben is away next week. Whatever he has due in those days gets the new date 28 September",
            "task",
            [OF_BEN, {"field": "due", "op": ">=", "value": "2026-09-21"}],
            {"due": "2026-09-28"},
        ),
        ("Ben is ill. His tasks go to Yuki", "task", [OF_BEN], {"assignee": "user_yuki"}),
        (
            "Ben and Yuki are ill. Their tasks all move to Monday",
            "task",
            [{"field": "assignee", "op": "=", "value": "user_ben|user_yuki"}],
            {"due": "2026-09-21"},
        ),
        (
            "all my call tasks are done",
            "task",
            [MINE, {"field": "title", "op": "has", "value": "call"}],
            {"status": "done"},
        ),
        (
            "whatever Ben has at Offer counts as commit in my forecast",
            "deal",
            [
                {"field": "owner", "op": "=", "value": "user_ben"},
                {"field": "stage", "op": "=", "value": "stage_offer"},
            ],
            {"forecast_category": "commit"},
        ),
        (
            'all deals at Nordwind get the same next step: "wait for the grid study"',
            "deal",
            [{"field": "account", "op": "=", "value": "account_nord"}],
            {"next_step": "wait for the grid study"},
        ),
    ],
)
def test_many_records_without_a_noun(
    message: str, kind: str, some: list[dict[str, str]], fields: dict[str, str]
) -> None:
    ((tool, arguments),) = _calls(message)
    assert (tool, arguments["kind"], arguments["fields"]) == ("update_records", kind, fields)
    assert all(each in arguments["filters"] for each in some), arguments["filters"]


@pytest.mark.parametrize(
    "message",
    [
        "her tasks go to Yuki",
        "Petra Novotna is ill. Her tasks go to Yuki",
        "all their deals move to October",
        "if Ben stays away, whatever he has due next week moves to 28 September",
        "maybe everything Ben has due next week should move to 28 September",
        "whatever Ben has due next week is fine",
        "my deals should all get a next step soon",
        "everything went well at Nordwind",
    ],
)
def test_nobody_guesses_which_records(message: str) -> None:
    assert not [tool for tool, _ in _calls(message) if tool.startswith(("update", "create", "delete"))]


DEALS = after(
    "which of my deals close this month?",
    "list_records",
    {"kind": "deal"},
    {
        "records": [
            ["deal", "deal_mills", "Harbor Mills retrofit"],
            ["deal", "deal_glass1", "Ostrava furnace upgrade"],
            ["deal", "deal_nord", "Nordwind turbine rollout"],
        ],
        "rows": [
            {"account": "Harbor Mills"},
            {"account": "Ostrava Glassworks"},
            {"account": "Nordwind Energie GmbH"},
        ],
    },
)


def test_all_but_one_of_the_list() -> None:
    calls = _calls("all but the Ostrava one slip two weeks", DEALS)
    assert {arguments["deal"]: arguments["close_date"] for _, arguments in calls} == {
        "deal_mills": "+14d",
        "deal_nord": "+14d",
    }


@pytest.mark.parametrize("dialogue", [DEALS, Dialogue()])
def test_all_but_what_nobody_knows_is_asked_about(dialogue: Dialogue) -> None:
    intent = plan(Reading("push everything but the two small ones by a week", WORLD, dialogue))
    assert not intent.calls
    assert intent.kind == "question"


def test_all_but_in_a_report_is_told_only() -> None:
    calls = _calls("Met Marek Dvorak today, all but the last clause of the contract is agreed", DEALS)
    assert [tool for tool, _ in calls] == ["log_interaction"]


@pytest.mark.parametrize(
    ("message", "assignee"),
    [
        ("One task on each of these for Yuki: get the name of the signer. Friday.", "user_yuki"),
        ("a to-do for me on each: get the name of the signer, Friday", ""),
    ],
)
def test_one_task_on_each_of_the_deals_listed(message: str, assignee: str) -> None:
    calls = _calls(message, DEALS)
    assert {tool for tool, _ in calls} == {"create_task"}
    assert sorted(arguments["deal"] for _, arguments in calls) == ["deal_glass1", "deal_mills", "deal_nord"]
    assert {arguments.get("assignee", "") for _, arguments in calls} == {assignee}
    assert {arguments["due"] for _, arguments in calls} == {"2026-09-18"}


def test_one_task_about_each_is_one() -> None:
    calls = _calls("remind me on Monday to ask Ben about each of them", DEALS)
    assert [tool for tool, _ in calls] == ["create_task"]


def test_each_colleague_gets_a_task() -> None:
    calls = _calls("Ben and Yuki each get a task: send me the forecast by Friday")
    assert sorted(arguments["assignee"] for _, arguments in calls) == ["user_ben", "user_yuki"]


MADE = after(
    "task for Ben: load test for Marek Dvorak, Friday",
    "create_task",
    {
        "title": "Load test for Marek Dvorak",
        "due": "2026-09-18",
        "assignee": "user_ben",
        "contact": "contact_marek",
    },
    {"records": [["task", "task_new", "Load test for Marek Dvorak"]], "undo": "eff_1"},
)


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("two days later please", {"due": "+2d"}),
        ("Yuki instead, and a week later", {"due": "+7d", "assignee": "user_yuki"}),
        ("no, I'll do it myself", {"assignee": "user_rosa"}),
        ("that's mine now. Same day.", {"assignee": "user_rosa"}),
    ],
)
def test_the_task_just_made_changes_hands_and_days(message: str, fields: dict[str, str]) -> None:
    ((_, arguments),) = _calls(message, MADE)
    given = arguments.get("fields") or {name: arguments[name] for name in ("due", "assignee") if name in arguments}
    assert given == fields


def test_a_task_goes_where_the_deal_went() -> None:
    given = after(
        "Yuki takes over the service contract",
        "update_deal",
        {"deal": "deal_glass2", "owner": "user_yuki"},
        {"records": [["deal", "deal_glass2", "Ostrava service contract"]], "undo": "eff_1"},
    )
    calls = _calls("the order form task that hangs on it: hers as well", given)
    assert calls == [("update_task", {"task": "task_ben1", "assignee": "user_yuki"})]


def test_the_task_of_a_colleague_is_ticked_off() -> None:
    calls = _calls("Ben doesn't have to chase Petra any more; set that task of his to done")
    assert calls == [("update_task", {"task": "task_ben1", "status": "done"})]


def test_several_that_would_do_are_asked_about() -> None:
    two = (Entry("task", "task_2", "Prepare demo for Jonas Weber", (), "account_nord", "deal_nord", "user_rosa"),)
    world = replace(SITUATION, lexicon=Lexicon((*ENTRIES, *two)))
    calls = shown(list(plan(Reading("my open thing with Jonas Weber is finished", world, Dialogue())).calls))
    assert calls == [("update_task", {"task": "task_call|task_2", "status": "done"})]
