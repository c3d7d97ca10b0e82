"""What was said before, through whole turns: what "it" may mean, and what it may not."""

import pytest

from core.parts import ChangeReceipt


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Which deals close this month?", "push it by 2 weeks"),
        ("List my open deals", "set it to 50k"),
        ("我这个月要关的商机有哪些", "把它推迟两周"),
    ],
)
def test_it_after_a_list_of_several_changes_nothing(say, records, first, then):
    before = records("deal")
    assert len([ref for ref in say(first).records if ref.kind == "deal"]) > 1
    reply = say(then)
    assert records("deal") == before
    assert not reply.of_type(ChangeReceipt)


def test_it_after_one_deal_is_that_deal(say, deal):
    say("What stage is the Meridian pilot in?")
    before = deal("Meridian pilot").close_date
    say("push it by 2 weeks")
    assert (deal("Meridian pilot").close_date - before).days == 14


@pytest.mark.parametrize(
    "text",
    [
        "If Meridian signs we could move the pilot to Negotiation and raise it to 250k",
        "If they sign I will move the Meridian pilot to Negotiation, and the amount goes to 250k",
        "Unless legal objects we push the Meridian pilot to April and it goes to commit",
        "如果Meridian签了，就把Meridian pilot推到谈判，并且金额改成25万",
    ],
)
def test_a_condition_holds_for_what_is_joined_to_it(say, records, text):
    before = records("deal")
    say(text)
    assert records("deal") == before


def test_a_name_that_does_not_exist_leaves_no_question_open(say):
    say("log a call with Zed Nobody at Nowhere Inc")
    assert any(ref.kind == "deal" for ref in say("my open deals").records)
