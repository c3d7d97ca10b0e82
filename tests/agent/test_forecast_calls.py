"""A commit that a manager calls in chat is kept as an adjustment: attributed, undoable, in no computed figure."""

from decimal import Decimal

import pytest

from core.parts import Text
from crm_store.principals import SYSTEM

DANA, TOM = "dana@northstar.example", "tom@northstar.example"


def adjustments(runtime) -> list[tuple[str, str, Decimal, str, str]]:
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        names = {user.id: user.name for user in uow.all("user")}
        return [
            (names[row.user_id], row.period, row.amount, row.reason, names[row.author_id])
            for row in uow.all("forecast_adjustment")
        ]


def text_of(reply) -> str:
    return "\n".join(part.text for part in reply.of_type(Text))


@pytest.mark.parametrize(
    ("message", "whose", "amount", "reason"),
    [
        ("put my commit at 400k for Q1", "Dana Whitfield", -306_000, ""),
        ("Call Marcus at $500,000 for Q1 because of a verbal yes.", "Marcus Lee", 17_600, "a verbal yes"),
        ("set Tom's commit for Q1 to 30k", "Tom Alvarez", 30_000, ""),
        ("把Tom一季度的承诺调到3万", "Tom Alvarez", 30_000, ""),
        ("我的Q1承诺报40万", "Dana Whitfield", -306_000, ""),
    ],
)
def test_a_called_commit_is_what_it_adds_to_the_records(runtime, say, message, whose, amount, reason):
    reply = say(message, user=DANA)
    assert adjustments(runtime) == [(whose, "2026-Q1", Decimal(amount), reason, "Dana Whitfield")]
    assert reply.undo


def test_it_is_shown_apart_called_again_and_undone(runtime, say):
    say("put my commit at 400k for Q1", user=DANA)
    again = say("put my commit at 400k for Q1", user=DANA)
    assert "already" in text_of(again)
    assert len(adjustments(runtime)) == 1
    shown = text_of(say("forecast Q1 with range", user=DANA))
    assert "USD -306,000" in shown
    assert (
        "Commit forecast USD 706,000; with the adjustments, which no other figure contains, USD 400,000" in shown
    )
    say("call me at 450k for Q1", user=DANA)
    assert sum(row[2] for row in adjustments(runtime)) == Decimal(450_000 - 706_000)
    say("undo", user=DANA)
    assert sum(row[2] for row in adjustments(runtime)) == Decimal(-306_000)


@pytest.mark.parametrize(
    ("user", "message"),
    [
        (TOM, "put my commit at 400k for Q1"),
        (TOM, "call Marcus at 300k"),
        (DANA, "call Tom at 3pm tomorrow"),
        (DANA, "call Tom at 300"),
        (DANA, "put my commit at 400k for next year"),
    ],
)
def test_nobody_else_calls_it_and_a_telephone_call_is_none(runtime, say, user, message):
    say(message, user=user)
    assert adjustments(runtime) == []


def test_a_rep_hears_how_likely_the_own_quota_is(say):
    reply = say("how likely are we to hit Q1")
    assert any(part.type == "figure" and part.text.startswith("Marcus Lee") for part in reply.parts)
