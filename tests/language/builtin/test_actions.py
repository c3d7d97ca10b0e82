"""What messages are taken to ask for: a table of wordings over a company of its own, and what must change
nothing."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from language.builtin.calls import Call
from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION

ROWS = yaml.safe_load((Path(__file__).parent / "actions.yaml").read_text(encoding="utf-8"))
WRITES = (
    "log_interaction",
    "update_deal",
    "create_deal",
    "create_task",
    "update_task",
    "create_account",
    "create_contact",
    "create_lead",
    "convert_lead",
    "create_ticket",
    "update_record",
    "delete_record",
)


def writes(message: str, dialogue: Dialogue | None = None) -> list[Call]:
    intent = plan(Reading(message, SITUATION, dialogue or Dialogue()))
    return [call for call in intent.calls if call.tool in WRITES]


def matches(call: Call, expected: dict[str, dict[str, Any]]) -> bool:
    ((tool, arguments),) = expected.items()
    given_arguments = call.given()
    return call.tool == tool and all(fits(given_arguments.get(name), value) for name, value in arguments.items())


def fits(actual: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return isinstance(actual, list) and sorted(map(str.casefold, actual)) == sorted(map(str.casefold, wanted))
    if isinstance(wanted, str) and wanted.startswith("~"):
        return isinstance(actual, str) and wanted[1:].casefold() in actual.casefold()
    if isinstance(wanted, str) and isinstance(actual, str):
        return actual.casefold() == wanted.casefold()
    return bool(actual == wanted)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["say"][:60])
def test_message_asks_for_exactly_these_changes(row: dict[str, Any]) -> None:
    calls = writes(row["say"])
    expected = row.get("do", [])
    shown = [(call.tool, call.given()) for call in calls]
    assert len(calls) == len(expected), shown
    left = list(calls)
    for each in expected:
        found = next((call for call in left if matches(call, each)), None)
        assert found is not None, (each, shown)
        left.remove(found)
