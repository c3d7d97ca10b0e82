"""What took place, told in many ways: terse notes, dictation, corrections, days that belong elsewhere."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.language.builtin.test_actions import matches, writes

ROWS = yaml.safe_load((Path(__file__).parent / "action_logs.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["say"][:60])
def test_report_is_logged_as_it_was_told(row: dict[str, Any]) -> None:
    calls = writes(row["say"])
    expected = row.get("do", [])
    shown = [(call.tool, call.given()) for call in calls]
    assert len(calls) == len(expected), shown
    left = list(calls)
    for each in expected:
        found = next((call for call in left if matches(call, each)), None)
        assert found is not None, (each, shown)
        left.remove(found)
