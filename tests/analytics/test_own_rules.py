"""Rules that a company makes itself: they fire on the deals of their filter, for each asker on their own day."""

from datetime import timedelta
from decimal import Decimal

import pytest

from analytics.hygiene.own import made_rules
from analytics.hygiene.review import cases_of, review_cases
from crm_store.own_rules import OwnRule
from crm_store.principals import Role
from tests.analytics.small_world import TODAY, ago


@pytest.fixture
def rule(world):
    def make(*conditions, **values):
        made = {"name": "big and loose", "fix": "Agree on a next step.", "conditions": list(conditions), **values}
        return world.add(OwnRule, **made)

    return make


def fired(world, deal, who="anja", role=Role.ADMIN):
    view = world.seen_by(who, role)
    return [each for each in review_cases(view, cases_of(view, [deal])) if each.own]


@pytest.mark.parametrize(
    ("conditions", "fires"),
    [
        (("amount >= 50000 EUR",), True),
        (("amount > 50000 EUR",), False),
        (("amount > 50000 CHF",), False),
        (("amount >= 40000 CHF",), True),
        (("amount >= 50000 EUR", "next_step not_empty"), False),
        (("amount >= 50000 EUR", "next_step is_empty"), True),
        (("close_date < today",), True),
        (("close_date between 1 May 2027|today",), True),
        (("close_date > in 30 days",), False),
        (("forecast_category = commit|best_case",), False),
        (("forecast_category = commit|pipeline",), True),
        (("days_silent >= 10",), True),
        (("days_silent >= 12",), False),
    ],
)
def test_it_fires_where_all_conditions_hold(world, rule, conditions, fires):
    deal = world.deal(amount=Decimal(50000), next_step="", close_date=TODAY - timedelta(days=1))
    world.said(deal, occurred_at=ago(11))
    rule(*conditions)
    found = fired(world, deal)
    assert len(found) == fires
    for each in found:
        assert (each.title("en"), each.fix("zh")) == ("big and loose", "Agree on a next step.")
        assert deal.name in each.say("en")
        assert each.evidence
        assert each.record.id == deal.id


def test_it_holds_names_by_id(world, rule):
    rule(f"owner = {world.users['ben']}")
    assert fired(world, world.deal("ben"))
    assert not fired(world, world.deal("eva"))
    [made] = made_rules(world.seen_by("anja", Role.ADMIN))
    assert made.words == ["owner: Ben"]


def test_one_that_is_off_or_cannot_be_read_any_more_finds_nothing(world, rule):
    deal = world.deal()
    rule("stage not_empty", is_on=False)
    rule("a_field_that_was_deleted = 3", name="of old")
    assert fired(world, deal) == []
    assert [each.conditions is None for each in made_rules(world.seen_by("anja", Role.ADMIN))] == [False, True]


def test_who_may_not_see_a_field_learns_nothing_of_it_by_a_rule(world, rule):
    deal = world.deal(amount=Decimal(50000))
    rule("amount > 100")
    assert fired(world, deal)
    assert fired(world, deal, "eva", Role.SUPPORT) == []
    [made] = made_rules(world.seen_by("eva", Role.SUPPORT))
    assert made.conditions is None


def test_named_rules_leave_it_out(world, rule):
    deal = world.deal(next_step="")
    rule("next_step is_empty")
    view = world.seen_by("anja", Role.ADMIN)
    found = review_cases(view, cases_of(view, [deal], ["H2"]), ["H2"])
    assert [each.rule for each in found] == ["H2"]
