"""Further turns of a dialogue: another task like the last one, slips of the hand, talk after a change."""

from typing import Any

import pytest

from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION
from tests.language.builtin.test_actions_dialogue import after, shown

WAREHOUSE = ["deal", "deal_cg", "晨光乳业智能仓项目"]
TASK = after(
    "明天提醒我联系刘建军",
    "create_task",
    {"title": "联系刘建军", "due": "2026-09-17", "contact": "contact_liu"},
    {"records": [["task", "task_new", "联系刘建军"]], "undo": "eff_1"},
)
DEAL = after(
    "智能仓改成31万",
    "update_deal",
    {"deal": "deal_cg", "amount": "310000"},
    {"records": [WAREHOUSE], "undo": "eff_1"},
)


@pytest.mark.parametrize(
    ("message", "due", "word"),
    [
        ("周五也来一个，给赵敏打电话约验收", "2026-09-18", "验收"),
        ("and one for Friday too: send the sheet to Marek", "2026-09-18", "sheet"),
        ("also another one for Monday, send the offer to Petra Novotna", "2026-09-21", "offer"),
    ],
)
def test_another_task_after_one(message: str, due: str, word: str) -> None:
    calls = shown(list(plan(Reading(message, SITUATION, TASK)).calls))
    assert [tool for tool, _ in calls] == ["create_task"]
    assert calls[0][1]["due"] == due
    assert word in calls[0][1]["title"].lower()


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("打错了，是32万", {"deal": "deal_cg", "amount": "320000"}),
        ("写错了，应该32万", {"deal": "deal_cg", "amount": "320000"}),
        ("不好意思，是35万", {"deal": "deal_cg", "amount": "350000"}),
        ("typo, 32万", {"deal": "deal_cg", "amount": "320000"}),
        ("听错了，应该是三十三万", {"deal": "deal_cg", "amount": "330000"}),
    ],
)
def test_a_slip_is_put_right(message: str, fields: dict[str, Any]) -> None:
    assert shown(list(plan(Reading(message, SITUATION, DEAL)).calls)) == [("update_deal", fields)]


@pytest.mark.parametrize(
    "message", ["嗯，就这样", "好的，谢谢", "周五也来一个", "and one for Friday too", "另外，客户那边也是这么想的"]
)
def test_mere_talk_after_a_change_changes_nothing(message: str) -> None:
    calls = plan(Reading(message, SITUATION, DEAL)).calls
    assert [call.tool for call in calls if call.tool.startswith(("update", "create", "log"))] == []
