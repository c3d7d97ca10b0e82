"""What waits for a yes, that the yes is bound to what was shown, and that it has one effect."""

import threading
from datetime import timedelta

import pytest

from agent import answer_approval, build_runtime
from core.parts import ApprovalRequest, ChangeReceipt, Declined, Text
from core.settings import Settings
from crm_store.audit_trail import list_changes
from crm_store.principals import SYSTEM
from tests.agent.conftest import MARCUS


def ask_to_close(scripted_run, *, deal="Redwood renewal", **arguments):
    return scripted_run([("update_deal", {"deal": deal, "stage": "Closed Won", **arguments})])


@pytest.fixture
def play(scripted):
    """Plays one round of tool calls as a large model would make them."""
    from agent import Turn, run_turn

    def run(calls, text="Please do it.", *, user=MARCUS):
        runtime, _ = scripted(calls, "")
        return run_turn(runtime, Turn(user, text))

    return run


def test_closing_a_deal_waits_for_a_yes_and_then_happens_once(play, runtime, deal, records):
    before = deal("Redwood renewal")
    reply = ask_to_close(play)
    (request,) = reply.approvals
    assert deal("Redwood renewal").stage_id == before.stage_id
    assert not reply.undo

    first = answer_approval(runtime, MARCUS, request.approval_id, True)
    second = answer_approval(runtime, MARCUS, request.approval_id, True)

    assert first.of_type(ChangeReceipt)
    assert first.parts == second.parts
    assert deal("Redwood renewal").version == before.version + 1


@pytest.mark.parametrize(
    ("call", "waits"),
    [
        (("update_deal", {"deal": "Redwood renewal", "stage": "Closed Won"}), True),
        (("update_deal", {"deal": "Redwood renewal", "stage": "Proposal"}), False),
        (("update_deal", {"deal": "Redwood renewal", "owner": "Tom Alvarez"}), True),
        (("update_deal", {"deal": "Redwood renewal", "amount": "21k"}), False),
        (("update_deal", {"deal": "Copperline pilot", "amount": "100k"}), True),
        (("update_deal", {"deal": "Copperline pilot", "amount": "+5000"}), False),
        (("delete_record", {"kind": "task", "record": "Call Hannah Moreno"}), True),
        (("create_task", {"title": "Send the paper", "due": "Friday"}), False),
        (("log_interaction", {"type": "call", "contacts": ["Karl Haddad"]}), False),
    ],
)
def test_policy_decides_what_waits(play, call, waits):
    reply = play([call])
    assert bool(reply.approvals) is waits
    assert bool(reply.of_type(ChangeReceipt)) is not waits


def test_a_no_leaves_everything_as_it_was(play, runtime, deal):
    (request,) = ask_to_close(play).approvals
    before = deal("Redwood renewal")
    assert answer_approval(runtime, MARCUS, request.approval_id, False).of_type(Text)
    assert answer_approval(runtime, MARCUS, request.approval_id, True).of_type(Declined)
    assert deal("Redwood renewal") == before


def test_two_clicks_at_once_have_one_effect(play, runtime, deal, records):
    (request,) = ask_to_close(play).approvals
    version, history = deal("Redwood renewal").version, len(records("stage_change"))
    clicks = [
        threading.Thread(target=answer_approval, args=(runtime, MARCUS, request.approval_id, True))
        for _ in range(4)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert deal("Redwood renewal").version == version + 1
    assert len(records("stage_change")) == history + 1


def test_a_yes_survives_a_restart(play, runtime, northstar_url, clock, deal, tmp_path):
    (request,) = ask_to_close(play).approvals
    restarted = build_runtime(Settings(home=tmp_path, database_url=northstar_url), clock=clock)
    reply = answer_approval(restarted, MARCUS, request.approval_id, True)
    restarted.close()
    assert reply.of_type(ChangeReceipt)


def test_an_old_request_expires(play, runtime, clock, deal):
    (request,) = ask_to_close(play).approvals
    before = deal("Redwood renewal")
    clock.advance(timedelta(hours=25))
    assert answer_approval(runtime, MARCUS, request.approval_id, True).of_type(Declined)
    assert deal("Redwood renewal") == before


def test_a_colleague_cannot_say_yes(play, runtime, deal):
    (request,) = ask_to_close(play).approvals
    before = deal("Redwood renewal")
    assert answer_approval(runtime, "tom@northstar.example", request.approval_id, True).of_type(Declined)
    assert deal("Redwood renewal") == before


def test_a_manager_above_says_yes_with_the_rights_and_in_the_name_of_who_asked(play, runtime, deal):
    (request,) = ask_to_close(play).approvals
    reply = answer_approval(runtime, "dana@northstar.example", request.approval_id, True)
    assert reply.of_type(ChangeReceipt)
    assert any("Dana" in part.text for part in reply.of_type(Text))
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        (line,) = list_changes(uow, record=deal("Redwood renewal").id, effect=reply.undo, limit=1)
    assert line.who == "Marcus Lee"
    assert runtime.log.find_approval(request.approval_id).answered_by


def test_a_no_after_a_yes_says_that_it_was_answered(play, runtime, deal):
    (request,) = ask_to_close(play).approvals
    assert answer_approval(runtime, MARCUS, request.approval_id, True).of_type(ChangeReceipt)
    assert answer_approval(runtime, MARCUS, request.approval_id, False).of_type(Declined)


def test_when_the_record_changed_since_it_asks_once_more(play, runtime, deal):
    (request,) = ask_to_close(play, amount="20k").approvals
    play([("update_deal", {"deal": "Redwood renewal", "amount": "19k"})])
    reply = answer_approval(runtime, MARCUS, request.approval_id, True)
    (again,) = reply.of_type(ApprovalRequest)
    assert not reply.of_type(ChangeReceipt)
    assert answer_approval(runtime, MARCUS, again.approval_id, True).of_type(ChangeReceipt)


@pytest.mark.parametrize(
    ("answer", "happens"), [("yes", True), ("好的", True), ("Go ahead!", True), ("no", False), ("算了", False)]
)
def test_yes_and_no_in_words(play, runtime, deal, answer, happens):
    from agent import Turn, run_turn

    asked = ask_to_close(play)
    reply = run_turn(runtime, Turn(MARCUS, answer, conversation_id=asked.conversation_id))
    assert bool(reply.of_type(ChangeReceipt)) is happens


def test_a_new_message_leaves_the_request_waiting(play, runtime, deal):
    from agent import Turn, run_turn

    asked = ask_to_close(play)
    run_turn(runtime, Turn(MARCUS, "What is my pipeline worth?", conversation_id=asked.conversation_id))
    reply = answer_approval(runtime, MARCUS, asked.approvals[0].approval_id, True)
    assert reply.of_type(ChangeReceipt)


def test_everything_asks_when_the_setting_says_so(scripted):
    from agent import Turn, run_turn

    runtime, _ = scripted([("create_task", {"title": "Send the paper"})], "", confirm_small_changes=True)
    assert run_turn(runtime, Turn(MARCUS, "task: send the paper")).approvals
