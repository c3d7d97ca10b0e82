"""What belongs to a record, as lines that cite records: tasks, contacts, tickets, deals, products, history."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from analytics import history
from analytics.attributes import attributes
from analytics.view import View
from analytics.wording import choice_word, day_text, moment_text, money_text, say
from core.parts import RecordRef
from crm_store.contacts import Contact
from crm_store.deals import Deal, StageChange
from crm_store.interactions import Interaction, InteractionContact
from crm_store.products import DealProduct, Product
from crm_store.query import names_of, readable
from crm_store.stages import Stage
from crm_store.tasks import Task
from crm_store.tickets import UNRESOLVED, Ticket

RECENT = 5
MOST = 30

_CONTACT: Any = Contact
_DEAL: Any = Deal
_CHANGE: Any = StageChange
_INTERACTION: Any = Interaction
_LINE: Any = DealProduct
_LINK: Any = InteractionContact
_PRODUCT: Any = Product
_STAGE: Any = Stage
_TASK: Any = Task
_TICKET: Any = Ticket


@dataclass(frozen=True, slots=True)
class Line:
    """One line with the record it is about."""

    text: str
    ref: RecordRef | None = None


Related = Callable[[View, str, Any], list[Line]]


def tasks(view: View, kind: str, record: Any) -> list[Line]:
    """Open tasks with due day and assignee, the most urgent first."""
    where = _pointing(_TASK, kind, record)
    found = view.uow.session.scalars(
        select(Task).where(where, _TASK.status == "open").order_by(_TASK.due, _TASK.title).limit(MOST)
    ).all()
    users = names_of(view.uow, "user", (task.assignee_id for task in found))
    return [_task(view, task, users) for task in found]


def last_activity(view: View, kind: str, record: Any) -> list[Line]:
    """The latest interaction with day, type and people."""
    return [
        Line(history.quoted(view, said), said.ref)
        for said in history.latest(view, interactions_of(kind, record), limit=1)
    ]


def interactions(view: View, kind: str, record: Any) -> list[Line]:
    """The latest interactions with a line of what was said."""
    found = history.latest(view, interactions_of(kind, record), limit=RECENT)
    return [Line(history.quoted(view, said), said.ref) for said in found]


def contacts(view: View, kind: str, record: Any) -> list[Line]:
    """The people of an account, or those in a deal, with titles and roles."""
    if kind == "deal":
        met = (
            select(_LINK.contact_id)
            .join(_INTERACTION, _INTERACTION.id == _LINK.interaction_id)
            .where(_INTERACTION.deal_id == record.id)
        )
        where = or_(_CONTACT.id.in_(met), _CONTACT.id == record.primary_contact_id)
    else:
        where = _CONTACT.account_id == (record.id if kind == "account" else getattr(record, "account_id", None))
    found = view.uow.session.scalars(select(Contact).where(where).order_by(_CONTACT.name).limit(MOST))
    return [_contact(view, each) for each in found]


def tickets(view: View, kind: str, record: Any) -> list[Line]:
    """Unresolved tickets of the account or contact, oldest first."""
    if kind == "contact":
        where = _TICKET.contact_id == record.id
    else:
        where = _TICKET.account_id == (record.id if kind == "account" else getattr(record, "account_id", None))
    statement = select(Ticket).where(where, _TICKET.status.in_(UNRESOLVED)).order_by(_TICKET.opened_at)
    return [_ticket(view, each) for each in view.uow.session.scalars(statement.limit(MOST))]


def deals(view: View, kind: str, record: Any) -> list[Line]:
    """Open deals of the account or contact, the next to close first."""
    if not readable(view.uow, "deal"):
        return []
    open_stages = select(_STAGE.id).where(_STAGE.status == "open")
    account_id = record.id if kind == "account" else getattr(record, "account_id", None)
    statement = select(Deal).where(_DEAL.account_id == account_id, _DEAL.stage_id.in_(open_stages))
    found = view.uow.session.scalars(statement.order_by(_DEAL.close_date, _DEAL.name).limit(MOST)).all()
    stages = names_of(view.uow, "stage", (deal.stage_id for deal in found))
    owners = names_of(view.uow, "user", (deal.owner_id for deal in found))
    return [_deal(view, deal, stages, owners) for deal in found]


def products(view: View, kind: str, record: Any) -> list[Line]:
    """Product lines of a deal with quantity and price."""
    if not readable(view.uow, "deal_product"):
        return []
    rows = view.uow.session.execute(
        select(DealProduct, Product)
        .join(_PRODUCT, _PRODUCT.id == _LINE.product_id)
        .where(_LINE.deal_id == record.id)
    ).all()
    return [
        Line(
            say(
                view.language, "product_line", name=product.name, sku=product.sku, n=line.quantity,
                price=money_text(view.language, line.unit_price, record.currency),
            ),
            RecordRef(kind="product", id=product.id, name=product.name),
        )
        for line, product in rows
    ]  # fmt: skip


def stage_history(view: View, kind: str, record: Any) -> list[Line]:
    """The stages that a deal went through, with days and people."""
    statement = select(StageChange).where(_CHANGE.deal_id == record.id).order_by(_CHANGE.changed_at, _CHANGE.id)
    found = view.uow.session.scalars(statement).all()
    stages = names_of(
        view.uow, "stage", (each for change in found for each in (change.from_stage_id, change.to_stage_id))
    )
    people = names_of(view.uow, "user", (change.changed_by_id for change in found))
    return [
        Line(
            say(
                view.language, "stage_line" if change.from_stage_id else "stage_first",
                day=moment_text(view.language, change.changed_at, view.timezone),
                before=stages.get(change.from_stage_id or "", ""), after=stages.get(change.to_stage_id, ""),
                who=people.get(change.changed_by_id or "", "—"),
            )
        )
        for change in found
    ]  # fmt: skip


# What can be asked of a record by name beside its fields, by kind.
RELATED: Mapping[str, Mapping[str, Related]] = {
    "account": {
        "last_activity": last_activity, "contacts": contacts, "deals": deals, "tickets": tickets, "tasks": tasks,
        "interactions": interactions,
    },
    "contact": {
        "last_activity": last_activity, "deals": deals, "tickets": tickets, "tasks": tasks,
        "interactions": interactions,
    },
    "deal": {
        "last_activity": last_activity, "contacts": contacts, "products": products, "stage_history": stage_history,
        "tickets": tickets, "tasks": tasks, "interactions": interactions,
    },
    "lead": {"last_activity": last_activity, "tasks": tasks, "interactions": interactions},
    "ticket": {"last_activity": last_activity, "tasks": tasks, "interactions": interactions},
}  # fmt: skip


def interactions_of(kind: str, record: Any) -> Any:
    """The condition for interactions that belong to a record."""
    if kind == "contact":
        return _INTERACTION.id.in_(select(_LINK.interaction_id).where(_LINK.contact_id == record.id))
    return _pointing(_INTERACTION, kind, record)


def _pointing(model: Any, kind: str, record: Any) -> Any:
    return getattr(model, f"{kind}_id") == record.id


def _task(view: View, task: Task, users: Mapping[str, str]) -> Line:
    language = view.language
    late = task.due is not None and task.due < view.today
    due = say(language, "due_overdue" if late else "due_on", day=day_text(language, task.due)) if task.due else ""
    text = say(
        language,
        "with_details",
        name=task.title,
        details=_joined(language, (due, users.get(task.assignee_id or "", ""))),
    )
    return Line(text, RecordRef(kind="task", id=task.id, name=task.title))


def _contact(view: View, contact: Contact) -> Line:
    role = choice_word(view.language, "contact_role", contact.role) if contact.role else ""
    details = _joined(view.language, (contact.title, role, contact.email, contact.phone))
    text = say(view.language, "with_details", name=contact.name, details=details) if details else contact.name
    return Line(text, RecordRef(kind="contact", id=contact.id, name=contact.name))


def _ticket(view: View, ticket: Ticket) -> Line:
    language = view.language
    opened = say(language, "opened_on", day=moment_text(language, ticket.opened_at, view.timezone))
    details = _joined(
        language,
        (
            choice_word(language, "ticket_status", ticket.status),
            choice_word(language, "priority", ticket.priority),
            opened,
        ),
    )
    text = say(language, "with_details", name=f"{ticket.number} {ticket.subject}", details=details)
    return Line(text, RecordRef(kind="ticket", id=ticket.id, name=ticket.number))


def _deal(view: View, deal: Deal, stages: Mapping[str, str], owners: Mapping[str, str]) -> Line:
    language = view.language
    amount = money_text(language, deal.amount, deal.currency) if "amount" in attributes(view.uow, "deal") else ""
    closes = say(language, "closes_on", day=day_text(language, deal.close_date)) if deal.close_date else ""
    details = _joined(
        language, (stages.get(deal.stage_id, ""), amount, closes, owners.get(deal.owner_id or "", ""))
    )
    text = say(language, "with_details", name=deal.name, details=details)
    return Line(text, RecordRef(kind="deal", id=deal.id, name=deal.name))


def _joined(language: str, details: Iterable[str]) -> str:
    return ("，" if language == "zh" else ", ").join(filter(None, details))


def cited_by(lines: Sequence[Line]) -> list[RecordRef]:
    """The records that the lines are about."""
    return [line.ref for line in lines if line.ref is not None]
