"""Fields that a company adds itself: typed, and usable at once in tools, filters, import and permissions."""

from sqlalchemy import JSON
from sqlmodel import Field

from crm_store.access import by_role, everyone
from crm_store.base import Record
from crm_store.nouns import FieldSpec, FieldType, Label, Noun
from crm_store.principals import Role

CUSTOM_TYPES = ("text", "long_text", "integer", "amount", "date", "boolean", "choice")


class CustomField(Record, table=True):
    """The definition of one custom field of one kind of record."""

    __tablename__ = "custom_field"
    kind: str = Field(index=True)
    name: str
    label_en: str
    label_zh: str = ""
    type: str
    choices: list[str] = Field(default_factory=list, sa_type=JSON)
    hidden_from: list[str] = Field(default_factory=list, sa_type=JSON)

    def spec(self) -> FieldSpec:
        """The field as nouns know it."""
        return FieldSpec(
            name=self.name,
            type=FieldType(self.type),
            label=Label(self.label_en, self.label_zh or self.label_en),
            choices=tuple(self.choices),
            custom=True,
            hidden_from=frozenset(Role(role) for role in self.hidden_from),
        )


FIELD = Noun(
    kind="field",
    model=CustomField,
    label=Label("field", "字段"),
    fields=(
        FieldSpec("kind", FieldType.TEXT, Label("kind of record", "记录类型"), required=True),
        FieldSpec("name", FieldType.TEXT, Label("name", "名称"), required=True),
        FieldSpec("label_en", FieldType.TEXT, Label("English label", "英文标签"), required=True),
        FieldSpec("label_zh", FieldType.TEXT, Label("Chinese label", "中文标签")),
        FieldSpec("type", FieldType.CHOICE, Label("type", "类型"), choices=CUSTOM_TYPES, required=True),
        FieldSpec("choices", FieldType.LIST, Label("choices", "选项")),
        FieldSpec("hidden_from", FieldType.LIST, Label("hidden from roles", "对角色隐藏")),
    ),
    csv="fields.csv",
    read=everyone,
    write=by_role(),
)
