"""What a text or a short reference means among the demo world's and two invented companies' records."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.lexicon import Entry, Lexicon
from language.names.decide import decide
from tests.language.northstar import northstar_entries

OFFICE = [
    Entry("account", "summit", "Summit Partners", ("Summit", "summitpartners.com")),
    Entry("account", "apex", "Apex"),
    Entry("account", "mi", "北京小米科技有限责任公司", ("小米",)),
    Entry("account", "table", "Open Table Inc"),
    Entry("account", "soehne", "Müller & Söhne GmbH"),
    Entry("contact", "will", "Will Young", (), "summit", title="CFO"),
    Entry("contact", "grace", "Grace Kim", ("gk@summitpartners.com",), "summit", title="VP of Sales"),
    Entry("contact", "mark", "Mark Bell", (), "apex", title="Chief Financial Officer"),
    Entry("contact", "robert", "Robert Hale", (), "summit"),
    Entry("contact", "berg", "Jan van den Berg", (), "soehne"),
    Entry("contact", "jose", "José García", (), "soehne"),
    Entry("contact", "lei", "雷军", (), "mi", title="总经理"),
    Entry("contact", "wangfang", "王芳", (), "mi", title="财务总监"),
    Entry("contact", "wangqiang", "王强", (), "mi", title="副总"),
    Entry("contact", "lilei", "李雷", (), "mi", title="工程师"),
    Entry("user", "lina", "李娜", ("lina@office.example",)),
    Entry("user", "tom", "Tom Ford"),
    Entry("deal", "migration", "Summit CRM migration", (), "summit"),
    Entry("deal", "fleet26", "Fleet upgrade 2026", (), "apex"),
    Entry("deal", "fleet25", "Fleet upgrade 2025", (), "apex", is_open=False),
    Entry("deal", "phase2", "小米二期扩容", (), "mi"),
    Entry("product", "sensor", "Vibration Sensor", ("VS-100",)),
    Entry("stage", "discovery", "Discovery", ("需求挖掘",)),
    Entry("task", "nda", "Send NDA to Grace", (), "summit", "migration"),
    Entry("task", "nda_done", "Send NDA to Grace", (), "summit", "migration", is_open=False),
    Entry("ticket", "case42", "CASE-0042", ("Login broken",), "summit"),
]


@pytest.fixture(scope="module")
def office() -> Lexicon:
    return Lexicon(OFFICE)


@pytest.fixture(scope="module")
def northstar() -> Lexicon:
    return Lexicon(northstar_entries())


def chosen(lexicon: Lexicon, text: str) -> dict[str, str]:
    """The words of each mention that is certain, and the id it means."""
    decided = {mention.span.text: decide(mention.candidates).chosen for mention in lexicon.find_mentions(text)}
    return {words: item.entry.id for words, item in decided.items() if item}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Will said may works, Mark called from Apex and Grace at Summit wants a quote",
            {"Will": "will", "Mark": "mark", "Apex": "apex", "Grace": "grace", "Summit": "summit"},
        ),
        (
            "met jose garcia from muller & sohne, and Jan van den Berg",
            {"jose garcia": "jose", "muller & sohne": "soehne", "Jan van den Berg": "berg"},
        ),
        (
            "BOB HALE FROM SUMMIT CALLED ABOUT THE CRM MIGRATION",
            {"BOB HALE": "robert", "SUMMIT": "summit", "CRM MIGRATION": "migration"},
        ),
        (
            "the CFO of Apex wants vibration sensors, case 42",
            {"CFO": "mark", "Apex": "apex", "vibration sensors": "sensor", "case 42": "case42"},
        ),
        (
            "mail gk@summitpartners.com and lina@office.example, cc x@summitpartners.com",
            {"gk@summitpartners.com": "grace", "lina@office.example": "lina", "x@summitpartners.com": "summit"},
        ),
        (
            "今天跟雷总和王总监聊了小米的二期，李工也在",
            {"雷总": "lei", "王总监": "wangfang", "小米的二期": "phase2", "李工": "lilei"},
        ),
        (
            "apex 的 fleet upgrade 2026 进入 Discovery",
            {"apex 的 fleet upgrade 2026": "fleet26", "Discovery": "discovery"},
        ),
        ("tell Tom to call Will Young (Summit)", {"Tom": "tom", "Will Young": "will", "Summit": "summit"}),
    ],
)
def test_running_text_names_records(office: Lexicon, text: str, expected: dict[str, str]) -> None:
    assert chosen(office, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "will you bill them in may, mark it done, a grace period applies",
        "the summit was great, we had an open table for four",
        "You may mark this. Will do. Mark that as done.",
        "由于总部流程变化，小程序的方案和王牌产品都推迟",
        "robert redford sent a letter",
        "",
        "   \n\t",
        "🙂🙂 ... !!! ???",
    ],
)
def test_ordinary_words_and_strangers_are_no_records(office: Lexicon, text: str) -> None:
    assert chosen(office, text) == {}


def test_an_account_in_the_text_tells_namesakes_apart(northstar: Lexicon) -> None:
    anita = northstar.find_mentions("coffee with Anita from Kestrel")[0]
    assert {item.entry.name for item in anita.candidates} == {"Anita Rossi", "Anita Tanaka"}
    harold = northstar.find_mentions("Harold at Quarry wants a call")[0]
    assert [item.entry.name for item in harold.candidates] == ["Harold Nakamura"]


def test_a_first_name_alone_yields_everybody_who_has_it(northstar: Lexicon) -> None:
    leah = northstar.find_mentions("spoke to Leah about it")[0]
    assert {item.entry.name for item in leah.candidates} >= {"Leah Kowalski", "Leah Whitman", "Leah Ferris"}
    assert decide(leah.candidates).outcome == "several"


def test_a_nested_name_is_the_deal_and_not_the_account(northstar: Lexicon) -> None:
    mention = northstar.find_mentions("iron bridge plant monitoring slipped")[0]
    assert (mention.span.text, mention.candidates[0].entry.name) == (
        "iron bridge plant monitoring",
        "Ironbridge plant monitoring",
    )


def test_somebody_said_to_be_at_another_company_is_not_taken_for_certain(northstar: Lexicon) -> None:
    assert "Priya" not in chosen(northstar, "Lunch with Priya at Tallgrass went well")
    assert "Derek" not in chosen(northstar, "Derek Fraser called")


@pytest.mark.parametrize(
    ("query", "kinds", "accounts", "outcome", "meant"),
    [
        ("Bob", ("contact",), (), "one", "robert"),
        ("van den Berg", None, (), "one", "berg"),
        ("García, José", None, (), "one", "jose"),
        ("Ms Wang", ("contact",), (), "several", None),
        ("王总", ("contact",), (), "several", None),
        ("the CFO", ("contact",), ("summit",), "one", "will"),
        ("CFO at Apex", None, (), "one", "mark"),
        ("fleet upgrade", ("deal",), (), "one", "fleet26"),
        ("the Summit deal", ("deal",), (), "one", "migration"),
        ("migration", ("deal",), ("summit",), "one", "migration"),
        ("the deal", ("deal",), ("mi",), "one", "phase2"),
        ("the nda task", ("task",), (), "one", "nda"),
        ("小米公司", None, (), "one", "mi"),
        ("Li Na", ("user",), (), "one", "lina"),
        ("leijun", None, (), "one", "lei"),
        ("vs100", ("product",), (), "one", "sensor"),
        ("42号工单", ("ticket",), (), "one", "case42"),
        ("Will Smithson", None, (), "near", None),
        ("Grace at Apex", ("contact",), (), "near", None),
        ("Quxford", None, (), "none", None),
        ("", None, (), "none", None),
    ],
)
def test_short_references(
    office: Lexicon,
    query: str,
    kinds: tuple[str, ...] | None,
    accounts: tuple[str, ...],
    outcome: str,
    meant: str | None,
) -> None:
    decision = decide(office.match(query, kinds=kinds, account_ids=accounts))
    assert (decision.outcome, decision.chosen.entry.id if decision.chosen else None) == (outcome, meant)


@pytest.mark.parametrize(
    ("name", "alias", "short"),
    [
        ("昆明云岚咖啡股份有限公司", "云岚咖啡", "云岚"),
        ("大连北锚船厂有限公司", "北锚船厂", "北锚"),
        ("东莞翠圃温室工程有限公司", "翠圃温室", "翠圃"),
        ("珠海澄澜水族馆有限公司", "澄澜水族", "澄澜"),
    ],
)
def test_a_chinese_company_is_called_by_its_own_two_characters(name: str, alias: str, short: str) -> None:
    lexicon = Lexicon([Entry("account", "a1", name, (alias,)), Entry("account", "a2", "宁波远航电机有限公司", ())])
    found = lexicon.find_mentions(f"{short}的单子都什么阶段")
    assert [mention.candidates[0].entry.id for mention in found] == ["a1"]


def test_kinds_limit_what_is_found(office: Lexicon) -> None:
    assert {item.entry.kind for item in office.match("Summit", kinds=("deal",))} == {"deal"}
    assert [entry.id for entry in office.of_kind("stage")] == ["discovery"]
    assert office.get("nothing") is None


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    mentions = Lexicon(OFFICE).find_mentions(text + " Grace at Summit 雷总")
    ends = 0
    for mention in mentions:
        assert mention.span.start >= ends
        ends = mention.span.end
        assert (text + " Grace at Summit 雷总")[mention.span.start : ends] == mention.span.text
        scores = [item.score for item in mention.candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


@settings(max_examples=40)
@given(st.text(max_size=80) | st.text("㐀王总远航0a &.'@-经理", max_size=30))
def test_any_query_and_any_names_are_survived(text: str) -> None:
    entries = [
        Entry("account", "a", text),
        Entry("contact", "c", text, (text,), "a", title=text),
        Entry("deal", "d", f"{text} {text}", (), "a"),
    ]
    lexicon = Lexicon([*entries, Entry("ticket", "t", text, (text,))])
    lexicon.find_mentions(text)
    for item in lexicon.match(text):
        assert 0 <= item.score <= 1


def test_the_given_name_behind_a_surname_is_a_name() -> None:
    lexicon = Lexicon([Entry("user", "user_ong", "Ong Wei Jie"), Entry("user", "user_teo", "Hannah Teo")])
    (mention,) = lexicon.find_mentions("a task for Wei Jie by Tuesday")
    assert mention.candidates[0].entry.id == "user_ong"
