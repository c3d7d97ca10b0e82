"""Changing what a filter chooses: only what the asker may change, and never without a yes for several."""

import pytest

from agent import Turn, answer_approval, run_turn
from core.parts import ApprovalRequest, ChangeReceipt, NotKnown
from tests.agent.conftest import *  # noqa: F403
from tests.agent.conftest import MARCUS


def change(scripted, filters, fields, kind="deal", user=MARCUS):
    runtime, _ = scripted([("update_records", {"kind": kind, "filters": filters, "fields": fields})], "")
    return runtime, run_turn(runtime, Turn(user, "Please."))


def test_several_records_wait_for_a_yes_and_change_together(scripted, records, marcus):
    filters = ["owner = me", "status = open", "close_date = April"]
    mine = {d.name: d.close_date for d in records("deal") if d.owner_id == marcus.user_id and d.closed_at is None}
    runtime, reply = change(scripted, filters, {"close_date": "+1 week"})
    (request,) = reply.of_type(ApprovalRequest)
    names = [receipt.record.name for receipt in request.changes]
    assert len(names) > 1
    done = answer_approval(runtime, MARCUS, request.approval_id, True)
    assert sorted(part.record.name for part in done.of_type(ChangeReceipt)) == sorted(names)
    after = {deal.name: deal.close_date for deal in records("deal") if deal.name in mine}
    moved = {name for name in mine if after[name] != mine[name]}
    assert moved == set(names)
    assert all((after[name] - mine[name]).days == 7 for name in moved)


def test_records_of_others_stay_as_they_are(scripted, records, marcus):
    _, reply = change(scripted, ["status = open", "close_date = April"], {"next_step": "call"})
    owners = {deal.name: deal.owner_id for deal in records("deal")}
    assert {owners[receipt.record.name] for receipt in reply.approvals[0].changes} == {marcus.user_id}


@pytest.mark.parametrize(
    ("filters", "fields"), [([], {"next_step": "x"}), (["owner = me"], {}), (["nonsense"], {"a": "b"})]
)
def test_without_a_filter_or_a_change_nothing_happens(scripted, records, filters, fields):
    before = records("deal")
    _, reply = change(scripted, filters, fields)
    assert records("deal") == before
    assert not reply.of_type(ChangeReceipt)


def test_when_nothing_fits_it_is_said(scripted):
    _, reply = change(scripted, ["owner = me", "amount > 900m"], {"next_step": "x"})
    assert reply.of_type(NotKnown)
