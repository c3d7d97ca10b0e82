"""What Chinese messages are taken to ask for: a table of wordings in families, over a company of its own."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.language.builtin.test_actions import matches, writes

ROWS = yaml.safe_load((Path(__file__).parent / "actions_chinese.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["say"][:40])
def test_chinese_message_asks_for_exactly_these_changes(row: dict[str, Any]) -> None:
    calls = writes(row["say"])
    expected = row.get("do", [])
    shown = [(call.tool, call.given()) for call in calls]
    assert len(calls) == len(expected), shown
    left = list(calls)
    for each in expected:
        found = next((call for call in left if matches(call, each)), None)
        assert found is not None, (each, shown)
        left.remove(found)
