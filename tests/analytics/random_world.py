"""A random company in the small world: deals with their history, and some of everything that is counted."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from crm_store.campaigns import Campaign
from crm_store.custom_fields import CustomField
from crm_store.deals import Deal
from crm_store.journal import AuditEntry
from crm_store.leads import Lead
from crm_store.snapshots import Snapshot
from crm_store.tasks import Task
from crm_store.tickets import Ticket
from tests.analytics.small_world import NOW, RATES, STAGES, SmallWorld


def fill(world: SmallWorld, chance: Random) -> None:
    """Adds campaigns, deals, leads, tickets, tasks, contacts, quotas, snapshots and interactions."""
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
