"""One record of a change of many is taken back by what tells it apart; anything else changes nothing."""

import pytest

from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION
from tests.language.builtin.test_actions import WRITES
from tests.language.builtin.test_actions_dialogue import after

TASKS = [
    ["task", "task_quote", "Send revised quote to Ivy Okafor"],
    ["task", "task_call", "Call Jonas Weber"],
    ["task", "task_audit", "Prepare furnace audit report"],
]
DUES = ["Fri 18 September 2026", "Mon 21 September 2026", "Tue 22 September 2026"]
MOVED = after(
    "all my tasks of next week to the 30th",
    "update_records",
    {"kind": "task", "filters": [], "fields": {"due": "2026-09-30"}},
    {
        "records": TASKS,
        "undo": "eff_1",
        "changes": [
            f"updated task {name} (due: {due} → Wed 30 September 2026)"
            for (_, _, name), due in zip(TASKS, DUES, strict=True)
        ],
    },
)


def _writes(text: str) -> list[tuple[str, dict[str, object]]]:
    calls = plan(Reading(text, SITUATION, MOVED)).calls
    return [(call.tool, call.given()) for call in calls if call.tool in WRITES]


@pytest.mark.parametrize(
    ("text", "task", "due"),
    [
        ("sorry, not the audit report", "task_audit", DUES[2]),
        ("oops, not the quote, that one was fine on the 18th", "task_quote", DUES[0]),
        ("leave the call as it was", "task_call", DUES[1]),
        ("hang on, keep the audit where it was", "task_audit", DUES[2]),
    ],
)
def test_the_one_left_out_gets_its_old_value(text, task, due):
    assert _writes(text) == [("update_task", {"task": task, "due": due})]


@pytest.mark.parametrize(
    "text",
    [
        "not today",
        "not the quote, but rather the 25th for it?",
        "if Ivy calls, not the quote",
        "not the quote, make it the 28th for 40k",
        "was the audit not due on Tuesday?",
    ],
)
def test_nothing_is_taken_back_where_more_or_nothing_is_said(text):
    assert not [call for call in _writes(text) if call[1].get("due") in DUES]
