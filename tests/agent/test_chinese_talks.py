"""Talks in Chinese that lean on what was said or shown before."""

import pytest

ZHANGWEI = "zhangwei@northstar.example"
LINA = "lina@northstar.example"
WANGFANG = "wangfang@northstar.example"


def _changed(reply):
    return {
        part.record.name: {each.field: each.after for each in part.fields}
        for part in reply.parts
        if part.type == "change"
    }


@pytest.mark.parametrize(
    ("listed", "picked", "name"),
    [
        ("远航电机没关的单子列一下", "金额最大的那单推到六月底", "最大"),
        ("远航电机没关的单子列一下", "成交日最靠后的那单，竞争对手写Hexaline", "远航电机试点项目"),
    ],
)
def test_one_of_a_list_is_picked_by_what_compares(say, listed, picked, name):
    shown = next(part for part in say(listed, user=ZHANGWEI).parts if part.type == "table")
    changed = _changed(say(picked, user=ZHANGWEI))
    if name == "最大":
        assert len(changed) == 1
        assert set(changed) <= {row[0].text if hasattr(row[0], "text") else str(row[0]) for row in shown.rows}
    else:
        assert set(changed) == {name}


def test_a_list_is_still_there_after_one_of_it_changed(say):
    say("远航电机没关的单子按金额从大到小排一下", user=ZHANGWEI)
    first = _changed(say("第二个推到六月底", user=ZHANGWEI))
    second = _changed(say("成交日最靠后的那单推到七月底", user=ZHANGWEI))
    assert len(first) == len(second) == 1


def test_nothing_is_picked_where_no_list_was_shown(say):
    assert _changed(say("金额最大的那单推到六月底", user=ZHANGWEI)) == {}


def test_a_task_is_put_right_with_its_deal(say):
    say("周四提醒我给杨明发合同，远航续约的", user=ZHANGWEI)
    changed = _changed(say("不对，是远航试点的", user=ZHANGWEI))
    assert [fields.get("deal") for fields in changed.values()] == ["远航电机试点项目"]


def test_another_deal_behind_a_task_is_changed_by_itself(say):
    say("周四提醒我给杨明发合同，远航续约的", user=ZHANGWEI)
    changed = _changed(say("远航试点成交日改到六月底", user=ZHANGWEI))
    assert set(changed) == {"远航电机试点项目"}


def test_the_end_of_a_number_just_set_is_put_right(say):
    say("吴磊的电话改成13900005678", user=ZHANGWEI)
    changed = _changed(say("不对，尾号是8765", user=ZHANGWEI))
    assert changed["吴磊"]["phone"].replace(" ", "").endswith("13900008765")


def test_what_is_left_out_of_many_stays(say):
    reply = say("远航的单子都改到六月底，续约不改", user=ZHANGWEI)
    proposal = next(part for part in reply.parts if part.type == "approval")
    assert "续约" not in proposal.text
    assert "二期" in proposal.text


def test_people_of_one_job_are_asked_about(say):
    reply = say("启明的信息部主任电话改成13900001111", user=LINA)
    question = next(part for part in reply.parts if part.type == "question")
    assert {each.name for each in question.candidates} == {"吴艳", "施平"}


@pytest.mark.parametrize("message", ["宏远科技的商机有哪些", "宏远食品有哪些未关的单子"])
def test_a_company_that_nobody_has_is_said_to_be_unknown(say, message):
    reply = say(message, user=LINA)
    assert not any(part.type == "table" for part in reply.parts)
    assert any("没有找到“宏远" in getattr(part, "text", "") for part in reply.parts)


def test_stages_keep_their_words(say):
    reply = say("处在谈判阶段的商机列一下", user=LINA)
    table = next(part for part in reply.parts if part.type == "table")
    assert "Negotiation" in table.title


def test_the_day_of_a_ticket_and_whose_it_is(say):
    reply = say("T-1011哪家报的？几号开的？", user=LINA)
    assert "2025年11月27日" in " ".join(getattr(part, "text", "") for part in reply.parts)


def test_a_ticket_taken_for_another_goes_back(say):
    say("T-1011转pending", user=WANGFANG)
    changed = _changed(say("看串了，应该是T-1030", user=WANGFANG))
    assert {"T-1011", "T-1030"} == set(changed)


def test_a_deletion_that_is_not_wanted_gives_way_to_a_status(say):
    say("何伟那条线索删了吧，打了五次电话都没人接", user=ZHANGWEI)
    changed = _changed(say("还是别删，标成不合格就行", user=ZHANGWEI))
    assert [set(fields) for fields in changed.values()] == [{"status"}]


@pytest.mark.parametrize("picked", ["金额最大的那个，成交日往后挪十天", "其中最大的那单，成交日推到六月底"])
def test_what_a_clause_picks_is_changed_by_the_next_one(say, picked):
    say("远航电机没关的单子列一下", user=ZHANGWEI)
    assert [set(fields) for fields in _changed(say(picked, user=ZHANGWEI)).values()] == [{"close_date"}]


def test_a_task_of_a_colleague_is_taken_over_with_a_new_day(say):
    told = "云栖二期给钱芳的那场演示，我亲自准备。把张伟的这条任务转到我这边，截止日期改成周五。"
    changed = _changed(say(told, user="chenli@northstar.example"))
    assert [set(fields) for fields in changed.values()] == [{"assignee", "due"}]


def test_a_missing_reason_is_asked_for_in_chinese(say):
    reply = say("把远航电机试点项目推到Closed Lost", user=ZHANGWEI)
    assert [part.text for part in reply.parts if part.type == "question"] == ["转到“Closed Lost”需要丢单原因。"]
