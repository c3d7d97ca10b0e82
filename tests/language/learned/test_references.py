"""Words that point at records talked about before: it, both, the second one, the one of an account."""

import pytest

from language.builtin.calls import Call
from language.builtin.dialogue import Dialogue, PastCall, PastTurn
from language.builtin.reading import Reading
from language.learned.acts import Part, understood
from language.learned.calls.context import Context
from language.learned.calls.references import meant
from language.learned.talk import talked_of
from tests.language.builtin.action_world import SITUATION

DEALS = [
    ["deal", "deal_mills", "Harbor Mills retrofit"],
    ["deal", "deal_glass1", "Ostrava furnace upgrade"],
    ["deal", "deal_nord", "Nordwind turbine rollout"],
]
ROWS = [{"amount": "90000"}, {"amount": "52000"}, {"amount": "310000"}]
TASK = ["task", "task_call", "Call Jonas Weber"]


def after(tool, arguments, **result):
    return Dialogue((PastTurn("…", (PastCall(Call(tool, arguments), result),), "…"),))


LISTED = after("list_records", {"kind": "deal"}, records=DEALS, rows=ROWS)
CHANGED = after("update_deal", {"deal": "deal_mills"}, records=DEALS[:1], undo="h1")
PROPOSED = after("update_deal", {"deal": "deal_nord"}, waiting_for_yes="…")


def pointed(text, dialogue, kind="deal"):
    outline = Reading(text, SITUATION, dialogue).outline
    part = Part("on", 0, len(outline.words), text, 1.0, outline.words)
    return list(meant(Context(outline, understood(outline)), part, kind))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("the second one", ["deal_glass1"]),
        ("第二个", ["deal_glass1"]),
        ("the last one", ["deal_nord"]),
        ("all of them", ["deal_mills", "deal_glass1", "deal_nord"]),
        ("这三个", ["deal_mills", "deal_glass1", "deal_nord"]),
        ("the Nordwind one", ["deal_nord"]),
        ("the smallest one", ["deal_glass1"]),
        ("the furnace", ["deal_glass1"]),
        ("1 and 3", ["deal_mills", "deal_nord"]),
        ("the first two", ["deal_mills", "deal_glass1"]),
        ("第二个和第三个", ["deal_glass1", "deal_nord"]),
        ("the bigger one", ["deal_nord"]),
        ("便宜的那单", ["deal_glass1"]),
        ("all but the furnace", ["deal_mills", "deal_nord"]),
        ("除了Nordwind其他的", ["deal_mills", "deal_glass1"]),
        ("everything except the lighthouse", []),
        ("it", []),
        ("那单", []),
    ],
)
def test_words_point_into_the_list_that_was_shown(text, ids):
    assert pointed(text, LISTED) == ids


@pytest.mark.parametrize("text", ["it", "that one", "the deal", "那单", "它"])
def test_a_pronoun_is_the_one_record_that_was_changed(text):
    assert pointed(text, CHANGED) == ["deal_mills"]


def test_what_was_only_proposed_can_be_meant():
    assert pointed("it", PROPOSED) == ["deal_nord"]


def test_without_words_the_one_record_talked_about_is_meant():
    outline = Reading("friday", SITUATION, after("create_task", {}, records=[TASK], undo="h")).outline
    assert list(meant(Context(outline, understood(outline)), None, "task")) == ["task_call"]
    assert list(meant(Context(outline, understood(outline)), None, "deal")) == []


@pytest.mark.parametrize(
    ("dialogue", "talked"),
    [
        (LISTED, ("deals",)),
        (CHANGED, ("deal",)),
        (PROPOSED, ("deal",)),
        (after("log_interaction", {}, records=[["interaction", "i1", "Call"]], undo="h"), ("log",)),
        (after("update_deal", {}, error="ambiguous"), ()),
        (Dialogue(), ()),
    ],
)
def test_what_was_talked_about_is_told_as_messages_are_marked(dialogue, talked):
    assert talked_of(dialogue) == talked
