"""A message that is only probably understood is proposed: nothing changes before a yes."""

import pytest

from agent.policy import UNSURE
from core.parts import ApprovalRequest, ChangeReceipt


def test_what_is_only_likely_waits_for_a_yes(say, deal):
    before = deal("Acme Robotics expansion").amount
    reply = say("acme expansion = 150k flat from now")
    assert [UNSURE.en in request.reasons for request in reply.approvals] == [True]
    assert not reply.of_type(ChangeReceipt)
    assert deal("Acme Robotics expansion").amount == before
    assert say("yes").of_type(ChangeReceipt)
    assert deal("Acme Robotics expansion").amount == 150_000


def test_a_no_leaves_everything_as_it_was(say, records):
    before = records("deal")
    assert say("acme gateway upgrade to ella, she knows them").approvals
    say("no")
    assert records("deal") == before


@pytest.mark.parametrize(
    "text",
    [
        "if karl signs, acme expansion = 150k flat from now",
        "rumour has it that acme expansion = 150k flat from now",
        "don't make it acme expansion = 150k flat from now",
        "acme expansion = 150k flat from now?",
        "zorblax expansion = 150k flat from now",
    ],
)
def test_moods_questions_and_strange_names_are_not_proposed(say, text):
    reply = say(text)
    assert not reply.of_type(ApprovalRequest)
    assert not reply.of_type(ChangeReceipt)


def test_beside_what_was_understood_nothing_is_proposed(say):
    reply = say("Called Karl Haddad, 20 min, he likes the scope. acme expansion = 150k flat from now")
    assert not any(UNSURE.en in request.reasons for request in reply.approvals)
