"""A company of its own for the tests of actions: other stages, products, currency and people than the demo
world."""

from datetime import date

from language.builtin.situation import FieldInfo, Situation
from language.lexicon import Entry, Lexicon

TODAY = date(2026, 9, 16)  # a Wednesday
ME = "user_rosa"


def _deal(id: str, name: str, account: str, owner: str = ME, *, is_open: bool = True) -> Entry:
    return Entry(
        "deal",
        f"deal_{id}",
        name,
        (),
        account,
        owner_id=owner,
        is_open=is_open,
        weight=0.05 if owner == ME else 0.0,
    )


def _contact(id: str, name: str, account: str, title: str = "") -> Entry:
    return Entry("contact", f"contact_{id}", name, (), account, title=title)


ENTRIES = (
    Entry("account", "account_mills", "Harbor Mills", ("harbormills.example",), owner_id=ME),
    Entry("account", "account_glass", "Ostrava Glassworks", ("ostravaglass.example",), owner_id=ME),
    Entry("account", "account_nord", "Nordwind Energie GmbH", (), owner_id=ME),
    Entry("account", "account_dairy", "Clover Dairy", (), owner_id="user_ben"),
    Entry("account", "account_dairy2", "Clover Logistics", (), owner_id=ME),
    Entry("account", "account_huayue", "青岛华岳重工有限公司", ("华岳",), owner_id=ME),
    Entry("account", "account_chen", "成都晨光乳业集团", ("晨光",), owner_id=ME),
    _contact("ivy", "Ivy Okafor", "account_mills", "Head of Purchasing"),
    _contact("marek", "Marek Dvorak", "account_glass", "Plant Director"),
    _contact("petra", "Petra Novotna", "account_glass", "CFO"),
    _contact("jonas", "Jonas Weber", "account_nord", "CTO"),
    _contact("jonas2", "Jonas Keller", "account_nord", "Buyer"),
    _contact("lena", "Lena Fischer", "account_nord", "CEO"),
    _contact("liu", "刘建军", "account_huayue", "厂长"),
    _contact("zhao", "赵敏", "account_huayue", "采购经理"),
    _contact("lin", "林晓", "account_chen", "总监"),
    _deal("mills", "Harbor Mills retrofit", "account_mills"),
    _deal("glass1", "Ostrava furnace upgrade", "account_glass"),
    _deal("glass2", "Ostrava service contract", "account_glass"),
    _deal("nord", "Nordwind turbine rollout", "account_nord"),
    _deal("nord_old", "Nordwind study", "account_nord", is_open=False),
    _deal("dairy", "Clover cold chain", "account_dairy", "user_ben"),
    _deal("hy1", "华岳重工一期改造", "account_huayue"),
    _deal("hy2", "华岳重工备件框架", "account_huayue"),
    _deal("cg", "晨光乳业智能仓项目", "account_chen"),
    Entry("user", ME, "Rosa Lindt", ("rosa@maker.example",)),
    Entry("user", "user_ben", "Ben Achebe", ("ben@maker.example",)),
    Entry("user", "user_yuki", "Yuki Sato", ("yuki@maker.example",)),
    Entry("user", "user_wang", "王磊", ("wanglei@maker.example",)),
    Entry("lead", "lead_omar", "Omar Haddad", ("Delta Ports",), owner_id=ME),
    Entry("lead", "lead_gu", "顾婷", ("绿源包装",), owner_id=ME),
    Entry("task", "task_quote", "Send revised quote to Ivy Okafor", (), "account_mills", "deal_mills", ME),
    Entry("task", "task_call", "Call Jonas Weber", (), "account_nord", "deal_nord", ME),
    Entry("task", "task_audit", "Prepare furnace audit report", (), "account_glass", "deal_glass1", ME),
    Entry("task", "task_zh", "给刘建军寄样品", (), "account_huayue", "deal_hy1", ME),
    Entry("ticket", "ticket_1", "C-501", ("Pump alarm at night",), "account_mills"),
    Entry("ticket", "ticket_2", "C-502", ("Login fails",), "account_nord"),
    Entry("product", "product_1", "Furnace Eye", ("FE-1",)),
    Entry("stage", "stage_new", "Discovery", ("需求调研",)),
    Entry("stage", "stage_demo", "Demo", ("演示",)),
    Entry("stage", "stage_offer", "Offer", ("报价",)),
    Entry("stage", "stage_legal", "Legal Review", ("法务审核",)),
    Entry("stage", "stage_won", "Signed", ("Won", "赢单")),
    Entry("stage", "stage_lost", "Gone", ("Lost", "丢单")),
)

SITUATION = Situation(
    Lexicon(ENTRIES),
    TODAY,
    ME,
    "Rosa Lindt",
    "rep",
    base_currency="EUR",
    fields={
        "lead": (
            FieldInfo(
                "status", "choice", ("status",), ("new", "working", "qualified", "unqualified", "converted")
            ),
        )
    },
    values={
        ("deal", "competitor"): ("Kronos AG", "Vexel"),
        ("lead", "source"): ("trade_show", "website", "referral"),
    },
)
