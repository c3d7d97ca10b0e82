"""Every metric of the catalogue equals plain SQL over random companies, for every role, in several currencies."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.attributes import attribute
from analytics.evaluate import evaluate
from analytics.measure import Grouping, Slice
from analytics.metric import METRICS, Unit
from analytics.view import View
from crm_store.campaigns import Campaign
from crm_store.custom_fields import CustomField
from crm_store.deals import Deal
from crm_store.journal import AuditEntry
from crm_store.leads import Lead
from crm_store.principals import Role
from crm_store.snapshots import Snapshot
from crm_store.tasks import Task
from crm_store.tickets import Ticket
from language.dates import Period
from language.lexicon import Lexicon
from tests.analytics import reference
from tests.analytics.reference import REFERENCE, Reference
from tests.analytics.small_world import NOW, RATES, STAGES, SmallWorld
from tools.metrics import UnknownMetricError, find_metric
from tools.registry import ToolContext
from tools.resolver import Resolver

PERIODS = {
    "forecast_accuracy": reference.LAST, "forecast_bias": reference.LAST,
    "velocity": reference.YEAR, "ltv": reference.YEAR,
}  # fmt: skip
LABELS = {reference.QUARTER: "2027-Q2", reference.LAST: "2027-Q1", reference.YEAR: "the year"}
SOUTH, NORTH = ("anja", "ben", "cleo"), ("dov", "eva")
# Who asks: name, role, whose records they read, hours ahead of UTC.
ASKERS = (
    ("ben", Role.REP, SOUTH, 8), ("anja", Role.MANAGER, SOUTH, 0), ("dov", Role.MANAGER, NORTH, 8),
    ("cleo", Role.SUPPORT, SOUTH, 0), ("eva", Role.MARKETER, NORTH, 8), ("eva", Role.ADMIN, NORTH, 8),
)  # fmt: skip
_FIGURES = {
    "commit_forecast", "best_case_forecast", "expected_landing", "quota", "quota_attainment", "gap", "to_go",
    "coverage", "forecast_accuracy", "forecast_bias",
}  # fmt: skip
_AMOUNTS = {
    "pipeline_value", "weighted_pipeline", "closed_won", "closed_lost", "open_commit", "win_rate_by_value",
    "average_deal_size", "average_open_deal", "velocity", "ltv", "slippage", "campaign_roi",
}  # fmt: skip
_DEALS = {
    "win_rate", "sales_cycle", "deal_count", "open_deal_count", "new_deal_count", "won_count", "lost_count",
    "stage_conversion", "stage_duration", "push_count",
}  # fmt: skip
_TICKETS = {"ticket_count", "open_ticket_count", "first_response_time", "resolution_time", "csat"}
# What does not exist for a role (definitions §1).
ABSENT = {
    Role.REP: {"campaign_roi"},
    Role.MANAGER: set(),
    Role.SUPPORT: _FIGURES | _AMOUNTS | {"lead_count", "lead_response_time"},
    Role.MARKETER: _FIGURES | _AMOUNTS | _DEALS | _TICKETS,
    Role.ADMIN: set(),
}


def test_every_metric_has_a_reference():
    assert set(REFERENCE) == set(METRICS.names()), "write the metric's SQL in tests/analytics/reference.py"


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_every_metric_equals_sql_for_every_role(new_world, chance):
    with new_world() as world:
        fill(world, chance)
        database = world.uow.session.connection().connection.driver_connection
        for asker in ASKERS:
            view, ref = seen_by(world, database, *asker)
            context = ToolContext(view.uow, Resolver(view.uow, Lexicon([])))
            for name in METRICS.names():
                if exists(context, name):
                    assert name not in ABSENT[asker[1]], f"{name} is shown to the {asker[1]}"
                    compare(view, ref, name, asker)
                else:
                    assert name in ABSENT[asker[1]], f"{name} is missing for the {asker[1]}"


def compare(view: View, ref: Reference, name: str, asker) -> None:
    metric, days = METRICS.get(name), PERIODS.get(name, reference.QUARTER)
    people = frozenset(ref.own) if metric.own_only and ref.own is not None else None
    by = Grouping(attribute(view.uow, metric.kind, metric.default_by)) if metric.default_by else None
    period = Period(date.fromisoformat(days[0]), date.fromisoformat(days[1]), LABELS[days])
    found = evaluate(metric, Slice(view, people, period, by=by))
    expected = REFERENCE[name](ref)
    said = f"{name} for {asker[0]}, {asker[1]}"
    if not isinstance(expected, dict):
        assert agrees(metric.unit, found.total.value, expected), f"{said}: {found.total.value} is not {expected}"
        return
    stages = {stage.id: stage.name for stage in view.uow.all("stage")}
    groups = {stages.get(group.key, group.key): group.value for group in found.groups if group.n_of or group.value}
    assert set(groups) == set(expected), said
    for key, value in expected.items():
        assert agrees(metric.unit, groups[key], value), f"{said}, {key}: {groups[key]} is not {value}"


def agrees(unit: Unit, found: Decimal | None, expected: float | None) -> bool:
    """Equal but for what rounding each currency to the cent may do to money, and to quotients of it."""
    if found is None or expected is None:
        return found is None and expected is None
    off = {"abs": 0.03} if unit is Unit.MONEY else {"rel": 1e-3, "abs": 1e-6}
    return float(found) == pytest.approx(expected, **off)


def exists(context: ToolContext, name: str) -> bool:
    try:
        return find_metric(context, name).name == name
    except UnknownMetricError:
        return False


def seen_by(world: SmallWorld, database, name: str, role: Role, mates, hours: int) -> tuple[View, Reference]:
    view = world.seen_by(name, role)
    region = "South" if name in SOUTH else "North"
    zone = "Asia/Shanghai" if hours else "UTC"
    principal = replace(view.uow.principal, regions=frozenset([region]), timezone=zone)
    world.uow.principal = world.uow.session.info["principal"] = principal
    reach = [world.users[each] for each in mates]
    me = world.users[name]
    own = None if role is Role.ADMIN else reach if role is Role.MANAGER else [me]
    return view, Reference(database, str(role), me, reach, own, [region], hours)


def fill(world: SmallWorld, chance: Random) -> None:
    """A random company: deals with their history, and some of everything that is counted."""
    people = list(world.users)
    world.add(CustomField, kind="contact", name="nps", label_en="NPS", type="integer")
    accounts = [world.account(chance.choice(people), created_at=moment(chance)) for _ in range(5)]
    for number in range(3):
        start = date(2027, 1, 1) + timedelta(days=chance.randint(0, 150))
        world.add(
            Campaign, name=f"Fair {number}", source=chance.choice(("fair", "web")), start_on=start,
            end_on=chance.choice((None, start + timedelta(days=60))),
            amount=chance.choice((None, Decimal(chance.randint(10_000, 90_000)))), currency=chance.choice(list(RATES)),
        )  # fmt: skip
    for _ in range(9):
        add_deal(world, chance, chance.choice(accounts), chance.choice(people))
    leads = [
        world.add(Lead, name=f"Lead {n}", owner_id=world.users.get(chance.choice([*people, ""])),
                  region=chance.choice(("South", "North", "")), created_at=moment(chance))
        for n in range(6)
    ]  # fmt: skip
    tickets = []
    for number in range(6):
        opened = moment(chance)
        tickets.append(world.add(
            Ticket, number=f"T{number}", subject="s", account_id=chance.choice(accounts).id, opened_at=opened,
            status=chance.choice(("open", "pending", "resolved", "closed")), csat=chance.choice((None, 1, 3, 5)),
            resolved_at=chance.choice((None, opened + timedelta(hours=chance.randint(1, 900)))),
        ))  # fmt: skip
    for number in range(6):
        world.add(
            Task, title=f"Task {number}", due=date(2027, 3, 1) + timedelta(days=chance.randint(0, 150)),
            assignee_id=world.users[chance.choice(people)], created_by_id=world.users[chance.choice(people)],
            status=chance.choice(("open", "done")),
        )  # fmt: skip
        world.contact(
            chance.choice(accounts),
            created_at=moment(chance),
            custom=chance.choice(({}, {"nps": chance.randint(0, 10)})),
        )
    for name in people:
        for period in ("quarterly", "2027-Q1", "2027-Q2"):
            if chance.random() < 0.5:
                world.quota(name, chance.randint(1, 9000), period)
        world.add(
            Snapshot,
            taken_on=date(2027, 1, 1),
            owner_id=world.users[name],
            period="2027-Q1",
            figures=figures(chance),
        )
    for _ in range(14):
        to = chance.choice(({"account_id": chance.choice(accounts).id}, {"lead_id": chance.choice(leads).id},
                            {"ticket_id": chance.choice(tickets).id}))  # fmt: skip
        world.said(occurred_at=moment(chance), direction=chance.choice(("inbound", "outbound")),
                   owner_id=world.users[chance.choice(people)], **to)  # fmt: skip


def figures(chance: Random) -> dict[str, object]:
    made = dict.fromkeys(("pipeline", "best_case", "weighted"), "0")
    money = {name: str(chance.randint(0, 5000)) for name in ("commit", "closed")}
    return {**made, **money, "n": 1, "quota": None, "is_known": chance.random() < 0.8}


def add_deal(world: SmallWorld, chance: Random, account, owner: str) -> None:
    """A deal that went from stage to stage, and whose close date and amount were changed on the way."""
    at = moment(chance)
    path, moments = ["Discover"], [at]
    for _ in range(chance.randint(0, 4)):
        later = at + timedelta(hours=chance.randint(1, 1500))
        if later >= NOW or path[-1] in ("Signed", "Gone"):
            break
        path.append(chance.choice([name for name, _, _, _ in STAGES if name != path[-1]]))
        moments.append(later)
        at = later
    stage = next(each for each in STAGES if each[0] == path[-1])
    first = date(2027, 2, 1) + timedelta(days=chance.randint(0, 150))
    days = [first + timedelta(days=chance.randint(-20, 90)) for _ in range(chance.randint(0, 3))]
    amounts = [Decimal(chance.randint(1_000_000, 90_000_000)) / 100 for _ in range(2)]
    changes = sorted(moment(chance, moments[0]) for _ in days)
    last = (days or [first])[-1]
    closed = stage[1] != "open"
    deal = world.add(
        Deal, name=f"Deal {next(world.number)}", account_id=account.id, owner_id=world.users[owner],
        stage_id=world.stages[path[-1]], amount=None if chance.random() < 0.1 else amounts[1],
        currency=chance.choice(list(RATES)), close_date=last, created_at=moments[0],
        closed_at=moments[-1] if closed else None, source=chance.choice(("fair", "web", "Fair 0", "")),
        forecast_category=stage[3] if closed else chance.choice(("pipeline", "best_case", "commit", "omitted")),
    )  # fmt: skip
    for place, (name, then) in enumerate(zip(path, moments, strict=True)):
        world.move(deal, path[place - 1] if place else None, name, then)
    world.changed(deal, moments[0], {}, {"name": deal.name})
    before = first
    for place, (day, then) in enumerate(zip(days, changes, strict=True)):
        old, new = {"close_date": before.isoformat()}, {"close_date": day.isoformat()}
        if not place and deal.amount is not None:
            old, new = {**old, "amount": str(amounts[0])}, {**new, "amount": str(amounts[1])}
        world.changed(deal, then, old, new)
        before = day
    if chance.random() < 0.3:
        taken_back(world, deal, max([moments[0], *changes]))


def taken_back(world: SmallWorld, deal: Deal, after) -> None:
    """A push that was undone at once: it counts nowhere."""
    old = {"close_date": deal.close_date.isoformat()}
    new = {"close_date": (deal.close_date + timedelta(days=30)).isoformat()}
    for before, later, marks in ((old, new, {"undone_by": "e2"}), (new, old, {"undoes": "e1"})):
        world.uow.session.add(AuditEntry(
            effect_id="e", at=after + timedelta(minutes=1), action="updated", kind="deal", record_id=deal.id,
            before=before, after=later, version=3, **marks,
        ))  # fmt: skip
    world.uow.session.flush()


def moment(chance: Random, after=None):
    """Some minute before now, not before `after`."""
    minutes = int(((NOW - after).total_seconds() if after else 450 * 86400) // 60)
    return NOW - timedelta(minutes=chance.randint(1, max(minutes, 2)))
