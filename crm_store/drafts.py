"""Follow-up drafts: written by the agent, sent by people."""

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from crm_store.access import by_role, own
from crm_store.base import Record
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class DraftMessage(Record, table=True):
    """A message that someone may send. `language` is that of the recipient."""

    __tablename__ = "draft"
    subject: str
    body: str
    language: str = "en"
    account_id: str | None = Field(default=None, foreign_key="account.id")
    deal_id: str | None = Field(default=None, foreign_key="deal.id")
    interaction_id: str | None = Field(default=None, foreign_key="interaction.id")
    owner_id: str = Field(foreign_key="user_account.id", index=True)
    status: str = "draft"
    facts: list[str] = Field(default_factory=list, sa_type=JSON)


class DraftRecipient(SQLModel, table=True):
    """Whom a draft is for."""

    __tablename__ = "draft_recipient"
    draft_id: str = Field(foreign_key="draft.id", primary_key=True)
    contact_id: str = Field(foreign_key="contact.id", primary_key=True)


_MINE = by_role(rep=own("owner_id"), support=own("owner_id"), marketer=own("owner_id"))

DRAFT = Noun(
    kind="draft",
    model=DraftMessage,
    label=Label("draft", "草稿"),
    fields=(
        FieldSpec("subject", FieldType.TEXT, Label("subject", "主题"), required=True),
        FieldSpec("body", FieldType.LONG_TEXT, Label("text", "正文"), required=True),
        FieldSpec("language", FieldType.TEXT, Label("language", "语言")),
        FieldSpec("to", FieldType.REFS, Label("to", "收件人"), ref="contact", link=DraftRecipient),
        FieldSpec("account", FieldType.REF, Label("account", "客户"), ref="account"),
        FieldSpec("deal", FieldType.REF, Label("deal", "商机"), ref="deal"),
        FieldSpec("owner", FieldType.REF, Label("by", "起草人"), ref="user", csv="owner_email"),
        FieldSpec("status", FieldType.CHOICE, Label("status", "状态"), choices=("draft", "sent", "discarded")),
        FieldSpec("facts", FieldType.LIST, Label("rests on", "依据")),
    ),
    name_field="subject",
    csv="drafts.csv",
    read=_MINE,
    write=_MINE,
)
