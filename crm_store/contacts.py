"""Contacts: the people at accounts."""

from sqlmodel import Field

from crm_store.access import by_role, everyone, in_command, in_reach, via
from crm_store.accounts import ACCOUNT
from crm_store.base import Record
from crm_store.nouns import FieldSpec, FieldType, Label, Noun

CONTACT_ROLES = ("champion", "economic_buyer", "technical", "user", "blocker", "influencer", "other")


class Contact(Record, table=True):
    """A person at an account. `opted_out`: no follow-up may be drafted to them."""

    __tablename__ = "contact"
    name: str = Field(index=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    title: str = ""
    email: str = ""
    phone: str = ""
    role: str = ""
    language: str = ""
    opted_out: bool = False


CONTACT = Noun(
    kind="contact",
    model=Contact,
    label=Label("contact", "联系人"),
    fields=(
        FieldSpec("name", FieldType.TEXT, Label("name", "姓名"), required=True),
        FieldSpec("account", FieldType.REF, Label("account", "客户"), ref="account", required=True),
        FieldSpec("title", FieldType.TEXT, Label("job title", "职务")),
        FieldSpec("email", FieldType.TEXT, Label("e-mail", "邮箱")),
        FieldSpec("phone", FieldType.TEXT, Label("phone", "电话")),
        FieldSpec("role", FieldType.CHOICE, Label("role", "角色"), choices=CONTACT_ROLES),
        FieldSpec("language", FieldType.TEXT, Label("language", "语言")),
        FieldSpec("opted_out", FieldType.BOOLEAN, Label("opted out", "不接收邮件")),
        FieldSpec("created_at", FieldType.DATETIME, Label("created", "创建时间"), follows=True),
    ),
    csv="contacts.csv",
    read=by_role(
        rep=via("account_id", lambda: ACCOUNT.table, in_reach("owner_id")),
        support=everyone,
        marketer=everyone,
    ),
    write=by_role(rep=via("account_id", lambda: ACCOUNT.table, in_command("owner_id"))),
)
