"""Answers in words to a request for a yes: many wordings, what goes on behind them, and what is none."""

import pytest

from agent.yes_no import Answer, read_answer
from core.parts import ApprovalRequest, ChangeReceipt

PROPOSED = "we won the Redwood renewal! delete the contact Mei Fraser 金帆纺织试点赢单了"


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "yup do that",
        "yes go ahead please",
        "that's correct",
        "yes, delete her",
        "sure thing, mark it won",
        "k",
        "OK thanks",
        "👍",
        "go for it!",
        "yes - both of them",
        "对，就这么办",
        "好，改吧",
        "嗯，可以，麻烦你了",
        "確認",
        "沒問題，刪掉",
        "对，就改成赢单",
        "没错，删掉Mei",
        "确认无误",
        "不错，就这样",
    ],
)
def test_a_yes_in_other_words(text):
    assert read_answer(text, PROPOSED) == Answer(True)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "hmm no, hold off for now",
        "no not yet, leave it open",
        "nope, sorry",
        "on second thought, don't",
        "wait, I changed my mind",
        "不要",
        "先等等，别动",
        "还是不要了",
        "算了吧",
        "再想想",
        "暂时不用",
    ],
)
def test_a_no_in_other_words(text):
    found = read_answer(text, PROPOSED)
    assert found is not None
    assert not found.yes


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("no, only to 130k", "only to 130k"),
        ("no make it 130k", "make it 130k"),
        ("no, Leah hasn't signed", "Leah hasn't signed"),
        ("不对，应该是12万", "应该是12万"),
        ("不，是续约那单", "是续约那单"),
    ],
)
def test_a_no_may_go_on(text, rest):
    assert read_answer(text, PROPOSED) == Answer(False, rest)


def test_a_yes_may_go_on():
    found = read_answer("yes, and set the next step to kickoff", PROPOSED)
    assert found == Answer(True, "and set the next step to kickoff")


@pytest.mark.parametrize(
    "text",
    [
        "yes but make it 120k",
        "ok but not today",
        "yes delete Karl too",
        "ok do the first one only",
        "what's my pipeline?",
        "no idea what my quota is",
        "对方还没签字",
        "好，但金额改成30万",
        "thanks",
        "不知道我的管道有多少",
    ],
)
def test_what_is_no_answer(text):
    assert read_answer(text, PROPOSED) is None


@pytest.mark.parametrize("text", ["yep, mark it won please", "sounds good", "就这么办"])
def test_such_a_yes_applies_the_proposal(say, deal, text):
    assert say("we won the Redwood renewal").of_type(ApprovalRequest)
    assert say(text).of_type(ChangeReceipt)
    assert deal("Redwood renewal").closed_at


def test_another_message_leaves_the_proposal_open(say, deal):
    say("we won the Redwood renewal")
    assert not say("what's my pipeline?").of_type(ChangeReceipt)
    assert say("ok, go ahead").of_type(ChangeReceipt)


def test_a_no_with_something_else_drops_the_proposal_and_does_the_rest(say, deal):
    before = deal("Redwood renewal").amount
    assert say("raise the Redwood renewal to 500k").of_type(ApprovalRequest)
    say("no, only to 22k")
    assert deal("Redwood renewal").amount in (before, 22000)
    assert not say("yes").of_type(ChangeReceipt)


def test_a_yes_with_something_more_does_both(say, deal):
    say("we won the Redwood renewal")
    say("yes, and the next step of the Blue Heron pilot is a workshop")
    assert deal("Redwood renewal").closed_at
    assert deal("Blue Heron pilot").next_step == "a workshop"
