"""The demo world comes in whole, twice without a difference, and can be read back as texts."""

from decimal import Decimal

from sqlalchemy import select

from core.clock import FixedClock
from crm_store.deals import Deal
from crm_store.directory import find_principal
from crm_store.principals import SYSTEM
from crm_store.transfer import import_folder, snapshot_rows


def test_a_second_import_changes_nothing(store, store_url, northstar_folder):
    before = snapshot_rows(store_url)
    report = import_folder(store, SYSTEM, northstar_folder)
    assert (report.created, report.updated, report.rejected, report.effect_id) == (0, 0, 0, "")
    assert report.read == report.unchanged == 1712
    assert snapshot_rows(store_url) == before


def test_rows_read_as_the_files_say(store_url):
    rows = snapshot_rows(store_url)
    deal = next(row for row in rows["deal"].values() if row["name"] == "澄海食品扩容")
    assert deal["account"] == "上海澄海食品集团"
    assert deal["owner_email"] == "lina@northstar.example"
    assert (deal["amount"], deal["currency"], deal["close_date"]) == ("2747500", "CNY", "2026-06-13")
    assert (deal["competitor"], deal["discount"]) == ("Sensoria", None)
    line = next(row for row in rows["deal_product"].values() if row["deal"] == "Halden pilot")
    assert line["sku"] == "AI-DX"
    call = next(row for row in rows["interaction"].values() if row["id"] == "I00001")
    assert call["contacts"] == ["Owen Quinn"]
    assert call["occurred_at"] == "2025-03-20T13:00:00+00:00"


def test_company_quotas_teams_and_stage_names(store_url):
    rows = snapshot_rows(store_url)
    assert [row["base_currency"] for row in rows["company"].values()] == ["USD"]
    assert {row["currency"]: row["rate"] for row in rows["exchange_rate"].values()}["CNY"] == "0.14"
    assert {row["name"]: row["regions"] for row in rows["team"].values()}["AMER"] == "Northeast;Midwest;West"
    quotas = {row["user_email"]: (row["period"], row["amount"]) for row in rows["quota"].values()}
    assert quotas["marcus@northstar.example"] == ("quarterly", "450000")
    assert "dana@northstar.example" not in quotas
    aliases = {row["name"]: row["aliases"].split(";") for row in rows["stage"].values()}
    assert "谈判" in aliases["Negotiation"]
    assert "赢单" in aliases["Closed Won"]


def test_a_category_that_is_not_the_stages_own_counts_as_set_by_hand(store):
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        stages = {stage.id: stage for stage in uow.all("stage")}
        for deal in uow.session.scalars(select(Deal)):
            expected = deal.forecast_category != stages[deal.stage_id].forecast_category
            assert deal.forecast_override is expected


def test_a_day_without_time_is_that_day_for_everyone(store):
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        deal = next(each for each in uow.all("deal") if each.name == "Halden pilot")
        assert (deal.amount, deal.created_at.isoformat()) == (Decimal(151900), "2025-03-07T12:00:00+00:00")


def test_the_clock_of_the_fixture(northstar_store, clock):
    assert isinstance(clock, FixedClock)
    with northstar_store.unit_of_work(find_principal(northstar_store, "lina@northstar.example")) as uow:
        assert uow.now == clock.now()
        assert uow.today.isoformat() == "2026-03-11"
