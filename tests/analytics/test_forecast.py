"""The forecast of a period equals plain loops over the deals of the asker, for every role and several currencies;
win chances, lead scores and cohorts say what they rest on."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.attributes import attribute
from analytics.cohorts import cohorts
from analytics.evaluate import evaluate
from analytics.forecast import NoForecastError, forecast
from analytics.forecast.basis import forget_bases
from analytics.forecast.history import asof, stated_dates
from analytics.forecast.loading import load_history
from analytics.measure import Grouping, Slice
from analytics.metric import METRICS
from analytics.scoring.deals import win_chances
from analytics.scoring.evaluation import evaluate_made_up_leads
from analytics.scoring.leads import score_leads
from analytics.scoring.logistic import brier, fit, naive_bayes
from analytics.snapshots import take_snapshots
from crm_store.adjustments import ForecastAdjustment
from crm_store.campaigns import Campaign
from crm_store.custom_fields import CustomField
from crm_store.leads import Lead
from crm_store.principals import SYSTEM, Role
from crm_store.query import Condition
from crm_store.unit_of_work import UnknownFieldError
from language.dates import Period
from tests.analytics.small_world import NOW, RATES, ago
from tests.analytics.test_metrics_on_random_worlds import ASKERS, CHANCE, QUARTER, _fill, _in, _is, a_deal

LAST = Period(date(2027, 1, 1), date(2027, 3, 31), "2027-Q1")
MAY_SEE = {"ben": {"ben"}, "anja": {"anja", "ben", "cleo"}, "dov": {"dov", "eva"}, "eva": None}
LOOSE = settings(max_examples=30)


def base(deal) -> Decimal:
    return (deal["amount"] or Decimal(0)) * RATES[deal["currency"]]


@LOOSE
@given(
    deals=st.lists(a_deal, max_size=12), asker=st.sampled_from(list(ASKERS)), quotas=st.booleans(),
    adjusted=st.lists(st.tuples(st.sampled_from(["ben", "cleo", "eva"]), st.integers(-9000, 9000)), max_size=3),
)  # fmt: skip
def test_the_figures_equal_plain_loops(new_world, deals, asker, quotas, adjusted):
    role, _ = ASKERS[asker]
    with new_world() as world:
        _fill(world, deals)
        for name in ("ben", "cleo", "eva") if quotas else ():
            world.quota(name, 5000)
        for name, amount in adjusted:
            world.add(ForecastAdjustment, user_id=world.users[name], period="2027-Q2", amount=Decimal(amount))
        view = world.seen_by(asker, role)
        names = MAY_SEE[asker]
        people = None if names is None else frozenset(world.users[each] for each in names)
        found = forecast(view, QUARTER, people)
        mine = [deal for deal in deals if names is None or deal["owner"] in names]
        _agrees(found.figures, mine, adjusted, names, 5000 if quotas else None)
        for owner, figures in found.by_owner.items():
            name = next(each for each, user_id in world.users.items() if user_id == owner)
            own = [deal for deal in mine if deal["owner"] == name]
            _agrees(figures, own, adjusted, {name}, 5000 if quotas else None)
        probable = found.probable
        assert probable.low <= probable.middle <= probable.high
        assert probable.low >= found.figures.closed - Decimal("0.01")
        assert (probable.chance_of_quota is None) == (found.figures.quota is None)


def _agrees(figures, deals, adjusted, names, quota) -> None:
    won = sum((base(d) for d in deals if _is(d, "won") and _in(d["closed_on"])), Decimal(0))
    due = [d for d in deals if _is(d, "open") and _in(d["close_date"])]
    of = lambda *wanted: sum((base(d) for d in due if d["forecast_category"] in wanted), Decimal(0))  # noqa: E731
    weighted = sum((base(d) * CHANCE[d["stage"]] / 100 for d in due), Decimal(0))
    close = lambda one, other: abs(one - other) < Decimal("0.05")  # noqa: E731
    assert close(figures.closed, won)
    assert close(figures.commit, won + of("commit"))
    assert close(figures.best_case, won + of("commit", "best_case"))
    assert close(figures.landing, won + weighted)
    assert close(figures.pipeline, sum((base(d) for d in due), Decimal(0)))
    assert figures.adjustment == sum(amount for name, amount in adjusted if names is None or name in names)
    assert close(figures.adjusted, figures.commit + figures.adjustment)
    with_quota = [each for each in ("ben", "cleo", "eva") if names is None or each in names]
    if quota is None or not with_quota:
        assert figures.quota is None
    else:
        assert figures.quota == quota * len(with_quota)
        assert close(figures.gap, figures.quota - won)
        assert close(figures.attainment, won / figures.quota)


@pytest.mark.parametrize(
    ("name", "role", "whose"),
    [("ben", Role.REP, {"cleo"}), ("ben", Role.REP, None), ("anja", Role.MANAGER, {"eva"}),
     ("anja", Role.MANAGER, None), ("cleo", Role.SUPPORT, {"cleo"}), ("cleo", Role.MARKETER, {"cleo"})],
)  # fmt: skip
def test_forecasts_of_others_do_not_exist(world, name, role, whose):
    world.deal("cleo")
    people = None if whose is None else frozenset(world.users[each] for each in whose)
    with pytest.raises(NoForecastError):
        forecast(world.seen_by(name, role), QUARTER, people)


def test_a_period_that_is_over_has_figures_and_no_range(world):
    world.deal(stage="Signed", amount=Decimal(700), closed_at=ago(60), close_date=date(2027, 3, 20))
    view = world.seen_by("ben", Role.REP)
    found = forecast(view, LAST, frozenset([world.users["ben"]]))
    assert found.figures.closed == 700
    assert found.probable is None


def test_deals_of_others_do_not_enter_the_history(world):
    world.deal("ben", amount=Decimal(10))
    world.deal("eva", amount=Decimal(99))
    loaded = load_history(world.seen_by("ben", Role.REP))
    assert loaded.history.deals == 1
    assert loaded.history.worth_value.tolist() == [10]


def test_a_value_planted_later_does_not_reach_the_past(world):
    """A won deal's amount and close date were changed on the day it was won: the forecast before does not know."""
    world.uow.clock.moment = NOW
    deal = world.deal(
        amount=Decimal(999), close_date=date(2027, 5, 10), stage="Signed", created_at=ago(60), closed_at=ago(9)
    )
    world.move(deal, "Discover", "Signed", ago(9))
    world.changed(deal, ago(60), {}, {"name": deal.name})
    world.changed(
        deal, ago(9),
        {"amount": "100", "close_date": "2027-08-01", "stage": world.stages["Discover"], "closed_at": None},
        {"amount": "999", "close_date": "2027-05-10", "stage": world.stages["Signed"]},
    )  # fmt: skip
    take_snapshots(world.uow, NOW.date())
    loaded = load_history(world.seen_by("ben", Role.REP))
    before = (NOW - timedelta(days=20)).date().toordinal()
    deals = asof(loaded.history, before)
    assert deals.amount.tolist() == [100]
    assert stated_dates(loaded.history, before).tolist() == [date(2027, 8, 1).toordinal()]
    assert not len(asof(loaded.history, NOW.date().toordinal()).deal)


def test_a_reopened_deal_is_one_more_deal_from_then_on(world):
    deal = world.deal(created_at=ago(50))
    world.move(deal, "Discover", "Gone", ago(40))
    world.move(deal, "Gone", "Scope", ago(30))
    history = load_history(world.seen_by("ben", Role.REP)).history
    assert history.deals == 2
    assert history.outcome.tolist() == [2, 0]
    assert len(asof(history, ago(35).date().toordinal()).deal) == 0
    assert asof(history, ago(10).date().toordinal()).deal.tolist() == [1]


def test_a_win_chance_says_what_it_rests_on(world):
    deal = world.deal(close_date=None, next_step="")
    found = win_chances(world.seen_by("ben", Role.REP), [deal], QUARTER.end, reasons=True)
    assert len(found) == 1
    assert found[0].chance == pytest.approx(0.05)  # its only stay is in Discover: the default probability
    assert "default" in found[0].reasons[0]
    assert any("too few to learn from" in reason for reason in found[0].reasons)
    assert any(signal == "no next step" for signal in found[0].signals)
    assert win_chances(world.seen_by("ben", Role.REP), [], QUARTER.end) == []


def test_leads_are_scored_only_with_enough_decided_ones(world):
    waiting = world.add(Lead, name="Wait", source="fair", owner_id=world.users["ben"])
    few = score_leads(world.seen_by("ben", Role.REP), [waiting])
    assert (few.enough, few.scores) == (False, [])
    world.uow.principal = world.uow.session.info["principal"] = SYSTEM
    for number in range(80):
        source = "fair" if number % 2 else "cold"
        won = number % 8 != 1 if source == "fair" else number % 8 == 0
        world.add(
            Lead, name=f"L{number}", source=source, status="converted" if won else "disqualified",
            owner_id=world.users["ben"], created_at=ago(200 - number),
        )  # fmt: skip
    other = world.add(Lead, name="Cold", source="cold", owner_id=world.users["ben"])
    hidden = world.add(Lead, name="Hidden", source="fair", status="converted", owner_id=world.users["eva"])
    found = score_leads(world.seen_by("ben", Role.REP), [waiting, other])
    assert found.enough
    assert found.decided == 80
    assert [each.lead.name for each in found.scores] == ["Wait", "Cold"]
    assert "source fair raises it" in found.scores[0].reasons[0]
    assert "source cold lowers it" in found.scores[1].reasons[0]
    assert found.checked["score"] < found.checked["base"]
    assert hidden.id not in {each.lead.id for each in found.scores}


def test_the_scorecard_beats_a_naive_bayes_where_traits_say_the_same_twice():
    checked = evaluate_made_up_leads(12)
    assert checked["used"] < checked["base"] - 0.01
    assert checked["used"] < checked["bayes"] - 0.01
    without = evaluate_made_up_leads(12, signal=False)
    assert without["used"] < without["bayes"]
    assert without["used"] == pytest.approx(without["base"], abs=0.001)


def test_leads_whose_traits_tell_nothing_all_have_the_base_rate(world):
    chance = Random(3)
    for number in range(200):
        world.add(
            Lead, name=f"L{number}", source=chance.choice(("fair", "cold", "web")), owner_id=world.users["ben"],
            status="converted" if chance.random() < 0.4 else "disqualified", created_at=ago(300 - number),
        )  # fmt: skip
    waiting = [world.add(Lead, name=name, source=name, owner_id=world.users["ben"]) for name in ("fair", "cold")]
    found = score_leads(world.seen_by("ben", Role.REP), waiting)
    assert (found.enough, found.tells) == (True, False)
    rate = found.converted / found.decided
    assert [(round(each.chance, 6), each.reasons) for each in found.scores] == [(round(rate, 6), [])] * 2


def test_the_scorecard_claims_nothing_on_noise():
    chance = np.random.default_rng(9)
    codes, won = chance.integers(0, 5, (600, 3)), (chance.random(600) < 0.4).astype(int)
    spread = np.ptp(fit(codes, won).chances(codes))
    assert spread < 0.45
    assert brier(fit(codes[:300], won[:300]).chances(codes[300:]), won[300:]) < brier(
        naive_bayes(codes[:300], won[:300], codes[300:]), won[300:]
    )


def test_cohorts_equal_a_plain_count(world):
    for created, closed, stage in ((ago(400), ago(350), "Signed"), (ago(398), ago(100), "Signed"),
                                   (ago(396), None, "Scope"),
                                   (ago(395), ago(300), "Gone"), (ago(20), None, "Scope")):  # fmt: skip
        world.deal(created_at=created, closed_at=closed, stage=stage)
    world.deal("eva", created_at=ago(400))
    found = cohorts(Slice(world.seen_by("ben", Role.REP)))
    assert [(each.label, each.created, each.won, each.lost, each.open) for each in found] == [
        ("2026-Q2", 4, 2, 1, 1), ("2027-Q2", 1, 0, 0, 1),
    ]  # fmt: skip
    assert found[0].within == (1, 1, 1, 2)
    assert found[1].within == (None, None, None, None)


def test_accuracy_and_bias_judge_the_frozen_forecast(world):
    world.uow.clock.moment = ago(140)
    account = world.account("ben")
    deal = world.uow.create(
        "deal",
        {"name": "Early", "account": account.id, "owner": world.users["ben"], "amount": Decimal(800),
         "currency": "EUR", "close_date": date(2027, 2, 20), "stage": world.stages["Terms"]},
    )  # fmt: skip
    world.uow.clock.moment = ago(90)
    world.uow.update("deal", deal, {"amount": Decimal(1000), "stage": world.stages["Signed"]})
    world.uow.clock.moment = NOW
    take_snapshots(world.uow, NOW.date())
    part = Slice(world.seen_by("ben", Role.REP), frozenset([world.users["ben"]]), LAST)
    assert evaluate(METRICS.get("forecast_accuracy"), part).total.value == Decimal("0.8")
    assert evaluate(METRICS.get("forecast_bias"), part).total.value == Decimal("-0.2")
    running = Slice(part.view, part.people, QUARTER)
    assert evaluate(METRICS.get("forecast_accuracy"), running).total.value is None
    other = Slice(world.seen_by("cleo", Role.REP), frozenset([world.users["ben"]]), LAST)
    assert evaluate(METRICS.get("forecast_accuracy"), other).total.value is None


def test_nps_campaign_roi_and_lifetime_value(world):
    world.add(CustomField, kind="contact", name="nps", label_en="NPS", type="integer")
    account = world.account("ben")
    for score in (10, 9, 8, 3, None):
        world.contact(account, custom={} if score is None else {"nps": score})
    world.add(Campaign, name="Spring fair", source="fair", start_on=date(2027, 3, 1), end_on=date(2027, 4, 30),
              amount=Decimal(1000), currency="EUR")  # fmt: skip
    world.add(Campaign, name="Old fair", source="fair", start_on=date(2026, 1, 1), end_on=date(2026, 2, 1),
              amount=Decimal(500), currency="CHF")  # fmt: skip
    for source, amount, stage in (
        ("fair", 4000, "Signed"),
        ("Old fair", 1050, "Signed"),
        ("fair", 9000, "Gone"),
        ("web", 70, "Signed"),
    ):
        world.deal(
            account=account,
            source=source,
            amount=Decimal(amount),
            stage=stage,
            closed_at=ago(5),
            created_at=ago(40),
        )
    view = world.seen_by("anja", Role.MANAGER)
    assert evaluate(METRICS.get("nps"), Slice(view)).total.value == 25
    roi = evaluate(METRICS.get("campaign_roi"), Slice(view))
    assert roi.total.value == (Decimal(5050) - 1000 - 500 * Decimal("1.05")) / (1000 + 500 * Decimal("1.05"))
    year = Period(date(2026, 5, 20), date(2027, 5, 19), "year")
    ltv = evaluate(METRICS.get("ltv"), Slice(view, period=year)).total
    assert ltv.extra["average_order"] == Decimal(5120) / 3
    assert ltv.extra["orders_a_year"] == 3
    assert ltv.value == Decimal(5120) * 3


def test_deals_are_filtered_and_grouped_by_their_campaign(world):
    spring, old = (
        world.add(Campaign, name=name, source="fair", start_on=start, end_on=end).id
        for name, start, end in (("Spring fair", date(2027, 3, 1), date(2027, 4, 30)),
                                 ("Old fair", date(2026, 1, 1), date(2026, 2, 1)))
    )  # fmt: skip
    for source, amount in (("fair", 4000), ("Old fair", 1050), ("web", 70)):
        world.deal(source=source, amount=Decimal(amount), created_at=ago(40))
    view = world.seen_by("anja", Role.MANAGER)
    campaign = attribute(view.uow, "deal", "campaign")
    grouped = evaluate(METRICS.get("pipeline_value"), Slice(view, by=Grouping(campaign)))
    assert {each.key: each.value for each in grouped.groups} == {spring: 4000, old: 1050, None: 70}
    only = Slice(view, conditions=(Condition(campaign, "=", (spring,)),))
    assert evaluate(METRICS.get("pipeline_value"), only).total.value == 4000
    with pytest.raises(UnknownFieldError):
        attribute(world.seen_by("ben", Role.REP).uow, "deal", "campaign")


@pytest.fixture(autouse=True)
def _clock_goes_back(empty_store):
    forget_bases()
    yield
    empty_store.clock.moment = NOW
