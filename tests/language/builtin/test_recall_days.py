"""What was said took place before today: days without a year in questions about it lie behind."""

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION


@pytest.mark.parametrize(
    ("message", "since", "until"),
    [
        ("赵敏十二月底来信要求什么？", "2025-12-21", "2025-12-31"),
        ("林晓十月初来信说了什么？", "2025-10-01", "2025-10-11"),
        ("刘建军11月8号邮件里怎么说的？", "2025-11-08", "2025-11-08"),
        ("赵敏九月十号来信要求什么？", "2026-09-10", "2026-09-10"),
    ],
)
def test_the_latest_such_day_is_meant(message: str, since: str, until: str) -> None:
    calls = plan(Reading(message, SITUATION, Dialogue())).calls
    assert [(call.tool, call.arguments["since"], call.arguments["until"]) for call in calls] == [
        ("search_interactions", since, until)
    ]
