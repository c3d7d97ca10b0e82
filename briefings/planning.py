"""One look at the clock: what fell due since the last look becomes deliveries, each under its business key.

It may run as often as one likes and in several workers: keys are unique, and the mark of how far was looked moves
in the transaction that writes the deliveries down.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from briefings.preferences import Preference, list_preferences
from briefings.rules import after_quiet, occurrences
from core.clock import local_date
from core.settings import Settings
from crm_store.deliveries import Delivery
from crm_store.delivery_log import DeliveryLog
from crm_store.interactions import Interaction
from crm_store.leads import Lead
from crm_store.principals import SYSTEM
from crm_store.store import Store
from crm_store.tasks import Task
from crm_store.tickets import UNRESOLVED, Ticket

log = logging.getLogger(__name__)

MARK = "deliveries"
REMINDER_LATE = timedelta(hours=24)
# Further back nobody is told anything.
LONGEST_GAP = timedelta(days=14)
# Sooner than this is on time.
ON_TIME = timedelta(minutes=10)
# A reminder that was asked for while the clock was read is still found.
OVERLAP = timedelta(minutes=5)

_INTERACTION: Any = Interaction
_LEAD: Any = Lead
_TASK: Any = Task
_TICKET: Any = Ticket


def plan_due(store: Store, settings: Settings, now: datetime) -> list[str]:
    """Plans everything that fell due since the last time; the keys that are new. Nothing before the first time."""
    deliveries = DeliveryLog(store)
    mark = deliveries.mark(MARK)
    if mark is None:
        deliveries.plan(MARK, now, [])
        return []
    if now <= mark:
        return []
    after = max(mark, now - LONGEST_GAP)
    people = list_preferences(store, settings)
    rows = [
        *_briefings(people, settings, after, now),
        *_reminders(store, people, settings, after - OVERLAP, now),
        *_clocks(store, people, settings, after, now),
    ]
    for row in rows:
        if row.status == "skipped":
            log.warning("skipped %s: %s", row.key, row.reason)
    return deliveries.plan(MARK, now, rows)


def _briefings(people: list[Preference], settings: Settings, after: datetime, now: datetime) -> Iterator[Delivery]:
    for person in people:
        if person.rule is None:
            continue
        for day, moment in occurrences(person.rule, after, now, person.timezone):
            key = f"brief:{person.user_id}:{person.schedule_id}:{day.isoformat()}"
            row = _row(key, "briefing", person, moment, now, settings)
            if person.is_muted(day):
                row.status, row.reason = "skipped", f"muted until {person.muted_until}"
            yield row


def _reminders(
    store: Store, people: list[Preference], settings: Settings, after: datetime, now: datetime
) -> Iterator[Delivery]:
    by_id = {person.user_id: person for person in people}
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        tasks = uow.all("task", _TASK.status == "open", _TASK.remind_at > after, _TASK.remind_at <= now)
        for task in sorted(tasks, key=lambda one: (one.remind_at, one.id)):
            person = by_id.get(task.assignee_id)
            if person is None:
                continue
            key = reminder_key(task)
            row = _row(key, "reminder", person, task.remind_at, now, settings, subject=task.id)
            if not person.channel:
                row.status, row.reason = "skipped", "no channel is set for this person"
            yield row


def reminder_key(task: Any) -> str:
    """The business key of a task's present reminder; put off, it is another one."""
    return f"remind:{task.id}:{task.remind_at.isoformat() if task.remind_at else ''}"


def _clocks(
    store: Store, people: list[Preference], settings: Settings, after: datetime, now: datetime
) -> Iterator[Delivery]:
    """Leads that nobody answered and urgent tickets that stay open beyond their time: told once."""
    by_id = {person.user_id: person for person in people if person.channel and person.rule is not None}
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        found: list[tuple[str, str, str | None, datetime]] = []
        if settings.lead_answer_hours:
            wait = timedelta(hours=settings.lead_answer_hours)
            leads = uow.all("lead", _LEAD.status.in_(("new", "working")), _LEAD.created_at > after - wait,
                            _LEAD.created_at <= now - wait)  # fmt: skip
            answered = {
                each.lead_id
                for each in uow.all("interaction", _INTERACTION.lead_id.in_([lead.id for lead in leads]),
                                    _INTERACTION.direction != "inbound")
            }  # fmt: skip
            found += [("lead", each.id, each.owner_id, each.created_at + wait) for each in leads
                      if each.id not in answered]  # fmt: skip
        if settings.urgent_ticket_hours:
            wait = timedelta(hours=settings.urgent_ticket_hours)
            tickets = uow.all("ticket", _TICKET.priority == "urgent", _TICKET.status.in_(UNRESOLVED),
                              _TICKET.opened_at > after - wait, _TICKET.opened_at <= now - wait)  # fmt: skip
            found += [("ticket", each.id, each.assignee_id, each.opened_at + wait) for each in tickets]
    for kind, record_id, owner_id, moment in sorted(found, key=lambda each: (each[3], each[1])):
        person = by_id.get(owner_id or "")
        if person is not None and not person.is_muted(local_date(now, person.timezone)):
            yield _row(f"clock:{record_id}", "clock", person, moment, now, settings, subject=f"{kind}:{record_id}")


def _row(
    key: str,
    kind: str,
    person: Preference,
    due_at: datetime,
    now: datetime,
    settings: Settings,
    *,
    subject: str = "",
) -> Delivery:
    goes_at = after_quiet(due_at, person.quiet, person.timezone)
    too_late = now - goes_at > most_late(kind, settings)
    return Delivery(
        key=key,
        user_id=person.user_id,
        kind=kind,
        subject_id=subject,
        channel=person.channel,
        due_at=due_at,
        next_try_at=goes_at,
        status="skipped" if too_late else "waiting",
        reason=f"was due {due_at.isoformat()}, too long ago" if too_late else "",
        created_at=now,
    )


def most_late(kind: str, settings: Settings) -> timedelta:
    """By how much something of this kind may be late and is still sent."""
    return REMINDER_LATE if kind == "reminder" else timedelta(hours=settings.catch_up_hours)
