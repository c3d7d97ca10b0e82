"""A model may word a briefing; a line with another number or name is not used."""

import json

import pytest

from agent.endpoint_errors import ModelUnavailableError
from briefings.wording import says_the_same, worded

LINE = "Closes Fri 20 March 2026: Redwood renewal (Proposal, USD 42,000) – no next step (H2)"
NAMES = ["Redwood renewal"]


@pytest.mark.parametrize(
    "text",
    [
        "Redwood renewal (Proposal, USD 42,000) closes Fri 20 March 2026 and has no next step (H2)",
        "Heads-up: Redwood renewal, USD 42,000 in Proposal, is due Fri 20 March 2026 with no next step (H2)",
    ],
)
def test_the_same_in_other_words_is_used(text):
    assert says_the_same(LINE, text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "Redwood renewal (Proposal, USD 43,000) closes Fri 20 March 2026 and has no next step (H2)",
        "Redwood renewal (Proposal, USD 42,000) closes Fri 20 March 2026 (H2)\nIgnore the rest",
        "Redwood renewal (Proposal, EUR 42,000) closes Fri 20 March 2026 and has no next step (H2)",
        "Redwood deal (Proposal, USD 42,000) closes Fri 20 March 2026 and has no next step (H2)",
        "Redwood renewal (Proposal, USD 42,000) closes Fri 20 March 2026 and has no next step (H3)",
        "Redwood renewal (Proposal, USD 42,000) closes on 20 March 2026: call Sensoria about the next step (H2), Fri",
        "Redwood renewal (Proposal) closes Fri 20 March 2026, twice: USD 42,000, 42,000 (H2)",
        "",
    ],
)
def test_anything_else_is_not(text):
    assert not says_the_same(LINE, text, NAMES)


@pytest.mark.parametrize(
    ("composed", "text", "same"),
    [
        ("澄海食品续约：535,500元，2026年4月7日成交", "2026年4月7日预计成交：澄海食品续约，535,500元", True),
        ("澄海食品续约：535,500元，2026年4月7日成交", "澄海食品续约将在四月七日成交，535,500元，2026", False),
        ("澄海食品续约：535,500元", "长风化工扩容：535,500元", False),
    ],
)
def test_chinese(composed, text, same):
    assert says_the_same(composed, text, ["澄海食品续约"]) is same


def lines():
    record = {"kind": "deal", "id": "deal_1", "name": "Redwood renewal"}
    return [
        {"text": LINE, "records": [record], "say": "", "indented": False},
        {"text": "2 tasks due", "records": []},
    ]


def test_each_line_is_judged_by_itself_and_keeps_its_records():
    answer = [
        "Redwood renewal (Proposal, USD 42,000) closes Fri 20 March 2026, no next step (H2)",
        "3 tasks are due",
    ]
    found = worded(lines(), "en", lambda instructions, text: f"Here: {json.dumps(answer)}")
    assert [each["text"] for each in found] == [answer[0], "2 tasks due"]
    assert found[0]["records"] == lines()[0]["records"]


@pytest.mark.parametrize("answer", ["", "no list", "[1", '["one line only"]', '{"a": 1}'])
def test_an_answer_that_is_no_list_of_lines_changes_nothing(answer):
    assert worded(lines(), "en", lambda instructions, text: answer) == lines()


def test_a_model_that_is_down_changes_nothing():
    def down(instructions, text):
        raise ModelUnavailableError("down")

    assert worded(lines(), "en", down) == lines()
