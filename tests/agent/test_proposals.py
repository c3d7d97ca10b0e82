"""A message that is only probably understood is proposed: nothing changes before a yes."""

import pytest

from agent.policy import BULK, UNSURE
from core.parts import ApprovalRequest, ChangeReceipt
from language.builtin.calls import Call

LIKELY = "the meridian thing, floor plan next i guess"


@pytest.fixture
def likely(monkeypatch, deal):
    """Lets the trained reading take every message for a likely next step of one deal."""
    call = Call("update_deal", {"deal": deal("Meridian pilot").id, "next_step": "Send the floor plan"})
    monkeypatch.setattr("language.builtin.requests.proposals.likely_changes", lambda outline: [call])


def test_what_is_only_likely_waits_for_a_yes(say, deal, likely):
    reply = say(LIKELY)
    assert [request.reasons for request in reply.approvals] == [(UNSURE.en,)]
    assert not reply.of_type(ChangeReceipt)
    assert deal("Meridian pilot").next_step != "Send the floor plan"
    assert say("yes").of_type(ChangeReceipt)
    assert deal("Meridian pilot").next_step == "Send the floor plan"


def test_a_no_leaves_everything_as_it_was(say, records, likely):
    before = records("deal")
    assert say(LIKELY).approvals
    say("no")
    assert records("deal") == before


@pytest.mark.parametrize("text", ["Called Karl Haddad, 20 min, he likes the scope", "what closes this month?"])
def test_beside_what_was_understood_nothing_is_proposed(say, likely, text):
    assert not say(text).of_type(ApprovalRequest)


def test_a_pasted_mail_is_not_proposed_anything_from(say, likely):
    text = "> From: Karl Haddad\n> Hi Marcus,\n> the floor plan comes next, I guess.\n> Karl"
    assert not say(text).of_type(ApprovalRequest)


def test_a_list_but_for_one_waits_for_a_yes_like_every_change_of_many(say, records):
    dana = "dana@northstar.example"
    say("which leads have no owner?", user=dana)
    before = records("lead")
    reply = say("all of them except Mei Novak should belong to Tom", user=dana)
    assert len(reply.approvals) > 2
    assert all(BULK.en in request.reasons for request in reply.approvals)
    assert records("lead") == before
    say("yes", user=dana)
    changed = [new.name for old, new in zip(before, records("lead"), strict=True) if old.owner_id != new.owner_id]
    assert len(changed) == len(reply.approvals)
    assert "Mei Novak" not in changed


def test_a_no_to_several_requests_is_answered_once(say, records):
    dana = "dana@northstar.example"
    say("which leads have no owner?", user=dana)
    before = records("lead")
    say("all of them except Mei Novak should belong to Tom", user=dana)
    assert len(say("no", user=dana).parts) == 1
    assert records("lead") == before
