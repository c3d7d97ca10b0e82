"""list_records: every operator and derived field, against rows read from the database file with plain SQL."""

import sqlite3

import pytest

from core.errors import InvalidArgumentError
from crm_store.unit_of_work import UnknownFieldError
from tests.asking import Asker, names, text_of, where

OPEN = "stage.status = 'open'"
SOLD = "SELECT deal_id FROM deal_product JOIN product ON product.id = product_id WHERE product.name = '{}'"
DEALS = """
    SELECT deal.name FROM deal JOIN stage ON stage.id = deal.stage_id
    JOIN account ON account.id = deal.account_id LEFT JOIN user_account AS owner ON owner.id = deal.owner_id
    WHERE {} ORDER BY deal.name
"""
AMER = "owner.team_id = (SELECT id FROM team WHERE name = 'AMER')"
LAST = "(SELECT max(occurred_at) FROM interaction WHERE interaction.deal_id = deal.id)"
ENTERED = "(SELECT max(changed_at) FROM stage_change WHERE stage_change.deal_id = deal.id)"


@pytest.fixture
def ask(northstar_store) -> Asker:
    return Asker(northstar_store)


@pytest.fixture
def rows(northstar_url):
    connection = sqlite3.connect(northstar_url.removeprefix("sqlite:///"))
    yield lambda sql: [row[0] for row in connection.execute(sql)]
    connection.close()


@pytest.mark.parametrize(
    ("filters", "condition"),
    [
        ([where("status", "=", "open")], OPEN),
        ([where("status", "!=", "open")], "stage.status != 'open'"),
        ([where("status", "=", "closed")], "stage.status IN ('won', 'lost')"),
        ([where("stage", "=", "open")], OPEN),
        ([where("stage", "=", "Proposal|Negotiation")], "stage.name IN ('Proposal', 'Negotiation')"),
        ([where("stage", "in", "方案|谈判")], "stage.name IN ('Proposal', 'Negotiation')"),
        ([where("stage", ">=", "Proposal")], "stage.name IN ('Proposal', 'Negotiation')"),
        ([where("stage", "!=", "Closed Won")], "stage.name != 'Closed Won'"),
        ([where("owner", "=", "Marcus")], "owner.name = 'Marcus Lee'"),
        ([where("owner", "=", "Marcus|Priya Nair")], "owner.name IN ('Marcus Lee', 'Priya Nair')"),
        ([where("team", "=", "AMER")], AMER),
        ([where("team", "=", "the AMER team")], AMER),
        ([where("owner", "=", "AMER")], AMER),
        ([where("next_step", "is_empty")], "deal.next_step = ''"),
        ([where("next step", "not_empty")], "deal.next_step != ''"),
        ([where("competitor", "=", "none")], "deal.competitor = ''"),
        ([where("competitor", "=", "sensoria")], "deal.competitor = 'Sensoria'"),
        ([where("name", "has", "pilot")], "deal.name LIKE '%pilot%'"),
        ([where("close_date", "=", "2026-03")], "deal.close_date BETWEEN '2026-03-01' AND '2026-03-31'"),
        ([where("close_date", "<", "2026-03-10")], "deal.close_date < '2026-03-10'"),
        ([where("close_date", ">", "Q1 2026")], "deal.close_date > '2026-03-31'"),
        ([where("close_date", "<=", "Q1 2026")], "deal.close_date <= '2026-03-31'"),
        ([where("close_date", ">=", "April 2026")], "deal.close_date >= '2026-04-01'"),
        (
            [where("close_date", "between", "2026-03-15|2026-04-15")],
            "deal.close_date BETWEEN '2026-03-15' AND '2026-04-15'",
        ),
        ([where("closed_at", "=", "Q4 2025")], "date(deal.closed_at) BETWEEN '2025-10-01' AND '2025-12-31'"),
        ([where("overdue", "=", "yes")], f"{OPEN} AND deal.close_date < '2026-03-10'"),
        ([where("overdue", "=", "no")], f"NOT ({OPEN} AND deal.close_date < '2026-03-10')"),
        ([where("age_days", ">", "90")], "julianday('2026-03-10') - julianday(date(deal.created_at)) > 90"),
        (
            [where("age_days", "<=", "30 days")],
            "julianday('2026-03-10') - julianday(date(deal.created_at)) <= 30",
        ),
        ([where("days_in_stage", ">=", "60")], f"julianday('2026-03-10') - julianday(date({ENTERED})) >= 60"),
        ([where("last_activity", "is_empty")], f"{LAST} IS NULL"),
        ([where("segment", "=", "enterprise")], "account.segment = 'Enterprise'"),
        ([where("segment", "=", "大型企业")], "account.segment = 'Enterprise'"),
        ([where("industry", "=", "food and beverage")], "account.industry = 'Food & Beverage'"),
        ([where("country", "=", "China")], "account.country = 'CN'"),
        ([where("country", "!=", "美国")], "account.country != 'US'"),
        ([where("source", "=", "partners")], "deal.source = 'partner'"),
        ([where("forecast_category", "=", "best case")], "deal.forecast_category = 'best_case'"),
        ([where("lost_reason", "=", "no decision")], "deal.lost_reason = 'no_decision'"),
        (
            [where("currency", "=", "CNY"), where("amount", ">=", "280万")],
            "deal.currency = 'CNY' AND deal.amount >= 280000000",
        ),
        (
            [where("currency", "=", "USD"), where("amount", "between", "50k|100k")],
            "deal.currency = 'USD' AND deal.amount BETWEEN 5000000 AND 10000000",
        ),
        (
            [where("product", "=", "Plant Monitor")],
            f"deal.id IN ({SOLD.format('Plant Monitor')})",
        ),
        (
            [where("mentions", "has", "Sensoria")],
            "deal.competitor = 'Sensoria'"
            " OR deal.id IN (SELECT deal_id FROM interaction WHERE body LIKE '%Sensoria%')",
        ),
    ],
)  # fmt: skip
def test_a_condition_selects_the_rows_that_sql_selects(ask, rows, filters, condition):
    found = ask("admin", "list_records", kind="deal", filters=filters, limit=200)
    assert sorted(names(found.records)) == rows(DEALS.format(condition))
    assert found.content["count"] == len(found.records)


def test_amounts_of_several_currencies_compare_and_sort_by_their_worth_in_the_base_currency(ask, rows):
    found = ask(
        "admin", "list_records", kind="deal", sort="amount", descending=True,
        filters=[where("status", "=", "open"), where("amount", ">", "200k")],
    )  # fmt: skip
    worth = "deal.amount * (CASE deal.currency WHEN 'CNY' THEN 0.14 ELSE 1 END)"
    sql = DEALS.format(f"{OPEN} AND {worth} > 20000000").replace("ORDER BY deal.name", f"ORDER BY {worth} DESC")
    assert names(found.records) == rows(sql)
    assert "USD" in found.parts[0].note


def test_an_amount_without_currency_is_read_in_the_only_currency_there_is(ask, rows):
    found = ask("zhangwei", "list_records", kind="deal", filters=[where("amount", ">=", "2283800")])
    sql = DEALS.format("deal.currency = 'CNY' AND deal.amount >= 228380000")
    assert sorted(names(found.records)) == rows(sql)
    assert found.parts[0].note == ""


def test_rows_that_the_asker_may_not_read_are_neither_listed_nor_counted(ask, rows):
    found = ask("marcus", "list_records", kind="deal", limit=200)
    assert sorted(names(found.records)) == rows(DEALS.format(AMER))


@pytest.mark.parametrize("tool_arguments", [
    {"filters": [where("amount", ">", "1")]},
    {"filters": [where("competitor", "=", "Sensoria")]},
    {"sort": "amount"},
    {"group_by": "lost_reason"},
    {"filters": [where("product", "=", "Plant Monitor")]},
])  # fmt: skip
def test_a_hidden_field_fails_like_one_that_does_not_exist(ask, tool_arguments):
    with pytest.raises(UnknownFieldError) as hidden:
        ask("sam", "list_records", kind="deal", **tool_arguments)
    name = hidden.value.argument
    told = hidden.value.message.split("there are:")
    assert told[0] == f"A deal has no field “{name}”; "
    assert name not in told[1]


def test_hidden_fields_are_absent_from_rows_and_mentions(ask):
    found = ask("sam", "list_records", kind="deal", filters=[where("mentions", "has", "Voltaic")], limit=200)
    assert "amount" not in {column.name for column in found.parts[0].columns}
    visible = ask("admin", "list_records", kind="deal", filters=[where("mentions", "has", "Voltaic")], limit=200)
    assert set(names(found.records)) < set(names(visible.records))


def test_a_kind_that_may_not_be_read_is_not_known(ask):
    found = ask("maya", "list_records", kind="deal")
    assert found.parts[0].type == "not_known"
    assert not found.records


def test_nothing_found_says_the_filter_in_words(ask):
    found = ask(
        "marcus",
        "list_records",
        kind="deals",
        filters=[where("owner", "=", "me"), where("industry", "=", "Zeppelins")],
    )
    assert found.content["count"] == 0
    assert "Marcus Lee" in text_of(found)
    assert "Zeppelins" in text_of(found)


def test_groups_are_counted_over_all_rows_and_rows_come_group_by_group(ask, rows):
    found = ask("maya", "list_records", kind="lead", group_by="source", limit=5)
    counted = rows("SELECT source || ' ' || count(*) FROM lead GROUP BY source ORDER BY source")
    assert sorted(f"{name} {n}" for name, n in found.content["groups"].items()) == counted
    assert found.content["shown"] == 5


def test_answers_are_in_the_language_asked_for_and_names_are_not_translated(ask):
    found = ask(
        "chenli",
        "list_records",
        "zh",
        kind="商机",
        filters=[where("负责人", "=", "张伟"), where("状态", "=", "未关")],
    )
    assert "负责人：张伟" in found.parts[0].title
    assert {"Negotiation", "Qualification"} & {row[3] for row in found.parts[0].rows}


def test_tickets_tasks_and_contacts_have_their_derived_fields(ask, rows):
    unresolved = ask(
        "sam", "list_records", kind="ticket", filters=[where("unresolved", "=", "yes")], sort="opened_at"
    )
    assert names(unresolved.records) == rows(
        "SELECT number FROM ticket WHERE status IN ('open', 'pending') ORDER BY opened_at, number"
    )
    late = ask(
        "marcus", "list_records", kind="task", filters=[where("overdue", "=", "yes"), where("assignee", "=", "me")]
    )
    assert sorted(names(late.records)) == rows(
        "SELECT title FROM task JOIN user_account u ON u.id = assignee_id WHERE u.name = 'Marcus Lee'"
        " AND task.status = 'open' AND due < '2026-03-10' ORDER BY title"
    )
    people = ask(
        "ella",
        "list_records",
        kind="contact",
        filters=[where("title", "=", "plant managers"), where("segment", "=", "SMB")],
    )
    assert sorted(names(people.records)) == rows(
        "SELECT contact.name FROM contact JOIN account ON account.id = account_id"
        " JOIN user_account u ON u.id = owner_id"
        " WHERE contact.title = 'Plant Manager' AND account.segment = 'SMB'"
        " AND u.team_id = (SELECT id FROM team WHERE name = 'AMER') ORDER BY contact.name"
    )


@pytest.mark.parametrize(("arguments", "message"), [
    ({"kind": "spaceship"}, "spaceship"),
    ({"kind": "deal", "filters": [where("status", "=", "wobbly")]}, "wobbly"),
    ({"kind": "task", "filters": [where("overdue", "=", "perhaps")]}, "yes or no"),
    ({"kind": "deal", "filters": [where("amount", ">")]}, "no value"),
    ({"kind": "deal", "filters": [{"field": "amount", "op": "~", "value": "1"}]}, "filters"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_would_work(ask, arguments, message):
    with pytest.raises(InvalidArgumentError, match=message):
        ask("admin", "list_records", **arguments)


def test_tasks_with_a_contact_are_those_linked_or_titled_with_the_name(ask):
    result = ask(
        "ella",
        "list_records",
        kind="task",
        filters=[where("contact", "=", "Miguel Ferris"), where("assignee", "=", "me")],
    )
    assert names(result.records, "task") == [
        "Chase Miguel Ferris for redlines",
        "Send updated quote to Miguel Ferris",
    ]


def test_contacts_who_took_part_are_a_column_of_interactions(ask):
    filters = [
        {"field": "type", "op": "=", "value": "visit"},
        {"field": "account", "op": "=", "value": "Meridian"},
    ]
    table = ask("marcus", "list_records", kind="interaction", filters=filters).parts[0]
    assert table.columns[-1].name == "contacts"
    assert table.rows[0][-1] == "Carla Chen"
