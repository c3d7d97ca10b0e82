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
