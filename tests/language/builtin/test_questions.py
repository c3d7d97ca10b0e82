"""The question half of the built-in model: which calls many wordings yield, and what is no question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.builtin.questions.followups import READ_TOOLS
from tests.language.builtin import question_table as tables
from tests.language.builtin.fjordline import after, ask, short

SINGLE = [
    *tables.FACTS,
    *tables.LISTS,
    *tables.METRICS,
    *tables.CAMPAIGNS,
    *tables.MANAGERS,
    *tables.OTHERS,
    *tables.MORE,
]
WORDS = sorted({word for text, *_ in SINGLE for word in text.split()})


def _calls(text: str, dialogue=None) -> set[str]:
    found = ask(text) if dialogue is None else ask(text, dialogue)
    return {_sorted(short(call)) for call in found}


def _sorted(line: str) -> str:
    return " ".join(sorted(line.split()))


def _wanted(expected: str) -> set[str]:
    return {_sorted(each) for each in expected.split("; ")}


@pytest.mark.parametrize(("text", "expected"), SINGLE, ids=[text for text, _ in SINGLE])
def test_question_becomes_call(text, expected):
    assert _calls(text) == _wanted(expected)


@pytest.mark.parametrize(
    ("first", "then", "expected"), tables.FOLLOWUPS, ids=[f"{a} / {b}" for a, b, _ in tables.FOLLOWUPS]
)
def test_follow_up_changes_one_thing(first, then, expected):
    assert _calls(then, after(first)) == _wanted(expected)


@pytest.mark.parametrize(("text", "expected"), tables.PARTS, ids=[text for text, _ in tables.PARTS])
def test_every_part_is_answered(text, expected):
    assert _calls(text) == _wanted(expected)


@pytest.mark.parametrize("text", tables.NO_QUESTIONS)
def test_orders_reports_and_small_talk_are_no_questions(text):
    assert ask(text) == []


@settings(max_examples=150)
@given(st.text(max_size=120))
def test_any_text_is_read_without_error(text):
    assert all(call.tool in READ_TOOLS for call in ask(text))


@settings(max_examples=150)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_any_order_of_words_only_reads(text):
    assert all(call.tool in READ_TOOLS for call in ask(text, after("show me my open deals")))
