"""Every metric of the catalogue equals plain SQL for every role, over random companies and the demonstration."""

import json
import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.metric import METRICS
from analytics.snapshots import take_snapshots
from analytics.view import View
from core.clock import FixedClock
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.principals import SYSTEM, Role
from tests.analytics.random_world import fill
from tests.analytics.reference.asker import Calendar, Reference
from tests.analytics.reference.compare import REFERENCE, compare_all
from tests.analytics.small_world import SmallWorld

RANDOM = Calendar(
    "2027-05-19 12:00:00", ("2027-04-01", "2027-06-30"), ("2027-01-01", "2027-03-31"), ("2026-05-20", "2027-05-19"),
    "2027-Q2", "2027-Q1",
)  # fmt: skip
SOUTH, NORTH = ("anja", "ben", "cleo"), ("dov", "eva")
# Who asks: name, role, whose records they read, time zone.
ASKERS = (
    ("ben", Role.REP, SOUTH, "Asia/Shanghai"), ("anja", Role.MANAGER, SOUTH, "UTC"),
    ("dov", Role.MANAGER, NORTH, "Asia/Shanghai"), ("cleo", Role.SUPPORT, SOUTH, "America/New_York"),
    ("eva", Role.MARKETER, NORTH, "Asia/Shanghai"), ("eva", Role.ADMIN, NORTH, "Asia/Shanghai"),
)  # fmt: skip
# The demonstration at 18:00 in New York, asked about its running quarter and an earlier one.
DEMO = {
    "2026-Q1": Calendar(
        "2026-03-10 22:00:00", ("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31"), ("2025-03-11", "2026-03-10"),
        "2026-Q1", "2025-Q4",
    ),
    "2025-Q3": Calendar(
        "2026-03-10 22:00:00", ("2025-07-01", "2025-09-30"), ("2025-04-01", "2025-06-30"), ("2025-01-01", "2025-12-31"),
        "2025-Q3", "2025-Q2",
    ),
}  # fmt: skip


def test_every_metric_has_a_reference():
    assert set(REFERENCE) == set(METRICS.names()), "write the metric's SQL in tests/analytics/reference/"


@settings(max_examples=10)
@given(chance=st.randoms(use_true_random=False))
def test_every_metric_equals_sql_for_every_role(new_world, chance):
    with new_world() as world:
        fill(world, chance)
        database = world.uow.session.connection().connection.driver_connection
        for asker in ASKERS:
            view, ref = seen_by(world, database, *asker)
            compare_all(view, ref, asker[0])


@pytest.mark.parametrize("quarter", DEMO)
def test_every_metric_equals_sql_over_the_demonstration_for_everyone(demo, quarter):
    store, database = demo
    people = database.execute("SELECT id, email, role, timezone, team_id FROM user_account").fetchall()
    compared = 0
    for me, email, role, zone, team in people:
        mates = [row[0] for row in database.execute("SELECT id FROM user_account WHERE team_id = ?", (team,))]
        regions = json.loads(database.execute("SELECT regions FROM team WHERE id = ?", (team,)).fetchone()[0])
        own = None if role == "admin" else mates if role == "manager" else [me]
        ref = Reference(database, DEMO[quarter], role, me, mates, own, regions, zone)
        with store.unit_of_work(find_principal(store, email), writes=False) as uow:
            compared += compare_all(View(uow), ref, email)
    assert {role for _, _, role, _, _ in people} == {str(role) for role in Role} - {str(Role.SYSTEM)}
    assert compared > 300


@pytest.fixture(scope="module")
def demo(tmp_path_factory, northstar_template, northstar_now):
    """The demonstration with its snapshots, and with what its files lack: campaigns and NPS scores."""
    path = tmp_path_factory.mktemp("demo") / "northstar.sqlite3"
    path.write_bytes(northstar_template.read_bytes())
    store = open_store(f"sqlite:///{path}", FixedClock(northstar_now))
    with store.unit_of_work(SYSTEM) as uow:
        add_campaigns_and_scores(uow)
        take_snapshots(uow)
        uow.commit()
    database = sqlite3.connect(path)
    yield store, database
    database.close()
    store.close()


def add_campaigns_and_scores(uow) -> None:
    for number, (source, start, end, cost) in enumerate((
        ("trade_show", date(2026, 1, 5), date(2026, 2, 28), "42000"), ("", date(2026, 2, 1), None, "9000"),
        ("website", date(2025, 7, 1), None, "18000"), ("partner", date(2025, 8, 1), date(2025, 12, 31), None),
    )):  # fmt: skip
        amount, currency = Decimal(cost) if cost else None, "CNY" if number % 2 else "USD"
        made = {"name": f"Campaign {number}", "source": source, "start_on": start, "end_on": end}
        uow.create("campaign", {**made, "cost": amount, "currency": currency})
    uow.create("field", {"kind": "contact", "name": "nps", "label_en": "NPS", "type": "integer"})
    for place, contact in enumerate(uow.all("contact")):
        if place % 3:
            uow.update("contact", contact, {"nps": place % 11})


def seen_by(world: SmallWorld, database, name: str, role: Role, mates, zone: str) -> tuple[View, Reference]:
    view = world.seen_by(name, role)
    region = "South" if name in SOUTH else "North"
    principal = replace(view.uow.principal, regions=frozenset([region]), timezone=zone)
    world.uow.principal = world.uow.session.info["principal"] = principal
    reach = [world.users[each] for each in mates]
    me = world.users[name]
    own = None if role is Role.ADMIN else reach if role is Role.MANAGER else [me]
    return view, Reference(database, RANDOM, str(role), me, reach, own, [region], zone)
