"""Facts in conversations: what is one and what is none, what supersedes what, who may see it, how it is erased."""

from datetime import timedelta

import pytest

from crm_store.directory import find_principal
from crm_store.principals import SYSTEM
from memory.facts.extract import facts_in, objections_in
from memory.facts.validity import slots_asked, stated
from memory.forgetting import forget

FACTS = [
    ("The budget is 80k for this year.", "budget", "80k"),
    ("Budget has been approved.", "budget", "approved"),
    ("预算大概八十万。", "budget", "八十万"),
    ("预算还没批。", "budget", "还没批"),
    ("They want to go live by end of June.", "timeline", "by end of June"),
    ("希望六月底前上线。", "timeline", "六月底前"),
    ("They are also looking at Baltimar.", "competitor", "Baltimar"),
    ("他们同时在试用Winchtek的方案。", "competitor", "Winchtek"),
    ("竞争对手是振洋机械。", "competitor", "振洋机械"),
    ("Sara Brandt is our champion there.", "champion", "Sara Brandt"),
    ("周娜会帮我们推。", "champion", "周娜"),
    ("I promised to send the data sheet.", "promise", "send the data sheet"),
    ("She will send us the contract draft.", "promise", "send us the contract draft"),
    ("对方答应周五给名单。", "promise", "周五给名单"),
    ("Next step: workshop in Leeds.", "next_step", "workshop in Leeds"),
    ("下一步：安排技术交流会。", "next_step", "安排技术交流会"),
]
OBJECTIONS = [
    ("Finance finds us too expensive.", "price"), ("客户嫌价格太贵。", "price"),
    ("Their CISO is nervous about data leaving the plant.", "security"), ("她担心数据安全。", "security"),
    ("Worried about the connection to SAP.", "integration"), ("主要顾虑是和ERP的对接。", "integration"),
    ("They were burnt before by a small vendor.", "trust"), ("他做不了主。", "authority"),
    ("Not a priority right now.", "timing"),
]  # fmt: skip
NONE = [
    "No objections raised.", "He is not worried about the price.", "客户没有异议。",
    "If they worry about price we can talk.",
    "Is the budget 80k?", "We walked through the line.", "A quote by Friday would be nice.", "参观了三号产线。",
    "They do not look at Baltimar.", "如果预算批了就签。",
]  # fmt: skip


@pytest.mark.parametrize(("text", "slot", "value"), FACTS)
def test_a_fact_has_its_value_and_the_span_it_came_from(text, slot, value):
    [fact] = [each for each in facts_in(text) if each.slot == slot]
    assert fact.value == value
    assert text[fact.start : fact.end].strip(" ,.。，") == value
    assert fact.sentence in text


@pytest.mark.parametrize(("text", "topic"), OBJECTIONS)
def test_an_objection_has_its_topic(text, topic):
    assert topic in objections_in(text)
    for fact in facts_in(text):
        assert text[fact.start : fact.end]


@pytest.mark.parametrize("text", NONE)
def test_what_is_denied_supposed_or_asked_is_no_fact(text):
    assert facts_in(text) == ()


def test_what_a_question_asks_for():
    assert slots_asked("What objections did they raise?") == ("objection",)
    assert slots_asked("客户担心什么？") == ("objection",)
    assert slots_asked("Who is the champion, and what is the budget?") == ("budget", "champion")
    assert slots_asked("How many deals do I have?") == ()


def say(uow, account, text, days):
    uow.create(
        "interaction",
        {"type": "note", "occurred_at": uow.now - timedelta(days=days), "account": account.id, "body": text},
    )


@pytest.fixture
def spoken(northstar_store):
    """An account of which a budget was said twice, and an objection that was then resolved."""
    with northstar_store.unit_of_work(SYSTEM) as uow:
        account = uow.create("account", {"name": "Quiet Mills", "owner": find_owner(northstar_store)})
        say(uow, account, "The budget is 60k. They worry about security.", 20)
        say(uow, account, "Their budget is 60k, she said again.", 15)
        say(uow, account, "The budget is now 90k.", 10)
        say(uow, account, "The security question is resolved.", 5)
        uow.commit()
    return northstar_store, account.id


def find_owner(store):
    return find_principal(store, "marcus@northstar.example").user_id


def test_a_newer_fact_supersedes_an_older_one_and_deletes_nothing(spoken):
    store, account = spoken
    with store.unit_of_work(find_principal(store, "marcus@northstar.example"), writes=False) as uow:
        old, new = stated(uow, account_id=account, only=("budget",))
        [objection] = stated(uow, account_id=account, only=("objection",))
        earlier = stated(uow, account_id=account, only=("budget",), as_of=uow.now - timedelta(days=12))
    assert (old.fact.value, new.fact.value) == ("60k", "90k")
    assert old.superseded_by == new.interaction_id
    assert old.until == new.since
    assert len(old.again) == 1
    assert new.holds
    assert not objection.holds
    assert [each.fact.value for each in earlier if each.holds] == ["60k"]


def test_facts_follow_the_rights_of_the_asker(spoken):
    store, account = spoken
    with store.unit_of_work(find_principal(store, "lina@northstar.example"), writes=False) as uow:
        assert stated(uow, account_id=account) == []
    with store.unit_of_work(find_principal(store, "sam@northstar.example"), writes=False) as uow:
        slots = {each.fact.slot for each in stated(uow, account_id=account)}
    assert slots == {"objection"}


def test_forgetting_a_contact_erases_what_was_said_of_them(northstar_store, memory):
    with northstar_store.unit_of_work(SYSTEM) as uow:
        account = uow.create("account", {"name": "Quiet Mills"})
        contact = uow.create("contact", {"name": "Zelda Quist", "account": account.id})
        say(uow, account, "Zelda Quist is our champion. The budget is 60k.", 3)
        uow.commit()
    forget(northstar_store, memory, SYSTEM, contact.id)
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        facts = stated(uow, account_id=account.id)
    assert [each.fact.slot for each in facts] == ["budget"]
    assert all("Zelda" not in each.fact.sentence for each in facts)
