"""Wordings of changes of deals, of tasks and of other records, each family in a table of its own."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.language.builtin.test_actions import matches, writes

_HERE = Path(__file__).parent
ROWS = [
    (table, row)
    for table in ("action_deals", "action_tasks", "action_records")
    for row in yaml.safe_load((_HERE / f"{table}.yaml").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("table", "row"), ROWS, ids=lambda each: each["say"][:60] if "say" in each else each)
def test_message_asks_for_exactly_this(table: str, row: dict[str, Any]) -> None:
    calls = writes(row["say"])
    expected = row.get("do", [])
    shown = [(call.tool, call.given()) for call in calls]
    assert len(calls) == len(expected), (table, shown)
    left = list(calls)
    for each in expected:
        found = next((call for call in left if matches(call, each)), None)
        assert found is not None, (each, shown)
        left.remove(found)
