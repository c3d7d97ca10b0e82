"""Metrics on made-up deals in several currencies equal a plain loop over the deals that the asker may see."""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.attributes import attribute
from analytics.evaluate import evaluate
from analytics.measure import Grouping, Slice
from analytics.metric import METRICS
from crm_store.principals import Role
from language.dates import Period
from tests.analytics.small_world import NOW, RATES, STAGES

QUARTER = Period(date(2027, 4, 1), date(2027, 6, 30), "2027-Q2")
STATUS = {name: status for name, status, _, _ in STAGES}
CHANCE = {name: probability for name, _, probability, _ in STAGES}
ASKERS = {
    "ben": (Role.REP, {"anja", "ben", "cleo"}),
    "anja": (Role.MANAGER, {"anja", "ben", "cleo"}),
    "dov": (Role.MANAGER, {"dov", "eva"}),
    "eva": (Role.ADMIN, {"anja", "ben", "cleo", "dov", "eva"}),
}

a_deal = st.fixed_dictionaries(
    {
        "owner": st.sampled_from(["ben", "cleo", "eva"]),
        "stage": st.sampled_from(list(STATUS)),
        "amount": st.one_of(st.none(), st.decimals(0, 10**7, places=2)),
        "currency": st.sampled_from(list(RATES)),
        "close_date": st.dates(date(2027, 1, 1), date(2027, 12, 31)),
        "forecast_category": st.sampled_from(["pipeline", "best_case", "commit", "omitted"]),
        "closed_on": st.dates(date(2027, 1, 1), date(2027, 5, 19)),
    }
)


@settings(max_examples=60)
@given(deals=st.lists(a_deal, max_size=12), asker=st.sampled_from(list(ASKERS)))
def test_sums_counts_and_forecasts(new_world, deals, asker):
    role, seen = ASKERS[asker]
    with new_world() as world:
        _fill(world, deals)
        view = world.seen_by(asker, role)
        mine = [deal for deal in deals if deal["owner"] in seen]
        for name, chosen, weighted in (
            ("pipeline_value", [d for d in mine if _is(d, "open")], False),
            ("weighted_pipeline", [d for d in mine if _is(d, "open")], True),
            ("closed_won", [d for d in mine if _is(d, "won")], False),
        ):
            outcome = evaluate(METRICS.get(name), Slice(view))
            assert _close(outcome.total.value, *_total(chosen, weighted)), name
            assert outcome.total.n_of == len(chosen)
            assert outcome.total.n == sum(d["amount"] is not None for d in chosen)
        won = [d for d in mine if _is(d, "won") and _in(d["closed_on"])]
        commit = [
            d for d in mine if _is(d, "open") and d["forecast_category"] == "commit" and _in(d["close_date"])
        ]
        outcome = evaluate(METRICS.get("commit_forecast"), Slice(view, period=QUARTER))
        assert _close(outcome.total.value, *_total(won + commit))
        lost = [d for d in mine if _is(d, "lost") and _in(d["closed_on"])]
        rate = evaluate(METRICS.get("win_rate"), Slice(view, period=QUARTER)).total.value
        assert rate == (Decimal(len(won)) / (len(won) + len(lost)) if won or lost else None)


@settings(max_examples=30)
@given(deals=st.lists(a_deal, max_size=12), by=st.sampled_from(["stage", "owner", "currency", "segment", "team"]))
def test_groups_are_the_whole_in_parts(new_world, deals, by):
    with new_world() as world:
        _fill(world, deals)
        view = world.seen_by("eva", Role.ADMIN)
        grouping = Grouping(attribute(view.uow, "deal", by))
        outcome = evaluate(METRICS.get("pipeline_value"), Slice(view, by=grouping))
        assert (
            sum(group.n_of for group in outcome.groups) == outcome.total.n_of == sum(_is(d, "open") for d in deals)
        )
        parts = sum((group.value for group in outcome.groups), Decimal(0))
        assert abs(parts - outcome.total.value) <= Decimal("0.01") * (len(outcome.groups) * 3 + 1)


def test_a_currency_without_rate_is_left_out_and_said(world):
    world.deal(amount=Decimal(100), currency="EUR")
    world.deal(amount=Decimal(70), currency="XYZ")
    outcome = evaluate(METRICS.get("pipeline_value"), Slice(world.seen_by("ben", Role.REP)))
    assert outcome.total.value == 100
    assert outcome.unconverted == ["XYZ"]


def test_one_currency_stays_in_it_and_an_own_quota_beats_the_standing_one(world):
    world.deal(stage="Signed", amount=Decimal(500), currency="CHF", closed_at=NOW, close_date=NOW.date())
    world.quota("ben", 1000)
    world.quota("ben", 2100, "2027-Q2")
    view = world.seen_by("ben", Role.REP)
    outcome = evaluate(METRICS.get("closed_won"), Slice(view))
    assert (outcome.currency, outcome.total.value) == ("CHF", 500)
    part = Slice(view, frozenset((world.users["ben"],)), QUARTER)
    assert evaluate(METRICS.get("quota_attainment"), part).total.value == Decimal(525) / 2100
    year = Period(date(2027, 1, 1), date(2027, 12, 31), "2027")
    assert evaluate(METRICS.get("quota"), Slice(view, part.people, year)).total.value == 3 * 1000 + 2100


def test_slippage_takes_deals_as_they_were_when_the_period_began(world):
    opened = NOW - timedelta(days=100)
    stays = world.deal(amount=Decimal(300), close_date=date(2027, 6, 1), created_at=opened)
    slips = world.deal(amount=Decimal(900), close_date=date(2027, 8, 1), created_at=opened)
    late = world.deal(amount=Decimal(5000), close_date=date(2027, 6, 1), created_at=NOW - timedelta(days=5))
    for deal, at in ((stays, opened), (slips, opened), (late, NOW - timedelta(days=5))):
        world.changed(deal, at, {}, {"name": deal.name})
    in_may = NOW - timedelta(days=10)
    world.changed(
        slips, in_may, {"close_date": "2027-05-20", "amount": "100"}, {"close_date": "2027-08-01", "amount": "900"}
    )
    view = world.seen_by("ben", Role.REP)
    outcome = evaluate(METRICS.get("slippage"), Slice(view, period=QUARTER))
    assert outcome.total.value == Decimal(100) / 400
    assert evaluate(METRICS.get("push_count"), Slice(view)).total.value == 1


@pytest.mark.parametrize("name", METRICS.names())
def test_every_metric_answers_on_an_empty_company(world, name):
    view = world.seen_by("eva", Role.ADMIN)
    outcome = evaluate(METRICS.get(name), Slice(view, period=QUARTER))
    assert not outcome.total.value
    assert METRICS.get(name).label.zh != METRICS.get(name).label.en
    assert METRICS.get(name).formula.zh


def _fill(world, deals) -> None:
    for deal in deals:
        closed = STATUS[deal["stage"]] != "open"
        at = NOW.replace(year=deal["closed_on"].year, month=deal["closed_on"].month, day=deal["closed_on"].day)
        world.deal(
            deal["owner"], deal["stage"], amount=deal["amount"], currency=deal["currency"],
            close_date=deal["close_date"], forecast_category="closed" if closed else deal["forecast_category"],
            closed_at=at if closed else None,
        )  # fmt: skip


def _is(deal, status: str) -> bool:
    return STATUS[deal["stage"]] == status


def _in(day: date) -> bool:
    return QUARTER.start <= day <= QUARTER.end


def _total(deals, weighted: bool = False) -> tuple[Decimal, int]:
    """The total in the one currency there is, else in the base currency; and how many currencies there are."""
    with_amount = [deal for deal in deals if deal["amount"] is not None]
    currencies = {deal["currency"] for deal in with_amount}
    factor = Decimal(1) if len(currencies) == 1 else None
    total = Decimal(0)
    for deal in with_amount:
        share = Decimal(CHANCE[deal["stage"]]) / 100 if weighted else Decimal(1)
        total += deal["amount"] * share * (factor or RATES[deal["currency"]])
    return total.quantize(Decimal("0.0001"), ROUND_HALF_EVEN), len(currencies)


def _close(found: Decimal, expected: Decimal, currencies: int) -> bool:
    """Equal to the cent, once rounded for each currency."""
    return abs(found - expected) <= Decimal("0.01") * max(1, currencies)
