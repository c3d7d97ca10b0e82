"""Each hygiene finding comes with one message that makes its fix; what is missing is asked for and then set."""

import pytest

from analytics.hygiene.rule import RULES, Finding, wording
from core.parts import ApprovalRequest, ChangeReceipt, Question, RecordRef, Table
from crm_store.principals import SYSTEM

DANA = "dana@northstar.example"
NAMES = {
    "deal": "Meridian pilot", "lost deal": "Tallgrass plant monitoring", "lead": "Julia Kowalski",
    "duplicate": "Acme Robotics",
}  # fmt: skip
OTHERS = {"H13": ("account", "Acme Foods"), "H14": ("deal", "Meridian pilot")}
SAYS = [
    *((rule.id, rule.kind, "say") for rule in RULES), ("H8", "deal", "say_commit"), ("H12", "lead", "say_unowned"),
]  # fmt: skip
GIVEN = [
    ("H1", "deal", "30 June", "close_date", "2026-06-30"),
    ("H2", "deal", "Call Jane about pricing on Monday", "next_step", "Call Jane about pricing on Monday"),
    ("H4", "deal", "Negotiation", "stage", "Negotiation"),
    ("H7", "deal", "make it 215k", "amount", "215000"),
    ("H11", "lost deal", "requirements", "lost_reason", "requirements"),
]
GIVEN_ZH = [
    ("H1", "deal", "6月30日", "close_date", "2026-06-30"),
    ("H4", "deal", "谈判", "stage", "Negotiation"),
    ("H7", "deal", "改成22万", "amount", "220000"),
    ("H11", "lost deal", "需求不符", "lost_reason", "requirements"),
]


def finding(runtime, rule: str, kind: str, says: str = "say") -> Finding:
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        if kind == "interaction":
            record = next(each for each in uow.all("interaction") if each.deal_id)
            ref = RecordRef(kind="interaction", id=record.id, name="call")
        else:
            ref = RecordRef(kind=kind, id="", name=NAMES[kind])
    other = OTHERS.get(rule)
    also = (RecordRef(kind=other[0], id="", name=other[1]),) if other else ()
    return Finding(rule, ref, "", also, says)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("rule", "kind", "says"), SAYS)
def test_the_message_of_every_rule_is_understood(runtime, say, rule, kind, says, language):
    runtime.settings.delivery_channel = "email"
    reply = say(finding(runtime, rule, kind, says).say(language), user=DANA)
    sorts = {type(part) for part in reply.parts}
    assert sorts, reply
    assert sorts <= {Question, ApprovalRequest, ChangeReceipt}, reply.parts


@pytest.mark.parametrize(
    ("rule", "kind", "answer", "field", "value", "language"),
    [*((*each, "en") for each in GIVEN), *((*each, "zh") for each in GIVEN_ZH)],
)
def test_the_value_that_was_asked_for_is_set_by_the_answer(
    runtime, say, rule, kind, answer, field, value, language
):
    asked = say(finding(runtime, rule, kind).say(language), user=DANA)
    assert asked.of_type(Question)
    [change] = say(answer, user=DANA).of_type(ChangeReceipt)
    assert field in {each.field for each in change.fields}
    with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
        [deal] = [each for each in uow.all("deal") if each.name == NAMES[kind]]
        stage = next(each.name for each in uow.all("stage") if each.id == deal.stage_id)
        held = stage if field == "stage" else getattr(deal, field)
        assert str(held) == value


@pytest.mark.parametrize(
    "answer", ["never mind", "算了", "what is the pipeline by rep?", "log a call with Acme Foods"]
)
def test_what_answers_nothing_changes_nothing_on_the_deal(runtime, say, answer):
    say("move the close date of Meridian pilot", user=DANA)
    reply = say(answer, user=DANA)
    assert not [part for part in reply.of_type(ChangeReceipt) if part.record.kind == "deal"]


def test_a_loss_without_a_reason_is_not_lost_anew_by_naming_the_reason(runtime, say):
    for text in (
        "set the lost reason of Tallgrass plant monitoring to price",
        "把Tallgrass plant monitoring的丢单原因改成竞争对手",
    ):
        [change] = say(text, user=DANA).of_type(ChangeReceipt)
        assert {each.field for each in change.fields} == {"lost_reason"}


def test_findings_of_all_kinds_are_asked_for_in_chat_with_their_messages(say):
    for text, rule in (("which leads are waiting", "H12"), ("what should I fix", "H1"), ("哪些线索在等", "H12")):
        [table] = say(text, user=DANA).of_type(Table)
        assert len(table.says) == len(table.rows)
        assert all(table.says)
        language = "zh" if text[0] > "\u3000" else "en"
        assert any(row[1] == wording(language, rule, "title") for row in table.rows)
    for text in (
        "any duplicates?",
        "which interactions have no deal",
        "lost deals without a reason",
        "有重复的客户吗",
    ):
        reply = say(text, user=DANA)
        assert "39" not in reply.parts[0].text
