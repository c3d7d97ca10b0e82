"""Frozen days: what deals were, whoever asks and whenever it was frozen; what changed; the waterfall."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from analytics.changes import changes_since
from analytics.snapshots import OwnerPeriod, figures_at, owner_periods, take_snapshots
from analytics.waterfall import waterfall
from crm_store.deal_states import frozen_through, states_at
from crm_store.principals import SYSTEM, Role
from language.dates import Period
from tests.analytics.small_world import NOW, RATES, SmallWorld

QUARTER = Period(date(2027, 4, 1), date(2027, 6, 30), "2027-Q2")
START = datetime(2027, 4, 1, 9, tzinfo=UTC)
ASKERS = {
    "ben": (Role.REP, {"anja", "ben", "cleo"}),
    "anja": (Role.MANAGER, {"anja", "ben", "cleo"}),
    "dov": (Role.MANAGER, {"dov", "eva"}),
    "eva": (Role.ADMIN, {"anja", "ben", "cleo", "dov", "eva"}),
}
LOOSE = settings(max_examples=40)

a_change = st.fixed_dictionaries(
    {
        "after_hours": st.integers(1, 200),
        "deal": st.integers(0, 3),
        "field": st.sampled_from(["amount", "close_date", "stage", "owner", "forecast_category", "currency"]),
        "amount": st.one_of(st.none(), st.decimals(0, 10**6, places=2)),
        "close_date": st.one_of(st.none(), st.dates(date(2027, 2, 1), date(2027, 9, 30))),
        "stage": st.sampled_from(["Discover", "Scope", "Offer", "Terms", "Signed", "Gone"]),
        "owner": st.sampled_from(["ben", "cleo", "eva"]),
        "forecast_category": st.sampled_from(["pipeline", "best_case", "commit"]),
        "currency": st.sampled_from(list(RATES)),
    }
)


class Told:
    """A company whose deals are changed as people change them while time passes; it keeps its own record."""

    def __init__(self, world: SmallWorld) -> None:
        self.world, self.uow = world, world.uow
        self.clock = self.uow.clock
        self.clock.moment = START
        self.deals: list[object] = []
        self.log: list[tuple[datetime, str, tuple]] = []

    def create(self, owner: str, **values: object) -> None:
        account = self.world.account(owner)
        made = {
            "name": f"D{len(self.deals)}", "account": account.id, "owner": self.world.users[owner],
            "amount": Decimal(1000), "close_date": date(2027, 5, 20), "currency": "EUR", **values,
        }  # fmt: skip
        deal = self.uow.create("deal", made)
        self.deals.append(deal)
        self.note(deal)

    def change(self, step: dict) -> None:
        self.clock.moment = min(self.clock.moment + timedelta(hours=step["after_hours"]), NOW)
        deal = self.deals[step["deal"] % len(self.deals)]
        value = step[step["field"]]
        if step["field"] == "stage":
            value = self.world.stages[value]
        if step["field"] == "owner":
            value = self.world.users[value]
        values = {step["field"]: value}
        if step["field"] == "stage" and step["stage"] == "Gone":
            values["lost_reason"] = "price"
        self.uow.update("deal", deal, values)
        self.note(deal)

    def note(self, deal) -> None:
        state = (deal.owner_id, deal.stage_id, deal.amount, deal.currency, deal.close_date, deal.forecast_category)
        self.log.append((self.clock.moment, deal.id, state))

    def at(self, day: date) -> dict[str, tuple]:
        begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return {deal_id: state for moment, deal_id, state in self.log if moment < begin}


def played(world: SmallWorld, owners: list[str], steps: list[dict]) -> Told:
    told = Told(world)
    for owner in owners:
        told.create(owner)
    for step in steps:
        told.change(step)
    told.clock.moment = NOW
    world.uow.session.flush()
    return told


def plain(states) -> dict[str, tuple]:
    return {
        key: (s.owner_id, s.stage_id, s.amount, s.currency, s.close_date, s.forecast_category)
        for key, s in states.items()
    }


@LOOSE
@given(steps=st.lists(a_change, max_size=8), days=st.lists(st.integers(0, 48), min_size=1, max_size=3))
def test_states_of_any_day_are_what_they_were_frozen_or_not(new_world, steps, days):
    with new_world() as world:
        told = played(world, ["ben", "eva", "cleo"], steps)
        asked = [START.date() + timedelta(days=number) for number in days]
        for day in asked:
            assert plain(states_at(world.uow, day)) == told.at(day)
        for day in sorted(asked):
            take_snapshots(world.uow, day)
            assert frozen_through(world.uow) == max(day, frozen_through(world.uow))
        for day in asked:
            assert plain(states_at(world.uow, day)) == told.at(day)
        assert all(state.is_known for state in states_at(world.uow, asked[0]).values())


def test_a_frozen_day_stays_as_it_was_and_taking_it_again_changes_nothing(world):
    told = played(world, ["ben"], [])
    day = date(2027, 5, 10)
    first = take_snapshots(world.uow, day)
    assert (first.deals, first.owners > 0) == (1, True)
    again = take_snapshots(world.uow, day)
    assert (again.deals, again.owners) == (0, 0)
    world.uow.session.execute(text("UPDATE deal SET amount = 1"))
    world.uow.session.execute(text("UPDATE audit_entry SET before = '{}'"))
    world.uow.session.expire_all()
    assert states_at(world.uow, day)[told.deals[0].id].amount == 1000
    take_snapshots(world.uow, date(2027, 5, 12))
    assert states_at(world.uow, day)[told.deals[0].id].amount == 1000


def test_owners_figures_are_frozen_and_only_theirs_to_see(world):
    world.quota("ben", 900)
    world.quota("eva", 500)
    commit = {"after_hours": 1, "deal": 0, "field": "forecast_category", "forecast_category": "commit"}
    told = played(world, ["ben", "eva"], [commit])
    day = date(2027, 5, 10)
    take_snapshots(world.uow, day)
    told.uow.update("deal", told.deals[0], {"amount": Decimal(7)})
    rows = owner_periods(world.seen_by("anja", Role.MANAGER), QUARTER, day)
    assert rows == {
        world.users["ben"]: OwnerPeriod(
            pipeline=Decimal(1000), commit=Decimal(1000), weighted=Decimal(50), n=1, quota=Decimal(900)
        )
    }
    for name, role in (("cleo", Role.REP), ("cleo", Role.SUPPORT), ("cleo", Role.MARKETER)):
        assert owner_periods(world.seen_by(name, role), QUARTER, day) == {}
    assert set(owner_periods(world.seen_by("ben", Role.REP), QUARTER, day)) == {world.users["ben"]}
    assert len(owner_periods(world.seen_by("eva", Role.ADMIN), QUARTER, day)) == 2


def test_imported_deals_are_frozen_back_to_their_first_day_from_the_stage_history(northstar_store, clock):
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        assert frozen_through(uow) == clock.moment.date()
        for day in ("2025-03-15", "2025-09-01", "2026-01-01"):
            then = states_at(uow, date.fromisoformat(day))
            sql = "SELECT deal_id, to_stage_id FROM stage_change WHERE changed_at < :day ORDER BY changed_at, id"
            rows = uow.session.execute(text(sql), {"day": f"{day} 00:00:00"})
            expected = {row[0]: row[1] for row in rows}
            assert {key: state.stage_id for key, state in then.items()} == expected
            assert not any(state.is_known for state in then.values())


@LOOSE
@given(
    steps=st.lists(a_change, max_size=8), since=st.integers(1, 48), asker=st.sampled_from(list(ASKERS)),
    mine=st.booleans(), frozen=st.booleans(),
)  # fmt: skip
def test_the_waterfall_balances_and_its_ends_are_what_they_were(new_world, steps, since, asker, mine, frozen):
    role, seen = ASKERS[asker]
    with new_world() as world:
        told = played(world, ["ben", "eva", "cleo", "ben"], steps)
        day = START.date() + timedelta(days=since)
        if frozen:
            take_snapshots(world.uow, NOW.date())
        view = world.seen_by(asker, role)
        people = frozenset([world.users[asker]]) if mine else None
        found = waterfall(view, QUARTER, day, people)
        visible = {deal.id for deal in told.deals if deal.owner_id in {world.users[name] for name in seen}}
        now = {deal_id: state for _, deal_id, state in told.log}
        start = _pipeline(world, told.at(day), visible, people, found.currency)
        end = _pipeline(world, now, visible, people, found.currency)
        assert (found.start, found.end) == (start, end)
        assert found.start + sum(step.amount for step in found.steps) == found.end
        for step in found.steps:
            assert step.amount == sum((worth for _, worth in step.deals), Decimal(0))


def test_changes_list_the_deals_and_what_happened_to_each(world):
    told = played(world, ["ben", "ben", "ben", "eva"], [])
    day = date(2027, 4, 10)
    told.clock.moment = START + timedelta(days=20)
    stages = world.stages
    told.uow.update("deal", told.deals[0], {"stage": stages["Offer"], "amount": Decimal(1500)})
    told.uow.update("deal", told.deals[1], {"close_date": date(2027, 8, 1)})
    told.uow.update("deal", told.deals[2], {"stage": stages["Gone"], "lost_reason": "price"})
    told.uow.update("deal", told.deals[3], {"close_date": date(2027, 5, 2)})
    told.create("ben")
    told.clock.moment = NOW
    kinds = [(c.kind, c.deal.name) for c in changes_since(world.seen_by("ben", Role.REP), day)]
    assert set(kinds) == {
        ("advanced", "D0"), ("amount", "D0"), ("category", "D0"), ("pushed", "D1"), ("lost", "D2"),
        ("created", "D4"),
    }  # fmt: skip
    assert kinds[0] == ("lost", "D2")
    assert [c.deal.name for c in changes_since(world.seen_by("eva", Role.REP), day)] == ["D3"]
    seen = changes_since(world.seen_by("cleo", Role.SUPPORT), day)
    assert not any(c.kind == "amount" or c.amount is not None for c in seen)
    assert changes_since(world.seen_by("cleo", Role.MARKETER), day) == []


def test_a_deal_out_of_reach_is_gone_from_the_past_as_well(world):
    told = played(world, ["ben", "ben"], [])
    take_snapshots(world.uow, date(2027, 5, 10))
    told.uow.update("deal", told.deals[0], {"owner": world.users["eva"]})
    view = world.seen_by("ben", Role.REP)
    assert set(states_at(view.uow, date(2027, 5, 10))) == {told.deals[1].id}
    found = waterfall(view, QUARTER, date(2027, 5, 10))
    assert (found.start, found.end) == (1000, 1000)
    admin = world.seen_by("eva", Role.ADMIN)
    assert (
        waterfall(admin, QUARTER, date(2027, 5, 10), frozenset([world.users["ben"]])).step("handed_over").amount
        == -1000
    )
    told.uow.delete("deal", told.deals[1])
    assert waterfall(world.seen_by("eva", Role.ADMIN), QUARTER, date(2027, 5, 10)).start == 1000


def test_figures_of_a_past_day_equal_the_frozen_ones(world):
    played(world, ["ben", "cleo"], [{"after_hours": 30, "deal": 1, "field": "stage", "stage": "Signed"}])
    day = date(2027, 5, 10)
    take_snapshots(world.uow, day)
    view = world.seen_by("anja", Role.MANAGER)
    whole = OwnerPeriod()
    for row in owner_periods(view, QUARTER, day).values():
        whole = whole.plus(row)
    assert whole == figures_at(view, QUARTER, day, view.uow.principal.command)
    assert (whole.closed, whole.pipeline) == (1000, 1000)


def _pipeline(world, states, visible, people, currency) -> Decimal:
    opened = {world.stages[name] for name in ("Discover", "Scope", "Offer", "Terms")}
    total = Decimal(0)
    for deal_id, (owner, stage, amount, code, closes, _) in states.items():
        due = closes is not None and QUARTER.start <= closes <= QUARTER.end
        if deal_id in visible and stage in opened and due and (people is None or owner in people):
            worth = (amount or Decimal(0)) * (Decimal(1) if code == currency else RATES[code] / RATES[currency])
            total += worth if code == currency else worth.quantize(Decimal("0.01"))
    return total


@pytest.fixture(autouse=True)
def _clock_goes_back(empty_store):
    yield
    empty_store.clock.moment = NOW
