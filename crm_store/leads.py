"""Leads: people who may become customers, before there is an account."""

from datetime import datetime

from sqlmodel import Field

from crm_store.access import any_of, by_role, everyone, in_command, unassigned_in_region
from crm_store.base import Record, UtcDateTime
from crm_store.nouns import FieldSpec, FieldType, Label, Noun

LEAD_STATUSES = ("new", "working", "qualified", "converted", "disqualified")


class Lead(Record, table=True):
    """Someone who showed interest. A converted lead points to the account, contact and deal it became."""

    __tablename__ = "lead"
    name: str = Field(index=True)
    company: str = ""
    email: str = ""
    phone: str = ""
    title: str = ""
    source: str = ""
    product_interest: str = ""
    region: str = ""
    status: str = "new"
    owner_id: str | None = Field(default=None, foreign_key="user_account.id", index=True)
    converted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    account_id: str | None = Field(default=None, foreign_key="account.id")
    contact_id: str | None = Field(default=None, foreign_key="contact.id")
    deal_id: str | None = Field(default=None, foreign_key="deal.id")


_TEAMS = any_of(in_command("owner_id"), unassigned_in_region())

LEAD = Noun(
    kind="lead",
    model=Lead,
    label=Label("lead", "线索"),
    fields=(
        FieldSpec("name", FieldType.TEXT, Label("name", "姓名"), required=True),
        FieldSpec("company", FieldType.TEXT, Label("company", "公司")),
        FieldSpec("email", FieldType.TEXT, Label("e-mail", "邮箱")),
        FieldSpec("phone", FieldType.TEXT, Label("phone", "电话")),
        FieldSpec("title", FieldType.TEXT, Label("job title", "职务")),
        FieldSpec("source", FieldType.TEXT, Label("source", "来源")),
        FieldSpec("product_interest", FieldType.TEXT, Label("product interest", "意向产品")),
        FieldSpec("region", FieldType.TEXT, Label("region", "区域")),
        FieldSpec("status", FieldType.CHOICE, Label("status", "状态"), choices=LEAD_STATUSES),
        FieldSpec("owner", FieldType.REF, Label("owner", "负责人"), ref="user", csv="owner_email"),
        FieldSpec("created_at", FieldType.DATETIME, Label("created", "创建时间"), follows=True),
        FieldSpec("converted_at", FieldType.DATETIME, Label("converted", "转化时间"), follows=True),
        FieldSpec("account", FieldType.REF, Label("account", "客户"), ref="account", follows=True),
        FieldSpec("contact", FieldType.REF, Label("contact", "联系人"), ref="contact", follows=True),
        FieldSpec("deal", FieldType.REF, Label("deal", "商机"), ref="deal", follows=True),
    ),
    csv="leads.csv",
    read=by_role(rep=_TEAMS, marketer=everyone),
    write=by_role(rep=_TEAMS, marketer=everyone),
)
