"""Each hygiene rule fires on what it is about, and does not on the nearest thing that is fine."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest

from analytics.hygiene.review import cases_of, review_cases, review_others
from analytics.hygiene.rule import RULES, Finding, wording
from analytics.movements import stays
from core.parts import RecordRef
from crm_store.deals import StageChange
from crm_store.leads import Lead
from crm_store.principals import Role
from tests.analytics.small_world import NOW, TODAY, ago


def fine(world, **values):
    """A deal in the second stage that no rule has anything against."""
    account = world.account()
    contacts = tuple(world.contact(account, role=role) for role in ("economic_buyer", "champion"))
    deal = world.deal(account=account, **values)
    if values.get("stage", "Scope") != "Discover":
        world.move(deal, "Discover", "Scope", ago(15))
    world.said(deal, contacts)
    return deal


def close_date_yesterday(world):
    return fine(world, close_date=TODAY - timedelta(days=1))


def close_date_today(world):
    return fine(world, close_date=TODAY)


def without_close_date(world):
    return fine(world, close_date=None)


def blank_next_step(world):
    return fine(world, next_step="  ")


def only_outbound_mail(world):
    deal = world.deal(created_at=ago(40))
    world.said(deal, type="email", direction="outbound", occurred_at=ago(1))
    world.said(deal, type="call", occurred_at=ago(14))
    return deal


def inbound_mail(world):
    deal = world.deal(created_at=ago(40))
    world.said(deal, type="email", direction="inbound", occurred_at=ago(13))
    return deal


def new_and_untouched(world):
    return world.deal(created_at=ago(13))


def old_and_untouched(world):
    return world.deal(created_at=ago(14))


def stayed_long(world):
    for length in (10, 20, 30, 40):
        other = world.deal(stage="Offer", created_at=ago(100))
        world.move(other, "Discover", "Scope", ago(90))
        world.move(other, "Scope", "Offer", ago(90 - length))
    deal = world.deal(created_at=ago(50))
    world.move(deal, "Discover", "Scope", ago(33))
    world.said(deal)
    return deal


def stayed_as_long_as_three_quarters(world):
    deal = stayed_long(world)
    move = deal_moves(world, deal)[-1]
    move.changed_at = ago(32)
    world.uow.session.flush()
    return deal


def deal_moves(world, deal):
    return sorted(world.uow.all("stage_change", StageChange.deal_id == deal.id), key=lambda move: move.changed_at)


def late_with(world, people, days_ago=89, stage="Offer"):
    account = world.account()
    deal = world.deal(stage=stage, account=account, created_at=ago(100))
    world.move(deal, "Discover", "Scope", ago(99))
    world.move(deal, "Scope", "Offer", ago(98))
    for _ in range(people):
        world.said(deal, (world.contact(account),), occurred_at=ago(days_ago))
    world.said(deal)
    return deal


def commit(world, role="economic_buyer", closes=date(2027, 6, 30), category="commit"):
    account = world.account()
    world.contact(account, role=role)
    deal = world.deal(account=account, forecast_category=category, close_date=closes)
    world.said(deal)
    return deal


def pushed(world, times, category="pipeline", was=""):
    deal = fine(world, forecast_category=category)
    for step in range(times):
        day = date(2027, 3, 1) + timedelta(days=30 * step)
        later = {"close_date": (day + timedelta(days=30)).isoformat()}
        world.changed(deal, ago(60 - step), {"close_date": day.isoformat()}, later)
    if was:
        world.changed(deal, ago(3), {"forecast_category": was}, {"forecast_category": category})
    return deal


def moved(world, *path):
    deal = fine(world, stage="Discover")
    for place, (before, after) in enumerate(itertools.pairwise(path)):
        world.move(deal, before, after, ago(10 - place))
    deal.stage_id = world.stages[path[-1]]
    world.uow.session.flush()
    return deal


FIRES = [
    ("H1", close_date_yesterday),
    ("H2", blank_next_step),
    ("H3", only_outbound_mail),
    ("H3", old_and_untouched),
    ("H4", stayed_long),
    ("H5", lambda world: late_with(world, people=1)),
    ("H5", lambda world: late_with(world, people=2, days_ago=91)),
    ("H6", lambda world: commit(world, role="champion")),
    ("H7", lambda world: fine(world, stage="Offer", amount=None)),
    ("H7", lambda world: fine(world, stage="Offer", amount=Decimal(0))),
    ("H8", lambda world: pushed(world, 3)),
    ("H8", lambda world: pushed(world, 1, "commit")),
    ("H8", lambda world: pushed(world, 1, "pipeline", was="commit")),
    ("H9", lambda world: commit(world, closes=date(2027, 7, 1))),
    ("H9", lambda world: commit(world, closes=date(2027, 3, 31))),
    ("H10", lambda world: moved(world, "Discover", "Scope", "Discover")),
    ("H10", lambda world: moved(world, "Discover", "Offer")),
]
KEEPS_STILL = [
    ("H1", close_date_today),
    ("H1", without_close_date),
    ("H2", fine),
    ("H3", inbound_mail),
    ("H3", new_and_untouched),
    ("H4", stayed_as_long_as_three_quarters),
    ("H4", fine),
    ("H5", lambda world: late_with(world, people=2)),
    ("H5", lambda world: late_with(world, people=1, stage="Scope")),
    ("H6", commit),
    ("H6", lambda world: commit(world, role="champion", category="best_case")),
    ("H7", lambda world: fine(world, amount=None)),
    ("H7", lambda world: fine(world, stage="Offer", amount=Decimal(1))),
    ("H8", lambda world: pushed(world, 2)),
    ("H8", lambda world: pushed(world, 1, "commit", was="pipeline")),
    ("H9", commit),
    ("H9", lambda world: commit(world, closes=date(2027, 7, 1), category="best_case")),
    ("H10", lambda world: moved(world, "Discover", "Scope", "Offer")),
]


def found_on(world, deal, language="en"):
    view = world.seen_by("ben", Role.REP, language)
    [seen] = [each for each in view.uow.all("deal") if each.id == deal.id]
    return {finding.rule: finding for finding in review_cases(view, cases_of(view, [seen]))}


@pytest.mark.parametrize(("rule", "make"), FIRES)
def test_a_rule_fires_with_evidence_and_a_fix_in_both_languages(world, rule, make):
    deal = make(world)
    finding = found_on(world, deal)[rule]
    assert finding.record.id == deal.id
    assert finding.evidence
    assert "{" not in finding.evidence
    assert finding.fix("en") != finding.fix("zh")
    chinese = found_on(world, deal, "zh")[rule]
    assert chinese.evidence != finding.evidence


@pytest.mark.parametrize(("rule", "make"), KEEPS_STILL)
def test_a_rule_keeps_still(world, rule, make):
    assert rule not in found_on(world, make(world))


def test_a_closed_deal_is_not_reviewed(world):
    assert found_on(world, world.deal(stage="Signed", close_date=date(2027, 1, 1), next_step="")) == {}


def others(world, rule, name="eva", role=Role.ADMIN):
    return review_others(world.seen_by(name, role), {rule})


def test_lost_without_reason(world):
    lost = world.deal(stage="Gone")
    world.deal(stage="Gone", lost_reason="price")
    world.deal()
    assert [finding.record.id for finding in others(world, "H11")] == [lost.id]
    assert others(world, "H11", role=Role.SUPPORT) == []


def test_leads_waiting(world):
    waiting = world.add(Lead, name="No Owner", created_at=NOW - timedelta(hours=24))
    untouched = world.add(Lead, name="Forgotten", owner_id=world.users["ben"], created_at=ago(30))
    fresh = world.add(Lead, name="Fresh", created_at=NOW - timedelta(hours=23))
    touched = world.add(Lead, name="Touched", owner_id=world.users["ben"], created_at=ago(30))
    gone = world.add(Lead, name="Gone", status="disqualified", created_at=ago(30))
    world.said(lead_id=touched.id, occurred_at=ago(6))
    world.said(lead_id=untouched.id, occurred_at=ago(7))
    found = {finding.record.id for finding in others(world, "H12")}
    assert found == {waiting.id, untouched.id}
    assert not found & {fresh.id, gone.id}


def test_likely_duplicates(world):
    one, two = world.account(domain="acme.example"), world.account(domain="ACME.example")
    world.account(domain="")
    world.account(domain="")
    same = [world.contact(one, email="kim@acme.example"), world.contact(two, email="Kim@acme.example")]
    world.contact(one, email="")
    found = others(world, "H13")
    assert {finding.record.kind for finding in found} == {"account", "contact"}
    assert {finding.also[0].id for finding in found} <= {one.id, two.id, *(each.id for each in same)}
    assert len(found) == 2


def test_interaction_without_deal(world):
    single, double = world.account(), world.account()
    deal = world.deal(account=single)
    world.deal(account=double)
    world.deal(account=double)
    loose = world.said(account_id=single.id)
    world.said(account_id=double.id)
    world.said(deal)
    [finding] = others(world, "H14")
    assert finding.record.id == loose.id
    assert finding.also[0].id == deal.id


def test_every_rule_has_its_texts():
    assert {rule.id for rule in RULES} == {f"H{number}" for number in range(1, 15)}
    for rule in RULES:
        for key in ("title", "fix"):
            assert wording("en", rule.id, key) != wording("zh", rule.id, key)
        record = RecordRef(kind="deal", id="deal_1", name="Pilot {2}")
        english, chinese = (Finding(rule.id, record, "", (record,)).say(each) for each in ("en", "zh"))
        assert english != chinese
        assert all("Pilot {2}" in each for each in (english, chinese))


def test_stays_of_deals_that_may_not_be_read_do_not_count(world):
    for _ in range(3):
        hidden = world.deal("eva", stage="Offer", created_at=ago(200))
        world.move(hidden, "Discover", "Scope", ago(190))
        world.move(hidden, "Scope", "Offer", ago(1))
    stayed_long(world)
    mine = world.seen_by("ben", Role.REP)
    assert (
        max(stay.days for stay in stays(mine) if stay.completed and stay.stage_id == world.stages["Scope"]) < 100
    )
    everyone = world.seen_by("eva", Role.ADMIN)
    assert (
        max(stay.days for stay in stays(everyone) if stay.completed and stay.stage_id == world.stages["Scope"])
        == 189
    )


def test_only_what_the_rules_look_at_is_loaded(world):
    deal = pushed(world, 3)
    view = world.seen_by("ben", Role.REP)
    [seen] = [each for each in view.uow.all("deal") if each.id == deal.id]
    [case] = cases_of(view, [seen], ["H8"])
    assert len(case.pushes) == 3
    assert case.last_two_way is None
    assert cases_of(view, [seen])[0].last_two_way is not None
