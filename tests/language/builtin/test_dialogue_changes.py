"""Dialogue that changes records: the other record instead, logs put right, names spelt right, values taken over, one
more of the same, fewer than proposed, records of the last answer."""

from typing import Any

import pytest

from language.builtin.dialogue import Dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION
from tests.language.builtin.test_actions import WRITES
from tests.language.builtin.test_actions_dialogue import RETROFIT, after, shown

SERVICE = ["deal", "deal_glass2", "Ostrava service contract"]
FRAME = ["deal", "deal_hy2", "华岳重工备件框架"]
LOG = ["interaction", "interaction_1", "log"]

CLOSES = after(
    "service contract closes Oct 20",
    "update_deal",
    {"deal": "deal_glass2", "close_date": "2026-10-20"},
    {"records": [SERVICE], "undo": "eff_1", "changes": ["updated deal X (close date: Mon → Tue 20 October 2026)"]},
)
SHIFTED = after(
    "push the service contract by a week",
    "update_deal",
    {"deal": "deal_glass2", "close_date": "+7d"},
    {"records": [SERVICE], "undo": "eff_1", "changes": ["updated deal X (close date: Mon → Tue 20 October 2026)"]},
)
FRAME_SUM = after(
    "备件框架改成40万",
    "update_deal",
    {"deal": "deal_hy2", "amount": "400000"},
    {"records": [FRAME], "undo": "eff_1", "changes": ["updated deal X (金额: 300,000元 → 400,000元)"]},
)
CALL = after(
    "log a call with Marek Dvorak about the furnace upgrade",
    "log_interaction",
    {"type": "call", "account": "account_glass", "contacts": ["contact_marek"], "deal": "deal_glass1"},
    {"records": [LOG], "undo": "eff_1"},
)
VISIT_ZH = after(
    "今天拜访了刘建军",
    "log_interaction",
    {"type": "visit", "account": "account_huayue", "contacts": ["contact_liu"]},
    {"records": [LOG], "undo": "eff_1"},
)
TASK = after(
    "remind me tomorrow to ring Marek Dvorak about the drawings",
    "create_task",
    {
        "title": "Ring Marek Dvorak about the drawings",
        "due": "2026-09-17",
        "contact": "contact_marek",
        "account": "account_glass",
    },
    {"records": [["task", "task_1", "Ring Marek Dvorak about the drawings"]], "undo": "eff_1"},
)
TASK_ZH = after(
    "明天提醒我给刘建军寄图纸",
    "create_task",
    {"title": "给刘建军寄图纸", "due": "2026-09-17", "contact": "contact_liu", "account": "account_huayue"},
    {"records": [["task", "task_1", "给刘建军寄图纸"]], "undo": "eff_1"},
)
LEAD = after(
    "new lead Erik Jonsen, Fjell Marine",
    "create_lead",
    {"name": "Erik Jonsen", "company": "Fjell Marine"},
    {"records": [["lead", "lead_1", "Erik Jonsen"]], "undo": "eff_1"},
)
LEAD_ZH = after(
    "新线索，苏琳，天津永利机械",
    "create_lead",
    {"name": "苏琳", "company": "天津永利机械"},
    {"records": [["lead", "lead_1", "苏琳"]], "undo": "eff_1"},
)
MANY = after(
    "push all my September deals by a week",
    "update_records",
    {"kind": "deal", "filters": [], "fields": {"close_date": "+7d"}},
    {
        "waiting_for_yes": ["…"],
        "records": [
            ["deal", "deal_mills", "Harbor Mills retrofit"],
            SERVICE,
            ["deal", "deal_nord", "Nordwind turbine rollout"],
        ],
    },
)


def calls_for(message: str, dialogue: Dialogue) -> list[tuple[str, dict[str, Any]]]:
    return shown(list(plan(Reading(message, SITUATION, dialogue)).calls))


@pytest.mark.parametrize(
    "message",
    [
        "no, the other Ostrava one",
        "sorry, wrong one. I meant the furnace upgrade",
        "mixed up, that's the furnace upgrade, the service contract stays",
        "furnace upgrade, not the service contract",
        "no the furnace upgrade, put the service contract back",
    ],
)
def test_another_deal_takes_the_change_over(message: str) -> None:
    assert calls_for(message, CLOSES) == [
        ("undo_change", {"handle": "eff_1"}),
        ("update_deal", {"deal": "deal_glass1", "close_date": "2026-10-20"}),
    ]


@pytest.mark.parametrize("message", ["搞混了，40万是一期改造的", "弄错了，是一期改造40万，备件框架的还按原来的"])
def test_another_deal_takes_the_change_over_in_chinese(message: str) -> None:
    assert calls_for(message, FRAME_SUM) == [
        ("undo_change", {"handle": "eff_1"}),
        ("update_deal", {"deal": "deal_hy1", "amount": "400000"}),
    ]


@pytest.mark.parametrize(
    "message", ["put the service contract back where it was", "wait, the service contract stays as it was"]
)
def test_a_deal_goes_back(message: str) -> None:
    assert calls_for(message, CLOSES) == [("undo_change", {"handle": "eff_1"})]


@pytest.mark.parametrize(
    "message",
    [
        "what about the other Ostrava one?",
        "the furnace upgrade is not ready yet",
        "should we put the service contract back?",
        "Petra said the furnace upgrade might slip too",
    ],
)
def test_talk_of_another_deal_takes_nothing_back(message: str) -> None:
    assert not [call for call in calls_for(message, CLOSES) if call[0] in WRITES or call[0] == "undo_change"]


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("and Petra Novotna was with us", {"contacts": "contact_marek; contact_petra"}),
        ("Petra Novotna joined", {"contacts": "contact_marek; contact_petra"}),
        ("oh and Petra Novotna", {"contacts": "contact_marek; contact_petra"}),
        ("forgot to mention Petra Novotna", {"contacts": "contact_marek; contact_petra"}),
        ("wrong person, it was Petra Novotna", {"contacts": "contact_petra"}),
        ("sorry, that was with Petra, not Marek", {"contacts": "contact_petra"}),
        ("sorry she meant the service contract, not the furnace upgrade. fix the log", {"deal": "deal_glass2"}),
        ("it was on Monday", {"occurred_at": "2026-09-14"}),
        ("scratch that, it was yesterday and took 40 min", {"occurred_at": "2026-09-15", "duration_min": "40"}),
        ("sorry, a visit, not a call", {"type": "visit"}),
    ],
)
def test_a_log_is_put_right(message: str, fields: dict[str, str]) -> None:
    expected = {"kind": "interaction", "record": "interaction_1", "fields": fields}
    assert calls_for(message, CALL) == [("update_record", expected)]


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("记错人了，见的是赵敏，刘建军没来", {"contacts": "contact_zhao"}),
        ("名字搞错了，是赵敏", {"contacts": "contact_zhao"}),
        ("还有赵敏也在", {"contacts": "contact_liu; contact_zhao"}),
        ("赵敏也参加了", {"contacts": "contact_liu; contact_zhao"}),
        ("说错了，是昨天去的", {"occurred_at": "2026-09-15"}),
    ],
)
def test_a_log_is_put_right_in_chinese(message: str, fields: dict[str, str]) -> None:
    expected = {"kind": "interaction", "record": "interaction_1", "fields": fields}
    assert calls_for(message, VISIT_ZH) == [("update_record", expected)]


def test_a_log_is_put_right_twice() -> None:
    turned = after(
        "it was on Monday",
        "update_record",
        {"kind": "interaction", "record": "interaction_1", "fields": {"occurred_at": "2026-09-14"}},
        {"records": [LOG], "undo": "eff_2"},
    )
    both = Dialogue((*CALL.turns, *turned.turns))
    expected = {
        "kind": "interaction",
        "record": "interaction_1",
        "fields": {"contacts": "contact_marek; contact_petra"},
    }
    assert calls_for("and Petra Novotna was there", both) == [("update_record", expected)]


@pytest.mark.parametrize(
    "message",
    [
        "was Petra Novotna there too?",
        "I don't know if Petra Novotna was there",
        "Ivy Okafor was with Ben today, she liked it",
        "Petra Novotna called as well, she wants a demo",
    ],
)
def test_nobody_is_added_to_a_log(message: str) -> None:
    assert not [call for call in calls_for(message, CALL) if call[0] == "update_record"]


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("typo, the surname is Johnsen", {"name": "Erik Johnsen"}),
        ("it's Jonson, with an o", {"name": "Erik Jonson"}),
        ("Eric with a c", {"name": "Eric Jonsen"}),
        ("sorry, first name is Eirik", {"name": "Eirik Jonsen"}),
        ("wait, the company is spelled Fjel Marine", {"company": "Fjel Marine"}),
    ],
)
def test_a_new_name_is_spelt_right(message: str, fields: dict[str, str]) -> None:
    expected = {"kind": "lead", "record": "lead_1", "fields": fields}
    assert calls_for(message, LEAD) == [("update_record", expected)]


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("琳字错了，应该是霖", {"name": "苏霖"}),
        ("不是琳，是麟", {"name": "苏麟"}),
        ("打错了，叫苏林", {"name": "苏林"}),
        ("公司名字写错了，是天津勇利机械", {"company": "天津勇利机械"}),
    ],
)
def test_a_new_chinese_name_is_spelt_right(message: str, fields: dict[str, str]) -> None:
    expected = {"kind": "lead", "record": "lead_1", "fields": fields}
    assert calls_for(message, LEAD_ZH) == [("update_record", expected)]


@pytest.mark.parametrize(
    "message", ["thanks!", "who is Erik?", "he sounds Norwegian", "typo", "wait, let me check the name"]
)
def test_no_name_is_changed_without_another_spelling(message: str) -> None:
    assert not [call for call in calls_for(message, LEAD) if call[0] == "update_record"]


@pytest.mark.parametrize(
    ("dialogue", "message", "deal", "field", "value"),
    [
        (CLOSES, "same day for the furnace upgrade", "deal_glass1", "close_date", "2026-10-20"),
        (CLOSES, "the furnace upgrade on the same date please", "deal_glass1", "close_date", "2026-10-20"),
        (SHIFTED, "same date for the furnace upgrade", "deal_glass1", "close_date", "2026-10-20"),
        (SHIFTED, "same for the furnace upgrade", "deal_glass1", "close_date", "+7d"),
        (FRAME_SUM, "一期改造也是同样的金额", "deal_hy1", "amount", "400000"),
        (CLOSES, "智能仓项目也放同一天", "deal_cg", "close_date", "2026-10-20"),
    ],
)
def test_a_value_is_taken_over(dialogue: Dialogue, message: str, deal: str, field: str, value: str) -> None:
    assert calls_for(message, dialogue) == [("update_deal", {"deal": deal, field: value})]


@pytest.mark.parametrize(
    "message",
    [
        "is the furnace upgrade on the same day?",
        "maybe the furnace upgrade on the same day",
        "Marek wants the furnace upgrade the same day",
        "the furnace upgrade can't close the same day",
        "same day as always, I guess",
    ],
)
def test_no_value_is_taken_over(message: str) -> None:
    assert not [call for call in calls_for(message, CLOSES) if call[0] in WRITES]


@pytest.mark.parametrize(
    ("message", "title", "due", "contact"),
    [
        (
            "and Petra Novotna too but Friday",
            "Ring Petra Novotna about the drawings",
            "2026-09-18",
            "contact_petra",
        ),
        ("same for Ivy Okafor", "Ring Ivy Okafor about the drawings", "2026-09-17", "contact_ivy"),
        (
            "one for Ivy Okafor as well, on Monday",
            "Ring Ivy Okafor about the drawings",
            "2026-09-21",
            "contact_ivy",
        ),
    ],
)
def test_one_more_task_for_somebody_else(message: str, title: str, due: str, contact: str) -> None:
    calls = calls_for(message, TASK)
    assert [tool for tool, _ in calls] == ["create_task"]
    assert {"title": title, "due": due, "contact": contact}.items() <= calls[0][1].items()


@pytest.mark.parametrize(
    ("message", "due"),
    [
        ("赵敏那边也挂一个，周五的", "2026-09-18"),
        ("赵敏也来一条", "2026-09-17"),
        ("再给赵敏建一个，改到下周一", "2026-09-21"),
    ],
)
def test_one_more_task_in_chinese(message: str, due: str) -> None:
    calls = calls_for(message, TASK_ZH)
    assert [tool for tool, _ in calls] == ["create_task"]
    assert {"title": "给赵敏寄图纸", "due": due, "contact": "contact_zhao"}.items() <= calls[0][1].items()


@pytest.mark.parametrize(
    "message", ["Petra Novotna too?", "not for Petra Novotna though", "make it Friday", "no, for Petra Novotna"]
)
def test_no_second_task(message: str) -> None:
    assert not [call for call in calls_for(message, TASK) if call[0] == "create_task"]


@pytest.mark.parametrize(
    ("message", "deals", "value"),
    [
        (
            "too many. a week for the retrofit and the turbine rollout, rest stays",
            ["deal_mills", "deal_nord"],
            "+7d",
        ),
        ("just the retrofit", ["deal_mills"], "+7d"),
        ("only the turbine rollout and only 3 days", ["deal_nord"], "+3d"),
        ("all but the service contract", ["deal_mills", "deal_nord"], "+7d"),
    ],
)
def test_fewer_than_proposed(message: str, deals: list[str], value: str) -> None:
    expected = [("update_deal", {"deal": deal, "close_date": value}) for deal in deals]
    assert calls_for(message, MANY) == expected


@pytest.mark.parametrize("message", ["is the retrofit one of them?", "hm, let me think", "the retrofit is fine"])
def test_nothing_of_a_proposal_by_talk(message: str) -> None:
    assert not [call for call in calls_for(message, MANY) if call[0] in WRITES]


@pytest.mark.parametrize(
    ("answer", "reason", "rival"),
    [
        ("lost to Vexel", "competitor", "Vexel"),
        ("it wasn't the price, they signed with Kronos", "competitor", "Kronos AG"),
        ("Brightspark got it", "competitor", "Brightspark"),
        ("they're sticking with what they have", "no_decision", ""),
        ("nobody made a decision in the end", "no_decision", ""),
        ("we couldn't match the discount", "price", ""),
        ("we don't have what they need", "requirements", ""),
        ("他们谁都没选", "no_decision", ""),
        ("拖着拖着就不了了之了", "no_decision", ""),
        ("嫌我们报价高", "price", ""),
        ("被汇达抢了", "competitor", "汇达"),
        ("参数不达标，我们做不了", "requirements", ""),
    ],
)
def test_a_reason_in_other_words(answer: str, reason: str, rival: str) -> None:
    failed = {
        "error": "missing_detail",
        "field": "lost_reason",
        "choices": ["price", "competitor", "no_decision", "requirements"],
    }
    dialogue = after("the retrofit is lost", "update_deal", {"deal": "deal_mills", "stage": "stage_lost"}, failed)
    given = {"deal": "deal_mills", "stage": "stage_lost", "lost_reason": reason} | (
        {"competitor": rival} if rival else {}
    )
    assert calls_for(answer, dialogue) == [("update_deal", given)]


def test_the_record_of_the_last_answer_is_meant() -> None:
    ticket = after(
        "what is C-501 about",
        "get_record",
        {"record": "ticket_1", "kind": "ticket"},
        {"records": [["ticket", "ticket_1", "C-501"]]},
    )
    calls = calls_for("they changed the pump so it's resolved", ticket)
    assert calls == [("update_record", {"kind": "ticket", "record": "ticket_1", "fields": {"status": "resolved"}})]
    phone = after(
        "赵敏的电话",
        "get_record",
        {"record": "contact_zhao", "kind": "contact"},
        {"records": [["contact", "contact_zhao", "赵敏"]]},
    )
    ((tool, arguments),) = calls_for("打过了，她说图纸收到了，记一下这通电话", phone)
    assert tool == "log_interaction"
    assert arguments["contacts"] == ["contact_zhao"]


@pytest.mark.parametrize(
    "message",
    ["is it resolved?", "Ivy thinks it's resolved", "it's not resolved yet", "if it's resolved I'll tell you"],
)
def test_a_ticket_stays_as_it_is(message: str) -> None:
    ticket = after(
        "what is C-501 about",
        "get_record",
        {"record": "ticket_1", "kind": "ticket"},
        {"records": [["ticket", "ticket_1", "C-501"]]},
    )
    assert not [call for call in calls_for(message, ticket) if call[0] in WRITES]


@pytest.mark.parametrize(
    ("message", "deal"),
    [("the Harbor one moves to Demo", "deal_mills"), ("move the Ostrava one to Demo", "deal_glass2")],
)
def test_one_of_a_list_by_its_account(message: str, deal: str) -> None:
    rows = [
        {"name": "Harbor Mills retrofit", "account": "Harbor Mills"},
        {"name": "Ostrava service contract", "account": "Ostrava Glassworks"},
    ]
    records = [["deal", "deal_mills", "Harbor Mills retrofit"], SERVICE]
    listed = after("my deals", "list_records", {"kind": "deal"}, {"rows": rows, "records": records})
    assert calls_for(message, listed) == [("update_deal", {"deal": deal, "stage": "stage_demo"})]


@pytest.mark.parametrize("message", ["what was it before?", "and what was the old date?", "原来是哪天"])
def test_what_was_there_before_is_told(message: str) -> None:
    dialogue = after(
        "…",
        "update_deal",
        {},
        {
            "records": [SERVICE],
            "undo": "eff_1",
            "changes": ["updated deal Service (close date: Mon 12 October 2026 → Tue 20 October 2026)"],
        },
    )
    assert "Mon 12 October 2026" in plan(Reading(message, SITUATION, dialogue)).answer


BOTH = after(
    "service contract to 90k, closes Oct 20",
    "update_deal",
    {"deal": "deal_glass2", "amount": "90000", "close_date": "2026-10-20"},
    {
        "records": [SERVICE],
        "undo": "eff_1",
        "changes": [
            "updated deal X (amount: EUR 80,000 → EUR 90,000; close date: Mon 12 October 2026 → Tue 20 …)"
        ],
    },
)


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("undo the date", {"close_date": "Mon 12 October 2026"}),
        ("only the amount, leave the date", {"close_date": "Mon 12 October 2026"}),
        ("金额别动", {"amount": "EUR 80,000"}),
    ],
)
def test_one_field_of_a_change_goes_back(message: str, fields: dict[str, str]) -> None:
    assert calls_for(message, BOTH) == [("update_deal", {"deal": "deal_glass2", **fields})]


def test_a_day_after_the_one_that_was_set() -> None:
    expected = [("update_deal", {"deal": "deal_glass1", "close_date": "2026-10-27"})]
    assert calls_for("and the furnace upgrade a week after that", CLOSES) == expected


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("20 minutes btw", {"duration_min": "20"}),
        ("not a call, she emailed", {"type": "email", "direction": "inbound"}),
        ("attach it to the service contract", {"deal": "deal_glass2"}),
    ],
)
def test_a_log_is_put_right_by_a_value_alone(message: str, fields: dict[str, str]) -> None:
    expected = {"kind": "interaction", "record": "interaction_1", "fields": fields}
    assert calls_for(message, CALL) == [("update_record", expected)]


def test_what_is_said_of_the_deal_changes_no_log() -> None:
    calls = calls_for("push the close date by two weeks", CALL)
    assert calls == [("update_deal", {"deal": "deal_glass1", "close_date": "+14d"})]


@pytest.mark.parametrize("message", ["delete that log, wrong customer", "scrap the note"])
def test_a_log_is_taken_back(message: str) -> None:
    assert calls_for(message, CALL) == [("undo_change", {"handle": "eff_1"})]


def test_both_of_a_list_of_two() -> None:
    records = [["deal", "deal_mills", "Harbor Mills retrofit"], SERVICE]
    listed = after("my deals", "list_records", {"kind": "deal"}, {"rows": [{}, {}], "records": records})
    assert calls_for("both slip two weeks", listed) == [
        ("update_deal", {"deal": "deal_mills", "close_date": "+14d"}),
        ("update_deal", {"deal": "deal_glass2", "close_date": "+14d"}),
    ]


def test_somebody_of_whom_only_the_surname_is_said() -> None:
    ((tool, arguments),) = calls_for("华岳那个姓赵的打电话来问验收，记一条", Dialogue())
    assert tool == "log_interaction"
    assert arguments["contacts"] == ["contact_zhao"]


def test_what_a_customer_says_of_payment_is_logged() -> None:
    ((tool, arguments),) = calls_for("赵敏来电话说付款要走新流程，记一下", Dialogue())
    assert tool == "log_interaction"
    assert arguments["contacts"] == ["contact_zhao"]


def test_the_other_deal_of_an_account_is_not_the_one_just_changed() -> None:
    calls = calls_for("put the other Ostrava one in Demo", CLOSES)
    assert calls == [("update_deal", {"deal": "deal_glass1", "stage": "stage_demo"})]


@pytest.mark.parametrize(
    ("given", "message", "fields"),
    [
        ({"close_date": "+7d"}, "no, two weeks", {"close_date": "+14d"}),
        ({"close_date": "-7d"}, "sorry, two weeks", {"close_date": "-14d"}),
        ({"amount": "+5000"}, "no, 8k", {"amount": "+8000"}),
        (
            {"close_date": "+7d", "stage": "stage_demo"},
            "不对，两周",
            {"close_date": "+14d", "stage": "stage_demo"},
        ),
    ],
)
def test_a_step_put_right_counts_from_what_was_there_before(given, message, fields):
    dialogue = after("…", "update_deal", {"deal": "deal_mills", **given}, {"records": [RETROFIT], "undo": "eff_1"})
    assert shown(plan(Reading(message, SITUATION, dialogue)).calls) == [
        ("undo_change", {"handle": "eff_1"}),
        ("update_deal", {"deal": "deal_mills", **fields}),
    ]


def test_a_bare_day_stays_in_the_month_that_it_corrects():
    given = {"deal": "deal_mills", "close_date": "2026-11-15"}
    dialogue = after("…", "update_deal", given, {"records": [RETROFIT], "undo": "eff_1"})
    ((_, changed),) = shown(plan(Reading("no, the 20th", SITUATION, dialogue)).calls)
    assert changed["close_date"] == "2026-11-20"


@pytest.mark.parametrize(
    ("due", "message", "corrected"),
    [
        ("2026-11-15", "no, the 20th", "2026-11-20"),
        ("2026-09-23", "no, two weeks", "2026-09-30"),
        ("2026-09-18", "sorry, Thursday", "2026-09-17"),
    ],
)
def test_the_day_of_a_new_task_is_put_right(due, message, corrected):
    task = ["task", "task_call", "Call Jonas Weber"]
    given = {"title": "Call Jonas Weber", "due": due}
    dialogue = after("…", "create_task", given, {"records": [task], "undo": "eff_1"})
    ((_, changed),) = shown(plan(Reading(message, SITUATION, dialogue)).calls)
    assert changed["fields"] == {"due": corrected}


UNDONE = Dialogue(
    (
        *after(
            "service contract 61k, closes Oct 20",
            "update_deal",
            {"deal": "deal_glass2", "amount": "61000", "close_date": "2026-10-20"},
            {"records": [SERVICE], "undo": "eff_1", "changes": ["updated deal X (amount: 70,000 → 61,000)"]},
        ).turns,
        *after("undo that", "undo_change", {"handle": "eff_1"}, {"records": [SERVICE], "undo": "eff_2"}).turns,
    )
)


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("the 61k is right though, stage as it is", {"amount": "61000"}),
        ("the close date stands", {"close_date": "2026-10-20"}),
        ("the old amount was right", None),
        ("is the amount right?", None),
    ],
)
def test_what_is_right_is_made_again_after_an_undo(message: str, fields: dict[str, str] | None) -> None:
    calls = [c for c in plan(Reading(message, SITUATION, UNDONE)).calls if c.tool in WRITES]
    given = [call.given() for call in calls]
    assert given == ([{"deal": "deal_glass2", **fields}] if fields else [])


@pytest.mark.parametrize(
    ("dialogue", "message", "field", "value"),
    [
        (CLOSES, "25th, sorry sorry, typo", "close_date", "2026-10-25"),
        (FRAME_SUM, "oops, 38 not 40", "amount", "380000"),
    ],
)
def test_a_bare_figure_corrects_what_was_set(dialogue: Dialogue, message: str, field: str, value: str) -> None:
    calls = [c for c in plan(Reading(message, SITUATION, dialogue)).calls if c.tool == "update_deal"]
    assert [call.given().get(field) for call in calls] == [value]


APPLIED = after(
    "all my Offer deals count as commit",
    "update_records",
    {"kind": "deal", "filters": [], "fields": {"forecast_category": "commit"}},
    {"records": [SERVICE, RETROFIT], "undo": "eff_1", "changes": ["updated deal X", "updated deal Y"]},
)


def test_one_of_many_is_taken_out_again() -> None:
    calls = plan(Reading("Scratch the retrofit, Ivy is still dithering; as it was", SITUATION, APPLIED)).calls
    assert [(call.tool, call.given()) for call in calls] == [
        ("undo_change", {"handle": "eff_1"}),
        ("update_deal", {"deal": "deal_glass2", "forecast_category": "commit"}),
    ]


@pytest.mark.parametrize(
    ("message", "filters"),
    [
        (
            "Ostrava won't sign. Both their commits become best case",
            {"account": "account_glass", "forecast_category": "commit"},
        ),
        (
            "Whatever Ben has at Legal Review counts as best case in my forecast",
            {"owner": "user_ben", "stage": "stage_legal"},
        ),
        ("All my commits go to best case", {"owner": "me", "forecast_category": "commit"}),
        ("All my commits closing in March go to best case", None),
        ("Both their commits become best case", None),
        ("If the quarter ends badly all my commits become best case", None),
        ("Both commits are fine", None),
    ],
)
def test_deals_with_something_in_common_get_a_category(message: str, filters: dict[str, str] | None) -> None:
    calls = [c for c in plan(Reading(message, SITUATION, Dialogue())).calls if c.tool == "update_records"]
    if filters is None:
        assert not calls
        return
    given = {each["field"]: each["value"] for each in calls[0].arguments["filters"]}
    assert given == {**filters, "status": "open"}
    assert calls[0].arguments["fields"] == {"forecast_category": "best_case"}
