"""Talking in Slack: mentions, direct messages, follow-ups, streamed answers, who gets an answer and where."""

from tests.integrations.slack.conftest import (
    DM,
    shown,
)


def test_a_direct_message_is_answered_in_its_own_thread(desk):
    ts = desk.say("show my open deals")
    (answer,) = desk.fake.posted(DM)
    assert answer["thread_ts"] == ts
    assert "Redwood renewal" in shown(answer)
    assert not answer.get("streaming")
    assert desk.fake.sessions[DM, ts] == ["processing", "active"]


def test_steps_are_shown_while_the_agent_works(desk):
    desk.say("show my open deals")
    titles = [chunk["title"] for chunk in desk.last()["chunks"] if chunk["type"] == "task_update"]
    assert "Looking up records" in titles
