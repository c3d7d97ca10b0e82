"""Every metric of the demo world equals plain SQL over the database file, for people in different roles."""

import sqlite3
from statistics import median

import pytest

from core.parts import Figure, Table
from tests.asking import Asker, where

TEAM = "owner_id IN (SELECT id FROM user_account WHERE team_id = (SELECT id FROM team WHERE name = '{}'))"
PERSON = "owner_id = (SELECT id FROM user_account WHERE name = '{}')"
# Who asks, and whose deals an unqualified question is then about.
ASKERS = {
    "marcus": PERSON.format("Marcus Lee"),
    "ella": PERSON.format("Ella Novak"),
    "zhangwei": PERSON.format("张伟"),
    "dana": TEAM.format("AMER"),
    "chenli": TEAM.format("华东"),
    "admin": "1 = 1",
}
DEALS = "FROM deal JOIN stage ON stage.id = deal.stage_id WHERE {whose} AND {which}"
WON_2025 = "stage.status = 'won' AND date(closed_at) BETWEEN '2025-01-01' AND '2025-12-31'"
LOST_2025 = "stage.status = 'lost' AND date(closed_at) BETWEEN '2025-01-01' AND '2025-12-31'"
COMMIT = "stage.status = 'open' AND deal.forecast_category = 'commit'"
Q2 = "close_date BETWEEN '2026-04-01' AND '2026-06-30'"
RATES = {"USD": 1.0, "CNY": 0.14, "EUR": 1.1}


@pytest.fixture
def ask(northstar_store) -> Asker:
    return Asker(northstar_store)


@pytest.fixture
def database(northstar_url):
    connection = sqlite3.connect(northstar_url.removeprefix("sqlite:///"))
    yield connection
    connection.close()


def money(database, whose: str, which: str, weight: str = "100", base: bool = False) -> float:
    deals = DEALS.format(whose=whose, which=which)
    sql = f"SELECT deal.currency, sum(amount * {weight}) {deals} GROUP BY deal.currency"
    sums = {currency: (total or 0) / 10_000 for currency, total in database.execute(sql)}
    if len(sums) == 1 and not base:
        return next(iter(sums.values()))
    return sum(total * RATES[currency] for currency, total in sums.items())


def count(database, whose: str, which: str) -> int:
    return database.execute(f"SELECT count(*) {DEALS.format(whose=whose, which=which)}").fetchone()[0]


def value(result) -> float:
    figures = [part for part in result.parts if isinstance(part, Figure)]
    assert len(figures) == 1, result.parts
    return figures[0].value


@pytest.mark.parametrize("user", ASKERS)
@pytest.mark.parametrize(
    ("metric", "period", "which", "weight"),
    [
        ("pipeline_value", "", "stage.status = 'open'", "100"),
        ("pipeline_value", "Q2 2026", f"stage.status = 'open' AND {Q2}", "100"),
        ("weighted_pipeline", "", "stage.status = 'open'", "stage.probability"),
        ("closed_won", "2025", WON_2025, "100"),
        ("closed_lost", "2025", LOST_2025, "100"),
        ("open_commit", "Q2", f"{COMMIT} AND {Q2}", "100"),
    ],
)
def test_sums(ask, database, user, metric, period, which, weight):
    result = ask(user, "query_metric", metric=metric, period=period)
    assert value(result) == pytest.approx(money(database, ASKERS[user], which, weight))


@pytest.mark.parametrize("user", ASKERS)
@pytest.mark.parametrize(
    ("metric", "period", "which"),
    [
        ("deal_count", "", "1 = 1"),
        ("open_deal_count", "Q2 2026", f"stage.status = 'open' AND {Q2}"),
        ("won_count", "2025", WON_2025),
        ("lost_count", "2025", LOST_2025),
        ("new_deal_count", "2026-02", "date(deal.created_at) BETWEEN '2026-02-01' AND '2026-02-28'"),
    ],
)
def test_counts(ask, database, user, metric, period, which):
    assert value(ask(user, "query_metric", metric=metric, period=period)) == count(database, ASKERS[user], which)


@pytest.mark.parametrize("user", ASKERS)
def test_win_rates_sizes_and_cycles(ask, database, user):
    whose = ASKERS[user]
    won, lost = count(database, whose, WON_2025), count(database, whose, LOST_2025)
    assert value(ask(user, "query_metric", metric="win_rate", period="2025")) == pytest.approx(
        100 * won / (won + lost), abs=1e-3
    )
    gain, loss = money(database, whose, WON_2025, base=True), money(database, whose, LOST_2025, base=True)
    by_value = value(ask(user, "query_metric", metric="win_rate_by_value", period="2025"))
    assert by_value == pytest.approx(100 * gain / (gain + loss), abs=1e-3)
    assert value(ask(user, "query_metric", metric="average_deal_size", period="2025")) == pytest.approx(
        money(database, whose, WON_2025) / won, abs=0.01
    )
    won_deals = DEALS.format(whose=whose, which=WON_2025)
    cycles = database.execute(f"SELECT julianday(date(closed_at)) - julianday(date(deal.created_at)) {won_deals}")
    days = [row[0] for row in cycles]
    assert value(ask(user, "query_metric", metric="sales_cycle", period="2025")) == pytest.approx(median(days))


@pytest.mark.parametrize("user", ASKERS)
def test_forecasts_and_quotas(ask, database, user):
    whose = ASKERS[user]
    won = "stage.status = 'won' AND date(closed_at) BETWEEN '2026-01-01' AND '2026-03-31'"
    due = "close_date BETWEEN '2026-01-01' AND '2026-03-31'"
    closed = money(database, whose, won, base=True)
    commit = money(database, whose, f"{COMMIT} AND {due}", base=True)
    best = money(
        database, whose, f"stage.status = 'open' AND deal.forecast_category = 'best_case' AND {due}", base=True
    )
    weighted = money(database, whose, f"stage.status = 'open' AND {due}", "stage.probability", base=True)
    pipeline = money(database, whose, f"stage.status = 'open' AND {due}", base=True)
    quota = database.execute(
        f"SELECT sum(amount) / 100.0 FROM quota WHERE {whose.replace('owner_id', 'user_id')}"
    ).fetchone()[0]
    expected = {
        "commit_forecast": closed + commit,
        "best_case_forecast": closed + commit + best,
        "expected_landing": closed + weighted,
        "quota": quota,
        "quota_attainment": 100 * closed / quota,
        "gap": quota - closed,
        "to_go": quota - closed - commit,
    }
    for metric, wanted in expected.items():
        found = value(ask(user, "query_metric", metric=metric, period="this quarter", currency="USD"))
        assert found == pytest.approx(wanted, abs=0.01), metric
    if quota > closed:
        assert value(ask(user, "query_metric", metric="coverage")) == pytest.approx(
            pipeline / (quota - closed), abs=1e-3
        )


@pytest.mark.parametrize(
    ("by", "column"),
    [
        ("stage", "stage.name"),
        ("owner", "(SELECT name FROM user_account u WHERE u.id = owner_id)"),
        ("source", "deal.source"),
        ("segment", "(SELECT segment FROM account a WHERE a.id = account_id)"),
        ("month", "substr(close_date, 1, 7)"),
    ],
)
def test_groups_add_up_and_equal_sql(ask, database, by, column):
    result = ask("dana", "query_metric", metric="pipeline_value", group_by=by)
    table = next(part for part in result.parts if isinstance(part, Table))
    shown = {row[0]: float(row[1].removeprefix("USD ").replace(",", "")) for row in table.rows[:-1]}
    which = DEALS.format(whose=ASKERS["dana"], which="stage.status = 'open'")
    expected = dict(database.execute(f"SELECT {column}, sum(amount) / 100.0 {which} GROUP BY 1"))
    assert shown == expected
    assert sum(shown.values()) == value(result)


def test_filters_narrow_and_several_currencies_print_rate_date_and_subtotals(ask, database):
    result = ask(
        "admin",
        "query_metric",
        metric="pipeline_value",
        filters=[where("industry", "=", "食品饮料")],
        currency="美元",
    )
    which = "stage.status = 'open' AND account_id IN (SELECT id FROM account WHERE industry = 'Food & Beverage')"
    assert value(result) == pytest.approx(money(database, "1 = 1", which, base=True))
    figure = result.parts[0]
    assert figure.unit == "USD"
    assert "0.14" in figure.text
    assert "10 March 2026" in figure.text
    assert "CNY" in figure.text


def test_counts_and_times_of_other_kinds(ask, database):
    def one(sql: str) -> float:
        return database.execute(sql).fetchone()[0]

    assert value(ask("sam", "query_metric", metric="open_ticket_count")) == one(
        "SELECT count(*) FROM ticket WHERE status IN ('open', 'pending')"
    )
    assert value(ask("sam", "query_metric", metric="csat")) == pytest.approx(
        one("SELECT avg(csat) FROM ticket"), abs=1e-3
    )
    days = [row[0] for row in database.execute(
        "SELECT julianday(resolved_at) - julianday(opened_at) FROM ticket WHERE resolved_at IS NOT NULL"
    )]  # fmt: skip
    result = ask("sam", "query_metric", metric="resolution_time")
    assert value(result) == pytest.approx(median(days))
    assert result.parts[0].n == len(days)
    assert result.parts[0].left_out
    assert value(ask("maya", "query_metric", metric="lead_count")) == one("SELECT count(*) FROM lead")
    mine = "assignee_id = (SELECT id FROM user_account WHERE name = 'Tom Alvarez')"
    assert value(ask("tom", "query_metric", metric="overdue_task_count")) == one(
        f"SELECT count(*) FROM task WHERE {mine} AND status = 'open' AND due < '2026-03-10'"
    )


def test_conversion_and_duration_come_from_history(ask, database):
    result = ask("admin", "query_metric", metric="stage_conversion")
    entered = (
        "SELECT DISTINCT deal_id FROM stage_change c JOIN stage s ON s.id = c.to_stage_id"
        " WHERE s.name = 'Qualification'"
    )
    later = (
        "SELECT DISTINCT deal_id FROM stage_change c JOIN stage s ON s.id = c.to_stage_id"
        " WHERE s.name IN ('Proposal', 'Negotiation', 'Closed Won')"
    )
    all_of = {row[0] for row in database.execute(entered)}
    moved = all_of & {row[0] for row in database.execute(later)}
    assert result.content["groups"]["Qualification"] == f"{round(100 * len(moved) / len(all_of), 1):g}%"
    one = ask("admin", "query_metric", metric="stage_duration", filters=[where("stage", "=", "Proposal")])
    stays = []
    for (deal,) in database.execute("SELECT id FROM deal").fetchall():
        moves = database.execute(
            "SELECT s.name, julianday(date(changed_at)) FROM stage_change c JOIN stage s ON s.id = to_stage_id"
            " WHERE deal_id = ? ORDER BY changed_at, c.id", (deal,)
        ).fetchall()  # fmt: skip
        today = database.execute("SELECT julianday('2026-03-10')").fetchone()[0]
        ends = [day for _, day in moves[1:]] + [today]
        stays += [end - day for (name, day), end in zip(moves, ends, strict=True) if name == "Proposal"]
    assert value(one) == pytest.approx(median(stays), abs=0.1)
