"""The forecast method on made-up histories whose truth is known: calibration, coverage, no leak, no noise."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.forecast import backtest
from analytics.forecast.backtest import choose_rung, origins, range_of, shock_of
from analytics.forecast.chances import learn
from analytics.forecast.evaluation import evaluate_generated
from analytics.forecast.generated import Recipe, made_up_history, quarter_ends
from analytics.forecast.history import NEVER, OPEN, amounts, asof
from analytics.forecast.leaks import planted
from analytics.forecast.ranges import NewDeals, draw_range

RECIPE = Recipe()


@pytest.fixture(scope="module")
def judged():
    return evaluate_generated(12)


def test_chances_from_history_beat_the_stage_prior_and_a_naive_bayes(judged):
    assert judged.deals > 3000
    assert judged.brier["used"] < judged.brier["prior"] - 0.005
    assert judged.brier["used"] < judged.brier["bayes"]
    assert judged.rungs.get("prior", 0) <= judged.forecasts // 4


def test_chances_are_calibrated(judged):
    assert judged.calibration_error < 0.03
    for each in judged.bins:
        if each.n >= 300:
            assert abs(each.expected - each.won) < 0.05


def test_80_percent_ranges_hold_75_to_85_percent(judged):
    assert judged.ranges >= 40
    assert judged.owner_ranges >= 200
    assert 0.75 <= judged.covered / judged.ranges <= 0.85
    assert 0.75 <= judged.owner_covered / judged.owner_ranges <= 0.85


def test_without_signal_the_prior_is_kept_and_nothing_is_claimed():
    recipe = Recipe(signal=False)
    rungs = []
    for seed in range(20):
        history = made_up_history(seed, recipe)
        rung = choose_rung(list(origins(history, quarter_ends(recipe.first_day, recipe, 8))))
        rungs.append(rung.name)
        assert rung.skill == 0 if rung.name == "prior" else rung.skill < 0.03
    assert rungs.count("prior") >= 19


def test_with_few_closed_deals_the_prior_is_kept():
    short = Recipe(weeks=30, new_a_week=1.0)
    history = made_up_history(3, short)
    rung = choose_rung(list(origins(history, quarter_ends(short.first_day, short, 2))))
    assert rung.name == "prior"
    assert rung.brier == {}


def test_a_rate_with_few_deals_leans_on_the_prior():
    short = Recipe(weeks=20, new_a_week=0.5)
    history = made_up_history(5, short)
    learnt = learn(history, short.first_day + 140)
    for stage, rate in enumerate(learnt.raw_stage):
        assert rate.is_thin
        expected = (10 * history.stages.priors[stage] + rate.closed * rate.share) / (10 + rate.closed)
        assert learnt.stage[stage] == pytest.approx(expected)


def test_a_forecast_of_a_past_day_reads_nothing_that_came_later():
    history = made_up_history(11, RECIPE)
    (day, end), *_ = quarter_ends(RECIPE.first_day, RECIPE, 3)
    other = planted(history, day)
    one, two = (next(iter(origins(each, [(day, end)], bayes=True))) for each in (history, other))
    assert set(one.deals.deal) == set(two.deals.deal)
    for rung in ("prior", "stage", "age", "bayes"):
        assert np.array_equal(one.chances(rung), two.chances(rung))
    assert np.array_equal(one.deals.amount, two.deals.amount)
    ranges = [range_of(each, origin, "age", 0.4) for each, origin in ((history, one), (other, two))]
    assert (ranges[0].low, ranges[0].high) == (ranges[1].low, ranges[1].high)
    assert not np.array_equal(one.won, two.won)


def test_the_evaluation_finds_a_leak_that_is_planted(monkeypatch, judged):
    assert (judged.replayed, judged.leaking) == (12, 0)
    as_recorded = backtest.asof
    # A method that takes each amount as it was recorded last, whenever that was.
    monkeypatch.setattr(
        backtest, "asof", lambda history, day: replace(
            as_recorded(history, day), amount=amounts(history, NEVER)[as_recorded(history, day).deal]
        )
    )  # fmt: skip
    leaking = evaluate_generated(1)
    assert (leaking.replayed, leaking.leaking) == (1, 1)


def test_the_past_is_read_as_of_its_day():
    history = made_up_history(2, RECIPE)
    day = RECIPE.first_day + 700
    deals = asof(history, day)
    assert (history.created[deals.deal] < day).all()
    assert (history.closed[deals.deal] >= day).all()
    assert (deals.stated[deals.stated < NEVER] > 0).all()
    stays = [(d, s) for d, s in zip(deals.deal, deals.stage, strict=True)]
    for deal, stage in stays[:50]:
        mine = np.flatnonzero((history.stay_deal == deal) & (history.stay_entered < day))
        assert history.stay_stage[mine[-1]] == stage
    assert (history.outcome_at(day)[deals.deal] == OPEN).all()


def test_a_shared_shock_widens_the_range_and_many_deals_are_summed_alike():
    p, worth = np.full(800, 0.3), np.full(800, 100.0)
    alone, shared = draw_range(p, worth, 0.0), draw_range(p, worth, 0.6)
    assert shared.high - shared.low > 3 * (alone.high - alone.low)
    assert alone.mean == pytest.approx(24_000, rel=0.02)
    few = draw_range(p[:200], worth[:200], 0.0)
    assert few.mean == pytest.approx(6_000, rel=0.03)
    assert draw_range(p, worth, 0.6).low == shared.low


def test_deals_not_there_yet_count_at_their_past_rate():
    new = NewDeals(12.0, 4.0, np.full(20, 50.0))
    drawn = draw_range(np.zeros(0), np.zeros(0), 0.0, new)
    assert new.expected == 150
    assert drawn.mean == pytest.approx(150, rel=0.08)


def test_the_shock_grows_with_past_misses():
    calm, wild = Recipe(luck=0.0), Recipe(luck=0.8)
    sizes = []
    for recipe in (calm, wild):
        ends = quarter_ends(recipe.first_day, recipe, 8)
        sizes.append(
            np.mean([shock_of(list(origins(made_up_history(seed, recipe), ends)), "age") for seed in range(4)])
        )
    assert sizes[1] > sizes[0] + 0.1
