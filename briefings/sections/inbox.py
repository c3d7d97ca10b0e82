"""What came in: new leads and their clock, customers who wait for a reply, and what others changed overnight."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from analytics.history import Said, quoted, with_people
from analytics.wording import choice_word
from briefings.line import Desk, Line, section
from briefings.own_deals import cases
from core.parts import RecordRef
from crm_store.audit_trail import AuditLine, list_changes_by_others
from crm_store.interactions import Interaction
from crm_store.leads import Lead
from crm_store.query import names_of, readable
from crm_store.tasks import PRIORITIES
from crm_store.tickets import UNRESOLVED, Ticket

WAITING_DAYS = 14
NEW_LEAD_DAYS = 7
EVENING = time(18)

_INTERACTION: Any = Interaction
_LEAD: Any = Lead
_TICKET: Any = Ticket


@section("leads", 50, "rep")
def new_leads(desk: Desk) -> list[Line]:
    """Own leads that nobody has answered, the longest waiting first, with how long they wait."""
    if not readable(desk.view.uow, "lead"):
        return []
    uow = desk.view.uow
    leads = uow.all("lead", _LEAD.owner_id == desk.me, _LEAD.status.in_(("new", "working")))
    if not leads:
        return []
    answered = {
        each.lead_id
        for each in uow.all(
            "interaction",
            _INTERACTION.lead_id.in_([lead.id for lead in leads]),
            _INTERACTION.direction != "inbound",
            _INTERACTION.occurred_at <= uow.now,
        )
    }
    waiting = sorted((lead for lead in leads if lead.id not in answered), key=lambda one: (one.created_at, one.id))
    fresh = [lead for lead in waiting if (uow.now - lead.created_at).days < NEW_LEAD_DAYS]
    old = [lead for lead in waiting if lead not in fresh]
    lines = [_lead_line(desk, lead) for lead in fresh]
    if old:
        refs = tuple(RecordRef(kind="lead", id=lead.id, name=lead.name) for lead in old[:3])
        names = desk.say("comma").join(ref.name for ref in refs)
        lines.append(Line(desk.say("leads_old", n=len(old), days=NEW_LEAD_DAYS, names=names), refs))
    return lines


@section("tickets", 55, "rep")
def own_tickets(desk: Desk) -> list[Line]:
    """Unresolved tickets that the person works on, the most urgent and oldest first, with their clock."""
    view = desk.view
    if not readable(view.uow, "ticket"):
        return []
    tickets = view.uow.all("ticket", _TICKET.assignee_id == desk.me, _TICKET.status.in_(UNRESOLVED))
    ranks = {name: place for place, name in enumerate(reversed(PRIORITIES))}
    tickets = sorted(tickets, key=lambda one: (ranks.get(one.priority, 9), one.opened_at, one.id))
    accounts = names_of(view.uow, "account", [ticket.account_id for ticket in tickets])
    lines = []
    for ticket in tickets:
        text = desk.say(
            "ticket",
            number=ticket.number,
            subject=ticket.subject,
            account=accounts.get(ticket.account_id or "", "—"),
            priority=choice_word(desk.language, "priority", ticket.priority),
            clock=_waited(desk, ticket.opened_at),
        )
        lines.append(Line(text, (RecordRef(kind="ticket", id=ticket.id, name=ticket.number),)))
    return lines


@section("replies", 60, "rep")
def replies_waiting(desk: Desk) -> list[Line]:
    """Customers whose last message on an own deal or account nobody has answered yet."""
    view = desk.view
    own = [case.deal.id for case in cases(desk)]
    recent = {
        each.id: each
        for where in (_INTERACTION.owner_id == desk.me, _INTERACTION.deal_id.in_(own) if own else None)
        if where is not None
        for each in view.uow.all(
            "interaction",
            where,
            _INTERACTION.occurred_at <= view.uow.now,
            _INTERACTION.occurred_at > view.uow.now - timedelta(days=WAITING_DAYS),
            _INTERACTION.type != "note",
        )
    }
    last: dict[str, Interaction] = {}
    for each in sorted(recent.values(), key=lambda one: (one.occurred_at, one.id)):
        last[each.deal_id or each.account_id or each.lead_id or each.id] = each
    waiting = [each for each in last.values() if each.direction == "inbound" and each.type in ("email", "message")]
    waiting.sort(key=lambda one: (one.occurred_at, one.id))
    return [_reply_line(desk, said) for said in with_people(view, waiting)]


@section("overnight", 70, "rep")
def overnight(desk: Desk) -> list[Line]:
    """What others changed on own deals since the evening of the last working day."""
    changes = list_changes_by_others(
        desk.view.uow, since(desk), {case.deal.id: case.deal.name for case in cases(desk)}
    )
    by_deal: dict[str, list[AuditLine]] = {}
    for change in changes:
        by_deal.setdefault(change.record_id, []).append(change)
    lines = []
    for deal_id, some in by_deal.items():
        fields = {spec.name: spec for spec in desk.view.uow.fields("deal")}
        names = dict.fromkeys(name for each in some for name in each.after if name in fields)
        labels = desk.say("comma").join(fields[name].label.of(desk.language) for name in names)
        who = desk.say("comma").join(dict.fromkeys(each.who for each in some))
        text = desk.say("overnight", deal=some[0].record, who=who, fields=labels)
        lines.append(Line(text, (RecordRef(kind="deal", id=deal_id, name=some[0].record),)))
    return lines


def since(desk: Desk) -> datetime:
    """18:00 of the last working day before today, on the person's clock."""
    day = desk.view.today - timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return datetime.combine(day, EVENING, ZoneInfo(desk.view.timezone)).astimezone(UTC)


def _lead_line(desk: Desk, lead: Lead) -> Line:
    clock = _waited(desk, lead.created_at)
    company = desk.say("of_company", company=lead.company) if lead.company else ""
    text = desk.say("lead_new", name=lead.name, company=company, clock=clock)
    return Line(text, (RecordRef(kind="lead", id=lead.id, name=lead.name),))


def _waited(desk: Desk, moment: datetime) -> str:
    hours = int((desk.view.uow.now - moment).total_seconds() // 3600)
    return desk.say("hours", n=hours) if hours < 48 else desk.say("days", n=hours // 24)


def _reply_line(desk: Desk, said: Said) -> Line:
    return Line(desk.say("reply_waiting", quote=quoted(desk.view, said)), (said.ref, *said.contacts[:1]))
