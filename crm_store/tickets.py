"""Tickets: requests of customers to support."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Field

from crm_store.access import by_role, everyone, in_reach, nobody, via
from crm_store.accounts import ACCOUNT
from crm_store.base import Record, UtcDateTime
from crm_store.nouns import FieldSpec, FieldType, Label, Noun, Values
from crm_store.tasks import PRIORITIES

if TYPE_CHECKING:
    from crm_store.unit_of_work import UnitOfWork

TICKET_STATUSES = ("open", "pending", "resolved", "closed")
UNRESOLVED = ("open", "pending")


class Ticket(Record, table=True):
    """A customer's request. `csat` is the score from 1 to 5 that the customer gave."""

    __tablename__ = "ticket"
    number: str = Field(unique=True)
    subject: str
    description: str = ""
    account_id: str | None = Field(default=None, foreign_key="account.id", index=True)
    contact_id: str | None = Field(default=None, foreign_key="contact.id")
    priority: str = "normal"
    status: str = Field(default="open", index=True)
    channel: str = ""
    opened_at: datetime = Field(sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    assignee_id: str | None = Field(default=None, foreign_key="user_account.id", index=True)
    csat: int | None = None


def complete_ticket(uow: "UnitOfWork", ticket: Record | None, values: Values) -> Values:
    """Gives a new ticket its number and opening time, and keeps the resolution time with the status."""
    changed = dict(values)
    if ticket is None:
        changed.setdefault("opened_at", uow.now)
        if not changed.get("number"):
            changed["number"] = uow.next_number("ticket", "T-", start=1001)
    status = values.get("status")
    if status is not None and "resolved_at" not in values:
        was = getattr(ticket, "resolved_at", None)
        changed["resolved_at"] = None if status in UNRESOLVED else (was or uow.now)
    return changed


TICKET = Noun(
    kind="ticket",
    model=Ticket,
    label=Label("ticket", "工单"),
    fields=(
        FieldSpec("number", FieldType.TEXT, Label("number", "编号")),
        FieldSpec("subject", FieldType.TEXT, Label("subject", "主题"), required=True),
        FieldSpec("description", FieldType.LONG_TEXT, Label("description", "描述")),
        FieldSpec("account", FieldType.REF, Label("account", "客户"), ref="account"),
        FieldSpec("contact", FieldType.REF, Label("contact", "联系人"), ref="contact"),
        FieldSpec("priority", FieldType.CHOICE, Label("priority", "优先级"), choices=PRIORITIES),
        FieldSpec("status", FieldType.CHOICE, Label("status", "状态"), choices=TICKET_STATUSES),
        FieldSpec("channel", FieldType.TEXT, Label("channel", "渠道")),
        FieldSpec("opened_at", FieldType.DATETIME, Label("opened", "开单时间")),
        FieldSpec("resolved_at", FieldType.DATETIME, Label("resolved", "解决时间")),
        FieldSpec("assignee", FieldType.REF, Label("assignee", "处理人"), ref="user", csv="assignee_email"),
        FieldSpec("csat", FieldType.INTEGER, Label("CSAT", "满意度")),
    ),
    name_field="number",
    csv="tickets.csv",
    read=by_role(rep=via("account_id", lambda: ACCOUNT.table, in_reach("owner_id")), support=everyone),
    write=by_role(rep=nobody, support=everyone),
    complete=complete_ticket,
)
