"""A deal is no other one of its account whose name has another number."""

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from language.names.numbered import goes_on_otherwise, is_of_other_number, phase_behind
from tests.language.builtin.action_world import SITUATION


def test_a_number_behind_a_word_of_a_name_is_the_names_own_or_tells_another_record():
    assert goes_on_otherwise("Acme line 2 rollout", "line", "7")
    assert not goes_on_otherwise("Acme line 2 rollout", "line", "2")
    assert not goes_on_otherwise("Acme rollout", "rollout", "30")
    assert is_of_other_number("Acme line 2 rollout", "move acme line 3 rollout to demo")
    assert not is_of_other_number("Acme line 2 rollout", "the rollout of line 2 or line 3")


def test_a_phase_is_read_right_behind_a_name():
    assert phase_behind("云栖三期推到谈判", 2) == "三期"
    assert phase_behind("云栖的三期", 2) == "三期"
    assert phase_behind("云栖推到谈判", 2) == ""


@pytest.mark.parametrize("text", ["华岳九期推到Demo", "华岳九期成交日改到10月底"])
def test_a_phase_that_no_deal_has_changes_none(text):
    calls = plan(Reading(text, SITUATION, Dialogue())).calls
    assert not [call for call in calls if SITUATION.lexicon.get(str(call.arguments.get("deal", "")))]
