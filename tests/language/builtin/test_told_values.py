"""An order that names a field and no value takes the value told before it; what is told for something else stays."""

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION


def changed(text):
    calls = plan(Reading(text, SITUATION, Dialogue())).calls
    return [call.given() for call in calls if call.tool == "update_deal"]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Ivy Okafor called about the retrofit: we agreed on 245k flat. Fix the amount", {"amount": "245000"}),
        (
            "The retrofit shrinks to 82k and they want to sign on 8 October, so change both",
            {"amount": "82000", "close_date": "2026-10-08"},
        ),
        ("the retrofit won't close before 12 October, use that", {"close_date": "2026-10-12"}),
        ("赵敏说一期改造得拖到十月底才签得下来，成交日你改一下", {"close_date": "2026-10-31"}),
        ("Ivy Okafor emailed about the retrofit: approved at 185k. Log it, fix the amount", {"amount": "185000"}),
    ],
)
def test_the_value_told_before_is_taken(text, fields):
    assert changed(text) == [{"deal": changed(text)[0]["deal"], **fields}]


@pytest.mark.parametrize(
    "text",
    [
        "If Ivy Okafor agrees to 245k we change the amount of the retrofit",
        "Would Ivy Okafor pay 245k for the retrofit? Then we change the amount",
        "Remind me on 8 October to call Ivy Okafor about the retrofit. Change the close date",
    ],
)
def test_what_is_imagined_asked_or_of_a_task_is_no_value(text):
    assert not any({"amount", "close_date"} & set(each) for each in changed(text))
