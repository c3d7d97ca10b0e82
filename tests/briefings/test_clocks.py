"""Leads that nobody answers and urgent tickets that stay open: whoever is responsible is told, once."""

from datetime import timedelta

import pytest

from briefings.delivering import Deliverer
from briefings.planning import plan_due
from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.principals import SYSTEM


class Taking:
    def __init__(self):
        self.messages = []

    def deliver(self, message):
        self.messages.append(message)
        return message.key

    def find(self, message):
        return None


@pytest.fixture
def look(northstar_store, clock, tmp_path):
    """Looks at the clock after so many hours, and gives the notices of waiting that came."""
    settings = Settings(
        home=tmp_path, delivery_channel="it", briefing_rule="mon 03:00", lead_answer_hours=4, urgent_ticket_hours=8
    )
    channel = Taking()
    deliverer = Deliverer(northstar_store, settings, {"it": channel})
    plan_due(northstar_store, settings, clock.now())

    def after(hours):
        clock.advance(timedelta(hours=hours))
        for key in plan_due(northstar_store, settings, clock.now()):
            deliverer.deliver(key)
        taken, channel.messages = channel.messages, []
        return [(message.email, message.title) for message in taken if message.kind == "clock"]

    return after


@pytest.fixture
def make(northstar_store):
    def made(kind, **values):
        with northstar_store.unit_of_work(SYSTEM) as uow:
            record = uow.create(kind, values)
            uow.commit()
            return record.id

    return made


@pytest.fixture
def lead(northstar_store, make):
    marcus = find_principal(northstar_store, "marcus@northstar.example")
    return make("lead", name="Nora Quist", company="Quist Pumps", status="new", owner=marcus.user_id)


def of(told, word):
    return [each for each in told if word in each[1]]


def test_the_owner_of_a_lead_is_told_once_when_it_waited_too_long(look, lead):
    assert of(look(3), "Nora Quist") == []
    ((email, title),) = of(look(1.1), "Nora Quist")
    assert email == "marcus@northstar.example"
    assert "Quist Pumps" in title
    assert of(look(1), "Nora Quist") == of(look(24), "Nora Quist") == []


@pytest.mark.parametrize("what", ["answered", "closed", "muted"])
def test_nobody_is_told_of_a_lead_that_is_taken_care_of_or_while_muted(
    northstar_store, look, make, lead, clock, what
):
    marcus = find_principal(northstar_store, "marcus@northstar.example")
    if what == "answered":
        make("interaction", type="call", direction="outbound", occurred_at=clock.now(), owner=marcus.user_id,
             subject="Called", body="Called Nora", lead=lead)  # fmt: skip
    elif what == "muted":
        make("schedule", job="briefing", rule="mon 03:00", owner=marcus.user_id, channel="it",
             muted_until=(clock.now() + timedelta(days=5)).date())  # fmt: skip
    else:
        with northstar_store.unit_of_work(SYSTEM) as uow:
            uow.update("lead", uow.find("lead", lead), {"status": "disqualified"})
            uow.commit()
    assert of(look(5), "Nora Quist") == []


def test_whoever_works_on_an_urgent_ticket_is_told_once_when_it_stays_open(northstar_store, look, make, clock):
    sam = find_principal(northstar_store, "sam@northstar.example")
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        account = uow.all("account")[0].id
    made = {"account": account, "assignee": sam.user_id, "opened_at": clock.now(), "status": "open"}
    make("ticket", number="T-9001", subject="Line stands still", priority="urgent", **made)
    make("ticket", number="T-9002", subject="A question", priority="normal", **made)
    assert of(look(7), "T-90") == []
    ((email, title),) = of(look(1.1), "T-90")
    assert email == "sam@northstar.example"
    assert "T-9001" in title
    assert of(look(12), "T-90") == []
