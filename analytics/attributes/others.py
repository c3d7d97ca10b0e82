"""Derived attributes of accounts, contacts, leads, tasks, tickets, interactions and people."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from analytics.attributes.campaigns import campaign_of
from analytics.attributes.shared import (
    Derived,
    account_attributes,
    activity_attributes,
    age,
    among,
    count_of,
    flag,
    latest_interaction,
    parent_value,
    team_attribute,
    texts_contain,
)
from crm_store.accounts import Account
from crm_store.contacts import Contact
from crm_store.deals import Deal
from crm_store.interactions import Interaction, InteractionContact
from crm_store.leads import Lead
from crm_store.nouns import FieldType, Label
from crm_store.query import Attribute, readable
from crm_store.quotas import Quota
from crm_store.stages import Stage
from crm_store.tasks import Task
from crm_store.tickets import UNRESOLVED, Ticket
from crm_store.unit_of_work import UnitOfWork

_ACCOUNT: Any = Account
_CONTACT: Any = Contact
_DEAL: Any = Deal
_INTERACTION: Any = Interaction
_LEAD: Any = Lead
_LINK: Any = InteractionContact
_QUOTA: Any = Quota
_STAGE: Any = Stage
_TASK: Any = Task
_TICKET: Any = Ticket


def of_accounts(uow: UnitOfWork) -> Iterable[Derived]:
    """Last activity, team, and how many deals, open deals and unresolved tickets an account has."""
    yield from activity_attributes(latest_interaction(_INTERACTION.account_id == _ACCOUNT.id), _ACCOUNT.created_at)
    yield team_attribute(_ACCOUNT.owner_id)
    yield Derived(age("age_days", Label("age in days", "创建天数"), _ACCOUNT.created_at))
    if readable(uow, "deal"):
        open_stages = select(_STAGE.id).where(_STAGE.status == "open")
        here = _DEAL.account_id == _ACCOUNT.id
        yield _count("deals", Label("deals", "商机数"), count_of(_DEAL, here))
        yield _count(
            "open_deals",
            Label("open deals", "未关闭商机数"),
            count_of(_DEAL, here, _DEAL.stage_id.in_(open_stages)),
        )
    if readable(uow, "ticket"):
        unresolved = count_of(_TICKET, _TICKET.account_id == _ACCOUNT.id, _TICKET.status.in_(UNRESOLVED))
        yield _count("open_tickets", Label("unresolved tickets", "未解决工单数"), unresolved)


def of_contacts(uow: UnitOfWork) -> Iterable[Derived]:
    """The account's fields and owner, and the last interaction that the contact took part in."""
    took_part = select(_LINK.interaction_id).where(_LINK.contact_id == _CONTACT.id)
    yield from activity_attributes(latest_interaction(_INTERACTION.id.in_(took_part)), _CONTACT.created_at)
    yield from account_attributes(_CONTACT.account_id)
    owner = parent_value(Account, "owner_id", _CONTACT.account_id)
    yield Derived(Attribute("owner", FieldType.REF, Label("account owner", "客户负责人"), owner, ref="user"))


def of_leads(uow: UnitOfWork) -> Iterable[Derived]:
    """Age, last interaction, the owner's team, the campaign and whether the lead is still open."""
    yield Derived(age("age_days", Label("age in days", "创建天数"), _LEAD.created_at))
    yield from activity_attributes(latest_interaction(_INTERACTION.lead_id == _LEAD.id), _LEAD.created_at)
    yield team_attribute(_LEAD.owner_id)
    yield from account_attributes(_LEAD.account_id)
    yield from campaign_of(uow, _LEAD)
    is_open = _LEAD.status.in_(("new", "working", "qualified"))
    yield Derived(flag("open", Label("open", "未结束"), is_open))


def of_tasks(uow: UnitOfWork) -> Iterable[Derived]:
    """Whether a task is overdue, its age, the assignee's team, and with whom it is: by its link or its title."""
    late = and_(_TASK.due < uow.today, _TASK.status == "open")
    yield Derived(flag("overdue", Label("overdue", "已逾期"), late))
    yield Derived(age("age_days", Label("age in days", "创建天数"), _TASK.created_at))
    yield Derived(age("days_overdue", Label("days past due", "逾期天数"), _TASK.due, moment=False))
    yield team_attribute(_TASK.assignee_id)
    yield from account_attributes(_TASK.account_id)
    yield Derived(Attribute("with", FieldType.REF, Label("with", "涉及"), ref="contact", own_clause=_WITH))


def of_tickets(uow: UnitOfWork) -> Iterable[Derived]:
    """Whether a ticket is unresolved, its age, the account's fields and owner."""
    yield Derived(flag("unresolved", Label("unresolved", "未解决"), _TICKET.status.in_(UNRESOLVED)))
    yield Derived(age("age_days", Label("age in days", "开单天数"), _TICKET.opened_at))
    yield from account_attributes(_TICKET.account_id)
    owner = parent_value(Account, "owner_id", _TICKET.account_id)
    yield Derived(
        Attribute("account_owner", FieldType.REF, Label("account owner", "客户负责人"), owner, ref="user")
    )


def of_interactions(uow: UnitOfWork) -> Iterable[Derived]:
    """The account's fields, the team of who logged it, and words in its text."""
    yield from account_attributes(_INTERACTION.account_id)
    yield team_attribute(_INTERACTION.owner_id)
    yield Derived(age("age_days", Label("days ago", "距今天数"), _INTERACTION.occurred_at))
    yield Derived(Attribute("mentions", FieldType.TEXT, Label("mentions", "提到"), own_clause=_MENTIONS))


def of_quotas(uow: UnitOfWork) -> Iterable[Derived]:
    """The team of whose quota it is."""
    yield team_attribute(_QUOTA.user_id)


def _count(name: str, label: Label, expression: Any) -> Derived:
    return Derived(Attribute(name, FieldType.INTEGER, label, expression))


def _mentioning(uow: UnitOfWork, words: Sequence[Any]) -> ColumnElement[bool]:
    columns = [_INTERACTION.subject, _INTERACTION.summary, _INTERACTION.body]
    return texts_contain(columns, [str(word) for word in words]) if words else false()


def _with_text(uow: UnitOfWork) -> ColumnElement[bool]:
    return or_(_INTERACTION.body != "", _INTERACTION.summary != "")


def _with_contact(uow: UnitOfWork, ids: Sequence[Any]) -> ColumnElement[bool]:
    """Tasks linked to one of some contacts, and those whose title names one."""
    people = [found for each in ids if (found := uow.find("contact", str(each))) is not None]
    named = [texts_contain([_TASK.title], [uow.name_of("contact", person)]) for person in people]
    return or_(_TASK.contact_id.in_([str(each) for each in ids]), *named)


def _with_anybody(uow: UnitOfWork) -> ColumnElement[bool]:
    linked: ColumnElement[bool] = _TASK.contact_id.is_not(None)
    return linked


_MENTIONS = among(_mentioning, _with_text)
_WITH = among(_with_contact, _with_anybody)
