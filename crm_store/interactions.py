"""Interactions: what was said and done, word for word beside a summary. Source rows of the memory."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, Table, and_, or_, select
from sqlmodel import Field, SQLModel

from crm_store.access import any_of, by_role, everyone, in_command, in_reach, not_empty, own, via
from crm_store.accounts import ACCOUNT
from crm_store.base import Record, UtcDateTime
from crm_store.deals import DEAL
from crm_store.leads import LEAD
from crm_store.nouns import FieldSpec, FieldType, Label, Noun
from crm_store.principals import Principal

INTERACTION_TYPES = ("call", "meeting", "visit", "email", "message", "note")
DIRECTIONS = ("inbound", "outbound")
TWO_WAY_TYPES = ("call", "meeting", "visit")


class Interaction(Record, table=True):
    """A call, meeting, visit, e-mail, message or note. `body` is the text as it was given.

    Of a voice note `recording` is where it lies, and `heard` its transcript before names were put right, marked.
    """

    __tablename__ = "interaction"
    __table_args__ = (Index("ix_interaction_activity", "owner_id", "occurred_at", "account_id", "lead_id"),)
    type: str
    direction: str = ""
    occurred_at: datetime = Field(sa_type=UtcDateTime, index=True)
    account_id: str | None = Field(default=None, foreign_key="account.id", index=True)
    deal_id: str | None = Field(default=None, foreign_key="deal.id", index=True)
    lead_id: str | None = Field(default=None, foreign_key="lead.id", index=True)
    ticket_id: str | None = Field(default=None, foreign_key="ticket.id", index=True)
    owner_id: str | None = Field(default=None, foreign_key="user_account.id", index=True)
    subject: str = ""
    summary: str = ""
    body: str = ""
    duration_min: int | None = None
    external_id: str = Field(default="", index=True)
    recording: str = ""
    heard: str = ""


class InteractionContact(SQLModel, table=True):
    """Who took part from the customer's side."""

    __tablename__ = "interaction_contact"
    interaction_id: str = Field(foreign_key="interaction.id", primary_key=True)
    contact_id: str = Field(foreign_key="contact.id", primary_key=True, index=True)


def _lead_in_command(principal: Principal, table: Table) -> ColumnElement[bool]:
    readable = select(LEAD.table.c.id).where(LEAD.read(principal, LEAD.table))
    return table.c.lead_id.in_(readable)


def two_way() -> ColumnElement[bool]:
    """Interactions in which the customer took part: calls, meetings, visits, inbound e-mails and messages."""
    table: Any = Interaction
    written = and_(table.type.in_(("email", "message")), table.direction == "inbound")
    return or_(table.type.in_(TWO_WAY_TYPES), written)


INTERACTION = Noun(
    kind="interaction",
    model=Interaction,
    label=Label("interaction", "互动记录"),
    fields=(
        FieldSpec("type", FieldType.CHOICE, Label("type", "类型"), choices=INTERACTION_TYPES, required=True),
        FieldSpec("direction", FieldType.CHOICE, Label("direction", "方向"), choices=DIRECTIONS),
        FieldSpec("occurred_at", FieldType.DATETIME, Label("when", "时间"), required=True),
        FieldSpec("account", FieldType.REF, Label("account", "客户"), ref="account"),
        FieldSpec("deal", FieldType.REF, Label("deal", "商机"), ref="deal"),
        FieldSpec("lead", FieldType.REF, Label("lead", "线索"), ref="lead"),
        FieldSpec("ticket", FieldType.REF, Label("ticket", "工单"), ref="ticket"),
        FieldSpec("contacts", FieldType.REFS, Label("contacts", "联系人"), ref="contact", link=InteractionContact),
        FieldSpec("owner", FieldType.REF, Label("by", "记录人"), ref="user", csv="owner_email"),
        FieldSpec("subject", FieldType.TEXT, Label("subject", "主题")),
        FieldSpec("summary", FieldType.LONG_TEXT, Label("summary", "摘要")),
        FieldSpec("body", FieldType.LONG_TEXT, Label("text", "原文")),
        FieldSpec("duration_min", FieldType.INTEGER, Label("minutes", "时长（分钟）")),
        FieldSpec("recording", FieldType.TEXT, Label("recording", "录音")),
        FieldSpec("heard", FieldType.LONG_TEXT, Label("as heard", "原始转写")),
        FieldSpec("external_id", FieldType.TEXT, Label("external id", "外部编号"), csv="id"),
    ),
    name_field="subject",
    csv="interactions.csv",
    read=by_role(
        rep=any_of(
            via("account_id", lambda: ACCOUNT.table, in_reach("owner_id")), own("owner_id"), _lead_in_command
        ),
        support=everyone,
        marketer=everyone,
    ),
    write=by_role(
        rep=any_of(
            via("account_id", lambda: ACCOUNT.table, in_command("owner_id")),
            via("deal_id", lambda: DEAL.table, in_command("owner_id")),
            _lead_in_command,
        ),
        support=not_empty("ticket_id"),
    ),
)
