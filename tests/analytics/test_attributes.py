"""Derived attributes count and show only what the asker may read."""

import pytest

from analytics.attributes import attribute, attributes
from analytics.listing import Listing, fetch
from crm_store.principals import Role
from crm_store.query import Condition
from crm_store.unit_of_work import UnknownFieldError
from tests.analytics.small_world import ago


def values(view, kind, *names):
    columns = [attribute(view.uow, kind, name) for name in names]
    return {
        row.ref.name: tuple(row.values[column.name] for column in columns)
        for row in fetch(view, Listing(kind, (), columns)).rows
    }


def test_counts_leave_out_deals_of_other_teams(world):
    shared = world.account("ben", name="Shared")
    world.deal("ben", account=shared)
    world.deal("eva", account=shared)
    assert values(world.seen_by("ben", Role.REP), "account", "open_deals")["Shared"] == (1,)
    assert values(world.seen_by("eva", Role.ADMIN), "account", "open_deals")["Shared"] == (2,)


def test_fields_of_an_account_that_may_not_be_read_are_empty(world):
    world.deal("ben", account=world.account("eva", segment="Large"), name="Ours")
    assert values(world.seen_by("ben", Role.REP), "deal", "segment", "industry")["Ours"] == (None, None)
    assert values(world.seen_by("eva", Role.ADMIN), "deal", "segment")["Ours"] == ("Large",)


def test_the_last_activity_is_the_last_that_may_be_read(world):
    deal = world.deal("ben", account=world.account("eva"), name="Ours")
    world.said(deal, occurred_at=ago(3), owner_id=world.users["eva"])
    world.said(deal, occurred_at=ago(9), owner_id=world.users["ben"])
    assert values(world.seen_by("ben", Role.REP), "deal", "last_activity")["Ours"] == (ago(9),)
    assert values(world.seen_by("eva", Role.ADMIN), "deal", "last_activity")["Ours"] == (ago(3),)


def test_silence_counts_from_creation_where_nothing_was_said(world):
    world.deal(name="Quiet", created_at=ago(40))
    talked = world.deal(name="Talked", created_at=ago(40))
    world.said(talked, occurred_at=ago(4))
    view = world.seen_by("ben", Role.REP)
    silent = attribute(view.uow, "deal", "days_silent")
    found = fetch(view, Listing("deal", [Condition(silent, ">=", (40,))], [silent]))
    assert [row.ref.name for row in found.rows] == ["Quiet"]


def test_mentions_are_whole_words_and_leave_hidden_fields_alone(world):
    world.deal(name="Rival", competitor="SAP")
    spoken = world.deal(name="Spoken")
    world.said(spoken, body="They asked about sap and ERP.")
    asap = world.deal(name="Asap")
    world.said(asap, body="Send it asap.")

    def named(role):
        view = world.seen_by("ben", role)
        condition = Condition(attribute(view.uow, "deal", "mentions"), "has", ("SAP",))
        return {row.ref.name for row in fetch(view, Listing("deal", [condition], [])).rows}

    assert named(Role.REP) == {"Rival", "Spoken"}
    assert named(Role.SUPPORT) == {"Spoken"}


@pytest.mark.parametrize("name", ["amount", "competitor", "lost_reason", "discount", "product"])
def test_hidden_fields_and_what_is_derived_from_them_are_absent(world, name):
    view = world.seen_by("ben", Role.SUPPORT)
    assert name not in attributes(view.uow, "deal")
    with pytest.raises(UnknownFieldError):
        attribute(view.uow, "deal", name)
    assert name in attributes(world.seen_by("ben", Role.REP).uow, "deal")
