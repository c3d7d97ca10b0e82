"""What was said before, through whole turns: what "it" may mean, and what it may not."""

import pytest

from core.parts import ChangeReceipt, NotKnown, Question, Table


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Which deals close this month?", "push it by 2 weeks"),
        ("List my open deals", "set it to 50k"),
        ("我这个月要关的商机有哪些", "把它推迟两周"),
    ],
)
def test_it_after_a_list_of_several_changes_nothing(say, records, first, then):
    before = records("deal")
    assert len([ref for ref in say(first).records if ref.kind == "deal"]) > 1
    reply = say(then)
    assert records("deal") == before
    assert not reply.of_type(ChangeReceipt)


def test_it_after_one_deal_is_that_deal(say, deal):
    say("What stage is the Meridian pilot in?")
    before = deal("Meridian pilot").close_date
    say("push it by 2 weeks")
    assert (deal("Meridian pilot").close_date - before).days == 14


@pytest.mark.parametrize(
    "text",
    [
        "If Meridian signs we could move the pilot to Negotiation and raise it to 250k",
        "If they sign I will move the Meridian pilot to Negotiation, and the amount goes to 250k",
        "Unless legal objects we push the Meridian pilot to April and it goes to commit",
        "如果Meridian签了，就把Meridian pilot推到谈判，并且金额改成25万",
    ],
)
def test_a_condition_holds_for_what_is_joined_to_it(say, records, text):
    before = records("deal")
    say(text)
    assert records("deal") == before


def test_a_name_that_does_not_exist_leaves_no_question_open(say):
    say("log a call with Zed Nobody at Nowhere Inc")
    assert any(ref.kind == "deal" for ref in say("my open deals").records)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("move zorblax pilot to proposal", "zorblax"),
        ("push zorblax out two weeks", "zorblax"),
        ("change zorblax's amount to 50k", "zorblax"),
        ("mark zorblax as won", "zorblax"),
        ("open deals at zorblax", "zorblax"),
        ("把云帆扩容的金额改成三百万", "云帆扩容"),
        ("云帆扩容的成交日推迟一周", "云帆扩容"),
        ("把云帆扩容推迟两周", "云帆扩容"),
    ],
)
def test_the_deal_talked_about_before_never_stands_in_for_a_name_nobody_knows(say, records, text, name):
    say("What stage is the Meridian pilot in?")
    before = records("deal")
    reply = say(text)
    assert records("deal") == before
    assert name in " ".join(part.text for part in reply.of_type(NotKnown))


@pytest.mark.parametrize("text", ["make the amuont 220k", "we are up against zorblax", "next step: call zoltan"])
def test_the_deal_talked_about_before_is_meant_where_an_unknown_word_names_no_deal(say, records, text):
    say("What stage is the Meridian pilot in?")
    before = records("deal")
    say(text)
    changed = [deal.name for deal, old in zip(records("deal"), before, strict=True) if deal != old]
    assert changed == ["Meridian pilot"]


@pytest.mark.parametrize(
    "text", ["what is the next step on zorblax deal", "show me the zorblax deals", "zorblax的商机下一步是什么"]
)
def test_a_question_about_a_name_nobody_knows_lists_nothing(say, text):
    reply = say(text)
    assert not reply.of_type(Table)
    assert "zorblax" in " ".join(part.text for part in reply.of_type(NotKnown))


@pytest.mark.parametrize("text", ["给王小明打了电话，聊了续约", "跟赵六通了电话，聊了续约"])
def test_a_report_about_people_nobody_knows_says_who_was_not_found(say, records, text):
    before = records("interaction")
    reply = say(text)
    assert records("interaction") == before
    assert text[1:3] in " ".join(part.text for part in reply.of_type(NotKnown))


def test_him_is_not_the_person_of_the_turn_before_where_the_message_names_another(say, records):
    say("call with Leah Whitman at Redwood, 20 min, fine")
    say("打给王小明了，聊了续约，下周二前把合同发给他")
    task = max(records("task"), key=lambda each: each.id)
    assert not task.contact_id


def test_a_bare_call_renames_no_task(say, records):
    say("remind me on Friday to send the contract")
    before = [task.title for task in records("task")]
    say("call karl haddad re renewal")
    assert [task.title for task in records("task")][: len(before)] == before


@pytest.mark.parametrize("text", ["把扩容推迟一周", "另外扩容推迟一周", "晶源扩容推迟一周", "把成交日期推迟一周"])
def test_a_part_of_the_name_is_enough_for_the_deal_talked_about_before(say, deal, text):
    lina = "lina@northstar.example"
    say("晶源扩容现在什么阶段", user=lina)
    before = deal("晶源光电扩容").close_date
    say(text, user=lina)
    assert (deal("晶源光电扩容").close_date - before).days == 7


@pytest.mark.parametrize("text", ["把云帆扩容推迟两周", "云帆扩容推迟两周"])
def test_another_name_before_what_deals_are_called_is_another_deal(say, records, text):
    lina = "lina@northstar.example"
    say("晶源扩容现在什么阶段", user=lina)
    before = records("deal")
    reply = say(text, user=lina)
    assert records("deal") == before
    assert "云帆扩容" in " ".join(part.text for part in reply.of_type(NotKnown))


@pytest.mark.parametrize("name", ["Jane Doe", "jane doe"])
def test_a_new_contact_takes_the_facts_behind_it_and_changes_nobody(say, records, name):
    before = {each.id: each for each in records("contact")}
    say(f"new contact {name} at Redwood, CFO, jane@redwood.example")
    after = {each.id: each for each in records("contact")}
    assert {key: after[key] for key in before} == before
    (new,) = (each for key, each in after.items() if key not in before)
    assert (new.name.casefold(), new.email) == ("jane doe", "jane@redwood.example")


@pytest.mark.parametrize(
    "text",
    [
        "I was going to ring Priya Quinn today but she is travelling, make it tomorrow",
        "My chat with Priya Quinn got moved, Thursday at 10",
    ],
)
def test_somebody_else_is_not_the_person_of_the_task_talked_about(say, records, text):
    say("Add a task to send Sara Brandt the brochure on Friday")
    before = [(task.id, task.due) for task in records("task")]
    say(text)
    assert [(task.id, task.due) for task in records("task") if (task.id, task.due) in before] == before


def test_why_a_task_moves_may_be_somebody_else(say, records):
    say("Add a task to send Sara Brandt the brochure on Friday")
    say("make it Monday, Priya Quinn is away until then")
    task = next(task for task in records("task") if "brochure" in task.title)
    assert task.due.isoformat() == "2026-03-16"


def test_the_day_of_a_new_task_is_not_that_of_the_one_before(say, records):
    say("Add a task to send Sara Brandt the brochure on Friday")
    say("Before my meeting with Karl Haddad I need the SOC report - task for Thursday")
    days = {task.due.isoformat() for task in records("task") if "brochure" in task.title or "SOC" in task.title}
    assert days == {"2026-03-13", "2026-03-12"}


@pytest.mark.parametrize(
    ("user", "told", "answer", "day"),
    [
        (
            "marcus@northstar.example",
            "Met Ines Kowalski last week, she wants references",
            "on Tuesday",
            "2026-03-03",
        ),
        ("marcus@northstar.example", "Visited Redwood in February, Ines was friendly", "the 12th", "2026-02-12"),
        ("zhangwei@northstar.example", "上周拜访了云栖的钱芳，她想看案例", "周二", "2026-03-03"),
    ],
)
def test_what_happened_on_some_day_of_a_week_or_month_is_logged_when_the_day_is_told(
    say, records, user, told, answer, day
):
    before = records("interaction")
    assert say(told, user=user).of_type(Question)
    assert records("interaction") == before
    assert say(answer, user=user).of_type(ChangeReceipt)
    new = {each.id: each for each in records("interaction")}
    added = [each for key, each in new.items() if key not in {old.id for old in before}]
    assert [each.occurred_at.date().isoformat() for each in added] == [day]
    assert added[0].body == told


def test_an_unknown_person_is_not_the_deal_talked_about(say):
    say("push the acme expansion to end of april")
    assert say("who is zed nobody").of_type(NotKnown)


def test_what_is_to_be_done_with_somebody_is_no_next_step_of_what_it_is_about(say, records):
    say("push the acme expansion to end of april")
    before = records("deal")
    reply = say("call bob stranger about the renewal")
    assert records("deal") == before
    assert not reply.approvals


@pytest.mark.parametrize("words", ["undo the amount", "撤销刚才的金额"])
def test_an_undo_that_names_what_was_not_changed_takes_back_nothing(say, records, words):
    say("remind me tomorrow to call Leah Whitman")
    made = records("task")
    say(words)
    assert records("task") == made


def test_an_undo_that_names_an_earlier_change_takes_back_that_one(say, records):
    before = records("task")
    say("remind me tomorrow to call Leah Whitman")
    say("push Redwood renewal to 30 April")
    changed = records("deal")
    say("undo the task")
    assert records("task") == before
    assert records("deal") == changed
