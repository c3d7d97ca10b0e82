"""A name that nothing visible has is never taken for the record that was talked about before."""

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.reading import Reading
from language.builtin.strangers import names_stranger
from tests.language.builtin.action_world import SITUATION


@pytest.mark.parametrize(
    "text",
    ["move Zed Nobody renewal to Offer", "昨天拜访了宏达机械的孙总，半小时", "跟宏达机械孙伟通了电话，预算批了"],
)
def test_unknown_names_are_strangers(text):
    assert names_stranger(Reading(text, SITUATION, Dialogue()).outline)


@pytest.mark.parametrize(
    "text",
    [
        "move it to Offer",
        "push the close date two weeks",
        "Ivy Okafor rang, 10 min",
        "昨天拜访了华岳，半小时",
        "金额改成五十万",
    ],
)
def test_known_names_and_no_names_are_not(text):
    assert not names_stranger(Reading(text, SITUATION, Dialogue()).outline)
