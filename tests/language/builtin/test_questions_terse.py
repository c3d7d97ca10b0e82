"""Terse questions of managers, figures and lists without a verb, and questions about what was just shown."""

import pytest

from language.builtin.dialogue import Dialogue, PastCall, PastTurn
from tests.language.builtin import question_table_beside as beside
from tests.language.builtin import question_table_terse as tables
from tests.language.builtin.fjordline import after, ask, short


def _sorted(line: str) -> str:
    return " ".join(sorted(line.split()))


def _calls(text: str, dialogue: Dialogue = Dialogue()) -> set[str]:  # noqa: B008
    return {_sorted(short(call)) for call in ask(text, dialogue, "manager")}


def _wanted(expected: str) -> set[str]:
    return {_sorted(each) for each in expected.split("; ")}


SINGLE, FOLLOWUPS = [*tables.SINGLE, *beside.SINGLE], [*tables.FOLLOWUPS, *beside.FOLLOWUPS]


@pytest.mark.parametrize(("text", "expected"), SINGLE, ids=[text for text, _ in SINGLE])
def test_terse_question_becomes_calls(text, expected):
    assert _calls(text) == _wanted(expected)


@pytest.mark.parametrize(("first", "then", "expected"), FOLLOWUPS, ids=[f"{a} / {b}" for a, b, _ in FOLLOWUPS])
def test_terse_follow_up(first, then, expected):
    assert _calls(then, after(first)) == _wanted(expected)


@pytest.mark.parametrize("text", tables.UNKNOWN_OWNERS)
def test_unknown_owner_is_told_and_never_left_out(text):
    assert all(any(each["field"] == "account" for each in call.arguments["filters"]) for call in ask(text))


@pytest.mark.parametrize("text", tables.NO_QUESTIONS)
def test_no_question(text):
    assert ask(text) == []


def _listed() -> Dialogue:
    """Three deals as a list showed them."""
    names = ["Lindqvist lobby machines", "Green Bean pilot", "Harbor Roasters fleet order"]
    accounts = ["Lindqvist Hotels", "Green Bean Trading", "Harbor Roasters"]
    amounts = ["EUR 90,000", "EUR 20,000", "EUR 55,000"]
    rows = [{"account": a, "amount": m} for a, m in zip(accounts, amounts, strict=True)]
    call = ask("open deals")[0]
    records = [("deal", f"deal_{name}", name) for name in names]
    return Dialogue((PastTurn("open deals", (PastCall(call, {"records": records, "rows": rows}),), ""),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("second one - due when?", "get Green Bean pilot close_date"),
        ("next step of the last one", "get Harbor Roasters fleet order next_step"),
        ("who owns the smallest", "get Green Bean pilot owner"),
        ("what stage is the biggest one in", "get Lindqvist lobby machines stage"),
        ("whose is the Harbor one?", "get Harbor Roasters fleet order owner"),
        ("when does number three close", "get Harbor Roasters fleet order close_date"),
        ("what closes in the second quarter", "list deal close_date=2026-Q2 status=open"),
        ("how much did we win in the last quarter", "metric closed_won period=2026-Q1 scope=my team"),
    ],
)
def test_question_about_one_of_the_listed(text, expected):
    assert _calls(text, _listed()) == _wanted(expected)


def test_another_place_of_the_list_is_asked_the_same():
    first = ask("second one - due when?", _listed())[0]
    dialogue = Dialogue(
        (
            *_listed().turns,
            PastTurn("second one", (PastCall(first, {"records": [("deal", "deal_Green Bean pilot", "")]}),), ""),
        )
    )
    assert _calls("and the third?", dialogue) == {_sorted("get Harbor Roasters fleet order close_date")}
