"""An invented company for tests of questions: coffee machines, euros, its own stages, people and fields."""

import re
from datetime import date

from language.builtin.calls import Call
from language.builtin.dialogue import Dialogue, PastCall, PastTurn
from language.builtin.questions.ask import questions_in
from language.builtin.reading import Reading
from language.builtin.situation import FieldInfo, Situation
from language.lexicon import Entry, Lexicon

TODAY = date(2026, 5, 20)  # a Wednesday


def _entries() -> list[Entry]:
    accounts = {
        "Harbor Roasters": (), "Lindqvist Hotels": ("Lindqvist",), "Green Bean Trading": ("Green Bean",),
        "北辰茶业有限公司": ("北辰茶业", "北辰"), "Osterfeld Bakeries": ("Osterfeld",),
    }  # fmt: skip
    contacts = [
        ("Maren Holt", "Harbor Roasters", "CEO"),
        ("Jonas Weber", "Harbor Roasters", "Head of Procurement"),
        ("Elsa Nyberg", "Lindqvist Hotels", "CFO"), ("Ravi Menon", "Green Bean Trading", "Operations Manager"),
        ("陈思远", "北辰茶业有限公司", "采购总监"), ("Hugo Brandt", "Osterfeld Bakeries", "Plant Manager"),
    ]  # fmt: skip
    deals = [
        ("Harbor Roasters fleet order", "Harbor Roasters", True),
        ("Lindqvist lobby machines", "Lindqvist Hotels", True),
        ("Lindqvist breakfast rollout", "Lindqvist Hotels", True),
        ("Green Bean pilot", "Green Bean Trading", True),
        ("北辰茶业门店项目", "北辰茶业有限公司", True), ("Osterfeld renewal", "Osterfeld Bakeries", False),
    ]  # fmt: skip
    users = ["Ingrid Solberg", "Tomas Rey", "Petra Lund", "王芳菲"]
    stages = {
        "Discovery": ("探索",),
        "Trial": ("试用",),
        "Offer": ("方案",),
        "Verbal": ("口头承诺",),
        "Signed": ("已签约",),
        "Dropped": ("放弃",),
    }
    leads = [("Nadia Costa", "Bistro Nova"), ("周启明", "启明酒店")]
    products = {"Barista One": "BX-1", "Grinder Pro": "GP-9"}
    entries = [Entry("account", f"account_{name}", name, aliases) for name, aliases in accounts.items()]
    entries += [Entry("contact", f"contact_{n}", n, (), f"account_{a}", title=t) for n, a, t in contacts]
    entries += [Entry("deal", f"deal_{n}", n, (), f"account_{a}", is_open=o) for n, a, o in deals]
    entries += [Entry("user", f"user_{n}", n, ()) for n in users]
    entries += [Entry("stage", f"stage_{n}", n, aliases) for n, aliases in stages.items()]
    entries += [Entry("lead", f"lead_{n}", n, (company,)) for n, company in leads]
    entries += [Entry("product", f"product_{n}", n, (sku,)) for n, sku in products.items()]
    entries += [
        Entry("ticket", "ticket_C-501", "C-501", ("Steam valve leaks",), "account_Harbor Roasters"),
        Entry("ticket", "ticket_C-502", "C-502", ("Wrong invoice",), "account_Lindqvist Hotels", is_open=False),
        Entry(
            "task",
            "task_1",
            "Send Elsa the service contract",
            (),
            "account_Lindqvist Hotels",
            "deal_Lindqvist lobby machines",
        ),
    ]
    return entries


LEXICON = Lexicon(_entries())
FIELDS = {
    "deal": (
        FieldInfo("install_site", "text", ("Installation site", "安装地点"), custom=True),
        FieldInfo("machines", "integer", ("Machines", "台数"), custom=True),
    ),
    "ticket": (
        FieldInfo("priority", "choice", ("priority", "优先级"), ("low", "normal", "high", "urgent")),
        FieldInfo("status", "choice", ("status", "状态"), ("open", "pending", "resolved", "closed")),
    ),
    "lead": (FieldInfo("status", "choice", ("status", "状态"), ("new", "working", "qualified", "converted")),),
    "account": (
        FieldInfo("loyalty", "choice", ("Loyalty tier", "会员等级"), ("gold", "silver"), custom=True),
        FieldInfo("branches", "integer", ("Branches", "分店数"), custom=True),
    ),
}
VALUES = {
    ("account", "industry"): ("Hospitality", "Retail", "Food & Beverage"),
    ("account", "segment"): ("Chain", "Independent"),
    ("account", "country"): ("NO", "DE", "CN"),
    ("deal", "source"): ("referral", "trade_show", "website"),
    ("deal", "competitor"): ("Brewtec", "Aromax"),
    ("deal", "lost_reason"): ("price", "competitor", "no_decision"),
    ("lead", "source"): ("referral", "trade_show", "website"),
    ("lead", "region"): ("Nordics", "DACH", "华东"),
    ("ticket", "channel"): ("phone", "email", "portal"),
    ("account", "loyalty"): ("gold", "silver"),
    ("user", "team"): ("Skagerrak", "Alpine"),
}


def situation(role: str = "rep") -> Situation:
    """The situation of Ingrid, a rep (or somebody in another role)."""
    return Situation(
        LEXICON, TODAY, "user_Ingrid Solberg", "Ingrid Solberg", role, "EUR", fields=FIELDS, values=VALUES
    )


def ask(text: str, dialogue: Dialogue = Dialogue(), role: str = "rep") -> list[Call]:  # noqa: B008
    """The read calls of one message."""
    return list(questions_in(Reading(text, situation(role), dialogue)))


def after(*messages: str, records: tuple[tuple[str, str, str], ...] = ()) -> Dialogue:
    """A dialogue in which each message was answered by its calls, citing `records` or what was asked about."""
    dialogue = Dialogue()
    for message in messages:
        calls = ask(message, dialogue)
        past = tuple(PastCall(call, {"records": records or _cited(call)}) for call in calls)
        dialogue = Dialogue((*dialogue.turns, PastTurn(message, past, "")))
    return dialogue


def short(call: Call) -> str:
    """A call in one line, filters in alphabetical order, records by name."""
    given = call.given()
    words = [_HEADS[call.tool]]
    words += [str(given.pop(name)) for name in ("kind", "metric") if name in given and call.tool != "get_record"]
    given.pop("kind", None)
    words += sorted(_filter(each) for each in given.pop("filters", []))
    if "sort" in given:
        words.append(f"sort={given.pop('sort')}{'-' if given.pop('descending', False) else ''}")
    given.pop("descending", None)
    for name, value in given.items():
        text = ",".join(value) if isinstance(value, list) else str(value)
        words.append(text if name in ("record", "fields", "detail", "deal_") else f"{name}={text}")
    return _plain(" ".join(words))


_ID = re.compile(r"(?<![a-z_])(?:account|contact|deal|user|stage|lead|product|ticket|task)_(?=[^a-z])")
_HEADS = {
    "list_records": "list",
    "query_metric": "metric",
    "get_record": "get",
    "search_interactions": "recall",
    "review_deals": "review",
}


def _filter(each: dict[str, str]) -> str:
    op = each.get("op", "=")
    return f"{each['field']}{op}{each.get('value', '')}" if "empty" not in op else f"{each['field']}:{op}"


def _plain(text: str) -> str:
    return _ID.sub("", text)


def _cited(call: Call) -> tuple[tuple[str, str, str], ...]:
    record, kind = str(call.arguments.get("record", "")), str(call.arguments.get("kind", ""))
    return ((kind, record, record),) if call.tool == "get_record" else ()
