"""The shipped network reads messages about a company it was not trained on; what it adds needs signs and no doubt."""

import numpy as np
import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from language.learned.acts import smoothed, understood
from language.learned.features import features_of
from language.learned.merging import merged
from language.learned.network import network
from tests.language.builtin.action_world import SITUATION


def outline_of(text):
    return Reading(text, SITUATION, Dialogue()).outline


def test_chances_are_chances_and_the_same_every_time():
    features = features_of(outline_of("Called Ivy Okafor, 20 min. Bump the retrofit to 90k"))
    first, second = network().read(features), network().read(features)
    assert len(first.acts) == len(first.roles) == len(first.begins) == len(features)
    assert np.allclose(first.acts.sum(1), 1, atol=1e-4)
    assert np.allclose(first.roles.sum(1), 1, atol=1e-4)
    assert np.array_equal(first.roles, second.roles)


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("Spoke with Lena Fischer for half an hour. The retrofit amount goes up to 92k", ["log", "change"]),
        ("昨天拜访了赵敏，一期改造的金额调到九十万", ["log", "change"]),
        ("lovely weather today", []),
    ],
)
def test_acts_are_seen_in_both_languages(text, acts):
    assert [act.kind for act in understood(outline_of(text)).acts if act.sure >= 0.6] == acts


def test_an_empty_message_has_no_acts():
    assert understood(outline_of("")).acts == ()


def test_what_phrases_found_stays_as_it_is():
    outline = outline_of("move the retrofit to Offer")
    calls = plan(outline.reading).calls
    assert [call for call in merged(outline, calls) if call.tool == "update_deal"] == list(calls)


@pytest.mark.parametrize(
    "text",
    [
        "if Lena signs, nudge the retrofit up to 92k",
        "don't nudge the retrofit up to 92k",
        "Ben reckons the retrofit lands at 92k",
    ],
)
def test_doubt_adds_nothing(text):
    assert merged(outline_of(text), []) == []


def test_a_deal_needs_to_be_known():
    assert merged(outline_of("nudge it up to 92k"), []) == []


def test_an_interaction_with_nobody_is_not_added():
    assert not [
        call
        for call in merged(outline_of("昨天拜访了宏达机械的孙总，半小时"), [])
        if call.tool == "log_interaction"
    ]


def test_a_second_task_is_not_poured_into_the_first():
    outline = outline_of("the warranty terms task is done, and push the contract task to Friday")
    edits = [call for call in plan(outline.reading).calls if call.tool == "update_task"]
    assert all(not ({"status", "due"} <= set(call.given())) for call in edits)


@pytest.mark.parametrize(
    "text",
    [
        "friday retrofit the of warranty Lena and 85k terms it",
        "Ben Offer to 20 min Friday contract , the and",
        "周五 合同 赵敏 九十万 的 一期改造 和 了",
        "华岳 Ivy 华岳",
    ],
)
def test_words_without_order_ask_for_nothing(text):
    assert [call for call in merged(outline_of(text), []) if call.tool != "log_interaction"] == []


def test_a_deal_that_nobody_knows_is_named_to_the_person_who_asks():
    calls = plan(outline_of("zephyr turbines moves to Offer").reading).calls
    assert [(call.tool, call.arguments["deal"]) for call in calls] == [("update_deal", "zephyr turbines")]


def test_a_label_changes_only_where_it_pays():
    flicker = np.array([[0.9, 0.1], [0.45, 0.55], [0.9, 0.1], [0.1, 0.9]], dtype=np.float32)
    assert smoothed(flicker) == [0, 0, 0, 1]
    assert smoothed(flicker, np.array([1, 1, 1, 1], dtype=np.float32)) == [0, 1, 0, 1]
