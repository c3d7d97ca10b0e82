"""A pronoun behind a short list of deals is asked about by their names, and the answer completes the change."""

import pytest

from agent import Turn, run_turn
from agent.runtime import build_runtime
from core.settings import Settings

MARCUS = "marcus@northstar.example"


@pytest.fixture
def runtime(northstar_url, clock, tmp_path):
    settings = Settings(home=tmp_path, database_url=northstar_url, memory_enabled=False)
    built = build_runtime(settings, clock=clock)
    yield built
    built.close()


@pytest.mark.parametrize(
    ("listed", "pointed", "answered"),
    [
        ("What have I got open at Redwood?", "Push that one out by a week.", "the renewal"),
        ("which of my deals at Redwood are open", "take it to Negotiation", "the second one"),
    ],
)
def test_it_behind_a_list_is_one_of_these(runtime, listed, pointed, answered):
    conversation = run_turn(runtime, Turn(MARCUS, listed)).conversation_id
    asked = run_turn(runtime, Turn(MARCUS, pointed, conversation_id=conversation))
    question = next(part for part in asked.parts if part.type == "question")
    assert {each.name for each in question.candidates} == {"Redwood renewal", "Redwood gateway upgrade"}
    assert "|" not in question.text
    done = run_turn(runtime, Turn(MARCUS, answered, conversation_id=conversation))
    changed = [part.record.name for part in done.parts if part.type == "change"]
    assert len(changed) == 1
    assert changed[0] in ("Redwood renewal", "Redwood gateway upgrade")


def test_what_is_refused_for_one_of_several_is_told(runtime):
    zhangwei = "zhangwei@northstar.example"
    conversation = run_turn(runtime, Turn(zhangwei, "有哪些单子这个月要成交？")).conversation_id
    reply = run_turn(runtime, Turn(zhangwei, "前两个都推到四月底", conversation_id=conversation))
    assert sorted(part.type for part in reply.parts) == ["change", "declined"]
