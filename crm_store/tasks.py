"""Tasks: something someone of ours has to do, by a date."""

from datetime import date, datetime

from sqlmodel import Field

from crm_store.access import any_of, by_role, in_command, own
from crm_store.base import Record, UtcDateTime
from crm_store.nouns import FieldSpec, FieldType, Label, Noun

TASK_STATUSES = ("open", "done")
PRIORITIES = ("low", "normal", "high", "urgent")


class Task(Record, table=True):
    """A to-do of one person; at `remind_at` they are reminded of it once."""

    __tablename__ = "task"
    title: str
    due: date | None = Field(default=None, index=True)
    assignee_id: str | None = Field(default=None, foreign_key="user_account.id", index=True)
    created_by_id: str | None = Field(default=None, foreign_key="user_account.id")
    account_id: str | None = Field(default=None, foreign_key="account.id", index=True)
    deal_id: str | None = Field(default=None, foreign_key="deal.id", index=True)
    contact_id: str | None = Field(default=None, foreign_key="contact.id")
    ticket_id: str | None = Field(default=None, foreign_key="ticket.id")
    lead_id: str | None = Field(default=None, foreign_key="lead.id")
    priority: str = "normal"
    status: str = "open"
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


_OWN = by_role(
    rep=any_of(own("assignee_id"), own("created_by_id")),
    manager=any_of(in_command("assignee_id"), in_command("created_by_id")),
    support=any_of(own("assignee_id"), own("created_by_id")),
    marketer=any_of(own("assignee_id"), own("created_by_id")),
)

TASK = Noun(
    kind="task",
    model=Task,
    label=Label("task", "任务"),
    fields=(
        FieldSpec("title", FieldType.TEXT, Label("title", "标题"), required=True),
        FieldSpec("due", FieldType.DATE, Label("due", "到期日")),
        FieldSpec("assignee", FieldType.REF, Label("assignee", "负责人"), ref="user", csv="assignee_email"),
        FieldSpec("account", FieldType.REF, Label("account", "客户"), ref="account"),
        FieldSpec("deal", FieldType.REF, Label("deal", "商机"), ref="deal"),
        FieldSpec("contact", FieldType.REF, Label("contact", "联系人"), ref="contact"),
        FieldSpec("ticket", FieldType.REF, Label("ticket", "工单"), ref="ticket"),
        FieldSpec("lead", FieldType.REF, Label("lead", "线索"), ref="lead"),
        FieldSpec("priority", FieldType.CHOICE, Label("priority", "优先级"), choices=PRIORITIES),
        FieldSpec("status", FieldType.CHOICE, Label("status", "状态"), choices=TASK_STATUSES),
        FieldSpec("remind_at", FieldType.DATETIME, Label("reminder", "提醒时间"), timed=True),
        FieldSpec("created_by", FieldType.REF, Label("created by", "创建人"), ref="user", follows=True),
        FieldSpec("created_at", FieldType.DATETIME, Label("created", "创建时间"), follows=True),
    ),
    name_field="title",
    csv="tasks.csv",
    read=_OWN,
    write=_OWN,
)
