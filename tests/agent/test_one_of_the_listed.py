"""A pronoun behind a short list of deals is asked about by their names; what is refused for one of several is told."""

import pytest


@pytest.mark.parametrize(
    ("listed", "pointed", "answered"),
    [
        ("What have I got open at Redwood?", "Push that one out by a week.", "the renewal"),
        ("which of my deals at Redwood are open", "take it to Negotiation", "the second one"),
    ],
)
def test_it_behind_a_list_is_one_of_these(say, listed, pointed, answered):
    say(listed)
    question = next(part for part in say(pointed).parts if part.type == "question")
    assert {each.name for each in question.candidates} == {"Redwood renewal", "Redwood gateway upgrade"}
    assert "|" not in question.text
    changed = [part.record.name for part in say(answered).parts if part.type == "change"]
    assert len(changed) == 1
    assert changed[0] in ("Redwood renewal", "Redwood gateway upgrade")


def test_what_is_refused_for_one_of_several_is_told(say):
    zhangwei = "zhangwei@northstar.example"
    say("有哪些单子这个月要成交？", user=zhangwei)
    reply = say("前两个都推到四月底", user=zhangwei)
    assert sorted(part.type for part in reply.parts) == ["change", "declined"]
