"""What follows from a stage or a forecast category (definitions §3)."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from tests_support import deal_named

from core.errors import MissingDetailError
from crm_store.deals import Deal
from crm_store.directory import find_principal

DEAL = "Kestrel renewal"


@pytest.fixture
def uow(store):
    with store.unit_of_work(find_principal(store, "dana@northstar.example")) as opened:
        yield opened


@pytest.fixture
def deal(uow):
    return next(
        each for each in uow.all("deal") if stage(uow, each).status == "open" and not each.forecast_override
    )


def stage(uow, deal):
    return next(each for each in uow.all("stage") if each.id == deal.stage_id)


def stage_id(uow, name):
    return next(each.id for each in uow.all("stage") if each.name == name)


def history(uow, deal):
    changes = [each for each in uow.all("stage_change") if each.deal_id == deal.id]
    return sorted(changes, key=lambda each: each.changed_at)


def test_won_closes_the_deal(uow, deal):
    uow.update("deal", deal, {"stage": stage_id(uow, "Closed Won")})
    assert (deal.forecast_category, deal.forecast_override) == ("closed", False)
    assert deal.closed_at == uow.now
    assert deal.close_date == uow.today


def test_a_given_close_date_wins(uow, deal):
    given = uow.today.replace(day=1)
    uow.update("deal", deal, {"stage": stage_id(uow, "Closed Won"), "close_date": given})
    assert deal.close_date == given


def test_lost_needs_a_reason(uow, deal):
    with pytest.raises(MissingDetailError) as error:
        uow.update("deal", deal, {"stage": stage_id(uow, "Closed Lost")})
    assert error.value.field == "lost_reason"
    assert "price" in error.value.choices
    assert stage(uow, deal).status == "open"
    uow.update("deal", deal, {"stage": stage_id(uow, "Closed Lost"), "lost_reason": "price"})
    assert (deal.lost_reason, deal.forecast_category) == ("price", "omitted")


def test_the_stage_that_it_is_in_already_changes_nothing(uow, deal):
    for closed, more in (("Closed Lost", {"lost_reason": "price"}), ("Closed Won", {})):
        given = uow.today.replace(day=1)
        uow.update("deal", deal, {"stage": stage_id(uow, closed), "close_date": given, **more})
        before = uow.image("deal", deal)
        assert not uow.update("deal", deal, {"stage": stage_id(uow, closed)})
        assert uow.image("deal", deal) == before


def test_reopening_takes_the_closing_back(uow, deal):
    uow.update("deal", deal, {"stage": stage_id(uow, "Closed Lost"), "lost_reason": "price"})
    uow.update("deal", deal, {"stage": stage_id(uow, "Proposal")})
    assert (deal.closed_at, deal.lost_reason) == (None, "")
    assert deal.forecast_category == "best_case"


def test_a_category_set_by_hand_stays_through_open_stages(uow, deal):
    uow.update("deal", deal, {"forecast_category": "commit"})
    assert deal.forecast_override
    for name in ("Prospecting", "Qualification", "Proposal"):
        uow.update("deal", deal, {"stage": stage_id(uow, name)})
    assert (deal.forecast_category, deal.forecast_override) == ("commit", True)
    uow.update("deal", deal, {"stage": stage_id(uow, "Closed Won")})
    assert (deal.forecast_category, deal.forecast_override) == ("closed", False)


def test_each_move_is_in_the_history(uow, deal):
    before = history(uow, deal)
    here = deal.stage_id
    there = stage_id(uow, "Closed Won")
    uow.update("deal", deal, {"stage": there})
    uow.update("deal", deal, {"next_step": "celebrate"})
    after = history(uow, deal)
    assert len(after) == len(before) + 1
    assert (after[-1].from_stage_id, after[-1].to_stage_id) == (here, there)
    assert after[-1].changed_by_id == uow.principal.user_id


def test_a_new_deal_starts_at_the_first_stage_in_the_base_currency(uow):
    account = deal_named(uow, DEAL).account_id
    new = uow.create("deal", {"name": "Fresh", "account": account, "owner": uow.principal.user_id})
    assert (stage(uow, new).name, new.currency, new.forecast_category) == ("Prospecting", "USD", "pipeline")
    assert [(each.from_stage_id, each.to_stage_id) for each in history(uow, new)] == [(None, new.stage_id)]


def test_sums_of_amounts_are_exact(uow):
    account = deal_named(uow, DEAL).account_id
    cents = {"name": "Cents", "account": account, "owner": uow.principal.user_id, "amount": Decimal("0.10")}
    for _ in range(3):
        uow.create("deal", cents)
    assert uow.session.scalar(select(func.sum(Deal.amount)).where(Deal.name == "Cents")) == Decimal("0.30")
