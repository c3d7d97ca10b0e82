"""Where a deal stands now: what the rules look at and what past situations are compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import func, or_, select

from analytics.history import Said, latest, quoted
from analytics.hygiene.case_file import CaseFile
from analytics.hygiene.review import review_cases
from analytics.hygiene.rule import Finding
from analytics.next_best_action.catalogue import Catalogue, in_title, recognised
from analytics.view import View
from analytics.wording import load_table
from core.clock import local_date
from core.parts import RecordRef
from crm_store.accounts import Account
from crm_store.contacts import Contact
from crm_store.deals import Deal
from crm_store.interactions import Interaction
from crm_store.query import readable
from crm_store.tasks import Task
from crm_store.tickets import UNRESOLVED, Ticket
from memory.facts.extract import objections_in

RECENT = 10
# How far back an objection is still on the table, in interactions and days.
_HEARD_WITHIN, _HEARD_DAYS = 3, 45

_ACCOUNT: Any = Account
_CONTACT: Any = Contact
_INTERACTION: Any = Interaction
_TASK: Any = Task
_TICKET: Any = Ticket


@dataclass
class Situation:
    """A deal's case file, findings, open tasks, urgent tickets and latest interactions, newest first.

    `twin` is another account with the same name or domain as the deal's.
    """

    view: View
    case: CaseFile
    known: Catalogue
    findings: Mapping[str, Finding] = field(default_factory=dict)
    tasks: Sequence[Task] = ()
    urgent: Sequence[Ticket] = ()
    twin: RecordRef | None = None
    said: Sequence[Said] = ()

    @property
    def deal(self) -> Deal:
        """The deal."""
        return self.case.deal

    def days_since(self, said: Said) -> int:
        """Days since an interaction."""
        return (self.view.today - local_date(said.record.occurred_at, self.view.timezone)).days

    def quote(self, said: Said) -> str:
        """An interaction in one line."""
        return quoted(self.view, said)

    @cached_property
    def heard(self) -> frozenset[str]:
        """The topics of the objections that are on the table."""
        return objections_in(text_of(self.heard_in)) if self.heard_in is not None else frozenset()

    @cached_property
    def heard_in(self) -> Said | None:
        """The interaction in which they were raised: the latest that raises any and that nothing answered."""
        for said in self.said[:_HEARD_WITHIN]:
            if self.days_since(said) > _HEARD_DAYS:
                return None
            if objections_in(text_of(said)):
                return said
            if self.action_of(said):
                return None
        return None

    @cached_property
    def words(self) -> str:
        """The words that describe the situation: of the interaction that was heard last."""
        said = self.heard_in or (self.said[0] if self.said else None)
        return text_of(said) if said is not None else ""

    @cached_property
    def done(self) -> tuple[str, ...]:
        """Our latest actions on the deal, the last one first."""
        return tuple(filter(None, (self.action_of(said) for said in self.said)))

    @cached_property
    def planned(self) -> frozenset[str]:
        """The actions that open tasks of the deal are about."""
        return frozenset(in_title(self.known, task.title) for task in self.tasks) - {""}

    def days_since_action(self, name: str) -> int | None:
        """Days since it was last done on this deal; None where it was not lately."""
        days = [self.days_since(said) for said in self.said if self.action_of(said) == name]
        return min(days, default=None)

    def action_of(self, said: Said) -> str:
        """Which action an interaction was."""
        record = said.record
        return recognised(self.known, type=record.type, direction=record.direction, subject=record.subject)

    @cached_property
    def contact(self) -> Contact | None:
        """Who to talk to: the deal's primary contact, else who took part last; nobody who opted out."""
        met = [ref.id for said in self.said for ref in said.contacts]
        for contact_id in filter(None, (self.deal.primary_contact_id, *met)):
            found = self.view.uow.find("contact", contact_id)
            if isinstance(found, Contact) and not found.opted_out:
                return found
        return None


def text_of(said: Said) -> str:
    """What an interaction says, its subject where nothing else was written."""
    return said.text or said.record.subject


def situations(view: View, cases: Sequence[CaseFile], known: Catalogue) -> list[Situation]:
    """The situations of some open deals."""
    findings: dict[str, dict[str, Finding]] = {}
    for finding in review_cases(view, cases):
        findings.setdefault(finding.record.id, {})[finding.rule] = finding
    tasks = _open_tasks(view, [case.deal.id for case in cases])
    accounts = sorted({case.deal.account_id for case in cases})
    urgent, twins = _urgent_tickets(view, accounts), _twins(view, accounts)
    so_far = _INTERACTION.occurred_at <= view.uow.now + timedelta(hours=12)
    return [
        Situation(
            view=view,
            case=case,
            known=known,
            findings=findings.get(case.deal.id, {}),
            tasks=tasks.get(case.deal.id, []),
            urgent=urgent.get(case.deal.account_id, []),
            twin=twins.get(case.deal.account_id),
            said=latest(view, _INTERACTION.deal_id == case.deal.id, so_far, limit=RECENT),
        )
        for case in cases
    ]


def _open_tasks(view: View, deals: Sequence[str]) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = {}
    where = _TASK.deal_id.in_(deals), _TASK.status == "open"
    for task in view.uow.session.scalars(select(Task).where(*where).order_by(_TASK.due, _TASK.id)):
        found.setdefault(task.deal_id or "", []).append(task)
    return found


def _urgent_tickets(view: View, accounts: Sequence[str]) -> dict[str, list[Ticket]]:
    if not readable(view.uow, "ticket"):
        return {}
    found: dict[str, list[Ticket]] = {}
    urgent = _TICKET.priority == "urgent", _TICKET.status.in_(UNRESOLVED)
    tickets = view.uow.all("ticket", _TICKET.account_id.in_(accounts), *urgent)
    for ticket in sorted(tickets, key=lambda one: one.opened_at):
        found.setdefault(ticket.account_id, []).append(ticket)
    return found


def _twins(view: View, accounts: Sequence[str]) -> dict[str, RecordRef]:
    """For each of the accounts that has one: another visible account with its name or domain, in any case."""
    own = view.uow.all("account", _ACCOUNT.id.in_(accounts))
    names, domains = {each.name.lower() for each in own}, {each.domain.lower() for each in own if each.domain}
    alike = or_(func.lower(_ACCOUNT.name).in_(sorted(names)), func.lower(_ACCOUNT.domain).in_(sorted(domains)))
    others = sorted(view.uow.all("account", alike), key=lambda each: each.id)
    found: dict[str, RecordRef] = {}
    for each in own:
        for other in others:
            same_name = other.name.lower() == each.name.lower()
            same_domain = each.domain and other.domain.lower() == each.domain.lower()
            if other.id != each.id and (same_name or same_domain):
                found.setdefault(each.id, RecordRef(kind="account", id=other.id, name=other.name))
    return found


def has_sign(said: Said, sign: str) -> bool:
    """Whether an interaction shows one of the signs of `next_actions.yaml`."""
    text = f"{said.record.subject}\n{said.text}".casefold()
    return any(word in text for word in load_table("next_actions")["signs"][sign])
