"""Questions in other words: two figures, silence, currencies, bare conditions after a list, relative periods."""

import pytest

from language.builtin.calls import Call
from language.builtin.dialogue import Dialogue, PastCall, PastTurn
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin import question_table_further as tables
from tests.language.builtin.fjordline import after, ask, short, situation


def _calls(text: str, dialogue: Dialogue | None = None) -> set[str]:
    found = ask(text) if dialogue is None else ask(text, dialogue)
    return {" ".join(sorted(short(call).split())) for call in found}


def _wanted(expected: str) -> set[str]:
    return {" ".join(sorted(each.split())) for each in expected.split("; ")}


@pytest.mark.parametrize(("text", "expected"), tables.SINGLE, ids=[text for text, _ in tables.SINGLE])
def test_question_becomes_call(text, expected):
    assert _calls(text) == _wanted(expected)


@pytest.mark.parametrize(("text", "expected"), tables.PARTS, ids=[text for text, _ in tables.PARTS])
def test_every_part_is_answered(text, expected):
    assert _calls(text) == _wanted(expected)


@pytest.mark.parametrize(
    ("first", "then", "expected"), tables.FOLLOWUPS, ids=[f"{a} / {b}" for a, b, _ in tables.FOLLOWUPS]
)
def test_follow_up_changes_one_thing(first, then, expected):
    assert _calls(then, after(first)) == _wanted(expected)


@pytest.mark.parametrize("text", ["all Zebra deals, which stage", "宏达的单子都什么阶段"])
def test_records_of_an_unknown_name_are_not_all_records(text):
    assert not any(call.tool == "list_records" and not call.arguments.get("filters") for call in ask(text))


@pytest.mark.parametrize(
    "text",
    [
        "Green Bean pilot: what stage, who is the competitor, next step is what",
        "Green Bean pilot现在什么阶段，下一步干嘛",
        "北辰茶业门店项目下一步干啥呢",
        "竞争对手是Aromax的单子，一共多少钱",
        "下个月要成交的单子，按人列金额",
    ],
)
def test_what_is_asked_for_changes_nothing(text):
    calls = plan(Reading(text, situation(), Dialogue())).calls
    assert all(
        call.tool in ("get_record", "list_records", "query_metric", "search_interactions") for call in calls
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("what was it before?", "EUR 12,000"),
        ("and the old amount was?", ""),
        ("what was the old amount again", "EUR 12,000"),
        ("原来是多少", "EUR 12,000"),
        ("改之前是多少来着", "EUR 12,000"),
        ("what was the weather before", ""),
    ],
)
def test_value_before_the_last_change_is_told(text, told):
    result = {
        "changes": ["updated deal Green Bean pilot (amount: EUR 12,000 → EUR 15,000)"],
        "records": [["deal", "deal_Green Bean pilot", "Green Bean pilot"]],
    }
    past = PastCall(Call("update_deal", {"deal": "deal_Green Bean pilot", "amount": "15000"}), result)
    reading = Reading(text, situation(), Dialogue((PastTurn("…", (past,), ""),)))
    answer = plan(reading).answer
    assert (told in answer) if told else ("12,000" not in answer)
