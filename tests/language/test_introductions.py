"""People whom a text introduces as new."""

import pytest

from language.introductions import find_introduced


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Saw Hannah Moreno and their new CFO Robert Lang, about 40 minutes.", [("Robert Lang", "CFO")]),
        (
            "Met Peter Smith, the new plant manager at Redwood, for the first time.",
            [("Peter Smith", "plant manager")],
        ),
        ("Anna Schmidt is their new head of procurement.", [("Anna Schmidt", "head of procurement")]),
        ("I met Karl Haddad for the first time.", [("Karl Haddad", "")]),
        ("The new head of purchasing, Lena von Berg, was there.", [("Lena von Berg", "head of purchasing")]),
        ("Their procurement lead Jonas Weber joined.", [("Jonas Weber", "procurement lead")]),
        ("The CFO, Ana Ruiz, has just started.", [("Ana Ruiz", "CFO")]),
        ("今天见了孔桂英和新来的采购总监马丽，谈了四十分钟。", [("马丽", "采购总监")]),
        ("第一次见到王小明，聊了很久", [("王小明", "")]),
        ("周杰是他们新任的技术经理。", [("周杰", "技术经理")]),
    ],
)
def test_who_is_introduced_is_found(text, people):
    assert [(each.name, each.title) for each in find_introduced(text)] == people


@pytest.mark.parametrize(
    "text",
    [
        "We discussed the new Plant Monitor and the new Thermal Gateway.",
        "Send the new contract to Hannah Moreno by Friday.",
        "Met Hannah Moreno, the plant manager, and walked the floor.",
        "They want a new Diagnostics AI license.",
        "下一步发一份新的方案",
        "新的采购流程和新的经理说明",
    ],
)
def test_others_are_not(text):
    assert find_introduced(text) == []
