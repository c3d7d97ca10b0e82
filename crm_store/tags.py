"""Tags on records of any kind."""

from sqlmodel import Field

from crm_store.access import by_role, everyone, own
from crm_store.base import Record
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class Tag(Record, table=True):
    """A word that someone put on a record."""

    __tablename__ = "tag"
    name: str = Field(index=True)
    record_kind: str
    record_id: str = Field(index=True)
    owner_id: str | None = Field(default=None, foreign_key="user_account.id")


TAG = Noun(
    kind="tag",
    model=Tag,
    label=Label("tag", "标签"),
    fields=(
        FieldSpec("name", FieldType.TEXT, Label("name", "名称"), required=True),
        FieldSpec("record_kind", FieldType.TEXT, Label("kind of record", "记录类型"), required=True),
        FieldSpec("record_id", FieldType.TEXT, Label("record", "记录"), required=True),
        FieldSpec("owner", FieldType.REF, Label("by", "创建人"), ref="user", csv="owner_email"),
    ),
    csv="tags.csv",
    read=everyone,
    write=by_role(rep=own("owner_id"), support=own("owner_id"), marketer=own("owner_id")),
)
