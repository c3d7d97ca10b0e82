"""`dealhand ask`: one message, one reply, as text or as JSON."""

import json

import pytest

from agent import Reply
from tests.cli.conftest import MARCUS
from tests.cli.pseudo_terminal import PseudoTerminal

TASK = "remind me on Friday to call Ines Kowalski"
CLOSE = "mark the Meridian pilot as lost to price"


@pytest.fixture
def ask(home, dealhand):
    return lambda *arguments, stdin="": dealhand("ask", "--as", MARCUS, *arguments, stdin=stdin)


def test_a_question_is_answered_in_plain_text(home, process):
    done = process("ask", "--as", MARCUS, "pipeline by stage")
    assert done.code == 0
    assert "Negotiation" in done.out
    assert "\x1b" not in done.out + done.err
    assert done.err == ""


def test_json_is_the_reply(ask):
    done = ask("--json", TASK)
    reply = Reply.model_validate_json(done.out)
    assert done.code == 0
    assert set(json.loads(done.out)) == set(Reply.model_fields)
    assert reply.undo
    assert reply.parts[0].type == "change"


def test_the_message_may_come_from_standard_input(ask):
    reply = Reply.model_validate_json(ask("--json", "-", stdin="my tasks\n").out)
    assert reply.records


def test_a_conversation_goes_on(ask):
    first = Reply.model_validate_json(ask("--json", TASK).out)
    second = Reply.model_validate_json(ask("--json", "--conversation", first.conversation_id, "undo that").out)
    assert second.conversation_id == first.conversation_id
    assert [part.action for part in second.parts if part.type == "change"] == ["deleted"]


def test_what_needs_a_yes_waits_and_can_be_answered_at_once(ask, dealhand):
    waiting = Reply.model_validate_json(ask("--json", CLOSE).out)
    assert waiting.approvals
    assert not waiting.undo

    refused = Reply.model_validate_json(ask("--json", "--no", CLOSE).out)
    assert not refused.approvals
    assert not refused.undo

    done = Reply.model_validate_json(ask("--json", "--yes", CLOSE).out)
    assert not done.approvals
    assert done.undo
    assert dealhand("undo", "--as", MARCUS, done.undo).code == 0


def test_yes_to_a_question_without_a_change_changes_nothing(ask):
    assert not Reply.model_validate_json(ask("--json", "--yes", "my tasks").out).undo


def test_a_conversation_of_someone_else_is_refused(ask, dealhand):
    mine = Reply.model_validate_json(ask("--json", "my tasks").out)
    done = dealhand("ask", "--as", "priya@northstar.example", "--conversation", mine.conversation_id, "my tasks")
    assert done.code == 2
    assert done.err.startswith("dealhand: ")


def test_the_speaker_may_be_set_once(home, dealhand, monkeypatch):
    monkeypatch.setenv("DEALHAND_USER", MARCUS)
    assert dealhand("ask", "my tasks").code == 0


def test_in_a_terminal_it_is_as_wide_as_that(home):
    with PseudoTerminal("ask", "--as", MARCUS, "my open deals", columns=80) as terminal:
        assert terminal.ended() == 0
    assert "Meridian" in terminal.text
    assert max(len(line) for line in terminal.text.split("\n")) == 80
