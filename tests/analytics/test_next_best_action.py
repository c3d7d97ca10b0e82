"""What to do next on a deal: the most pressing rule first, with its evidence."""

from datetime import timedelta

import pytest

from analytics.hygiene.review import cases_of
from analytics.next_best_action import advise
from crm_store.principals import Role
from crm_store.tasks import Task
from crm_store.tickets import Ticket
from tests.analytics.small_world import TODAY, ago


def task(world, deal, days):
    world.add(
        Task, title="Send plan", due=TODAY + timedelta(days=days), deal_id=deal.id, assignee_id=world.users["ben"]
    )


def urgent_ticket(world, deal):
    world.add(
        Ticket, number="T-9", subject="Pump down", account_id=deal.account_id, priority="urgent", opened_at=ago(1)
    )


def said(**values):
    return lambda world, deal: world.said(deal, **{"occurred_at": ago(4), **values})


CASES = [
    ("urgent_ticket", urgent_ticket, {}),
    ("overdue_task", lambda world, deal: task(world, deal, -1), {}),
    ("broken_promise", said(body="I promised the data sheet by Monday."), {}),
    ("close_date_passed", None, {"close_date": TODAY - timedelta(days=2)}),
    ("champion_left", said(body="Our contact changed jobs."), {}),
    ("proposal_unanswered", said(type="email", direction="outbound", subject="Proposal sent"), {}),
    ("objection_heard", said(body="They are worried about a penetration test."), {}),
    ("no_next_step", None, {"next_step": ""}),
    ("closing_soon", None, {"close_date": TODAY + timedelta(days=5)}),
    ("competitor_named", None, {"competitor": "Voltaic"}),
    ("due_task", lambda world, deal: task(world, deal, 3), {}),
    ("keep_going", None, {}),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("rule", "happens", "values"), CASES)
def test_the_rule_comes_first_where_nothing_else_is_the_matter(world, rule, happens, values, language):
    deal = world.deal(**values)
    world.said(deal, occurred_at=ago(5), direction="inbound")
    if happens:
        happens(world, deal)
    view = world.seen_by("ben", Role.REP, language)
    [case] = cases_of(view, view.uow.all("deal"))
    first = advise(view, case).suggestions[0]
    assert first.rule == rule
    assert first.what
    assert first.why
    assert first.evidence
    assert "{" not in first.what + first.why


def test_a_promise_that_was_kept_is_no_reason(world):
    deal = world.deal()
    world.said(deal, occurred_at=ago(5), body="We owe them the data sheet.")
    world.said(deal, occurred_at=ago(3), type="email", direction="outbound", body="The data sheet.")
    view = world.seen_by("ben", Role.REP)
    [case] = cases_of(view, view.uow.all("deal"))
    assert "broken_promise" not in {step.rule for step in advise(view, case).suggestions}
