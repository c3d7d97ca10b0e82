"""Next actions that a company added to the built-in catalogue; data, kept by administrators."""

from sqlalchemy import JSON
from sqlmodel import Field

from crm_store.access import by_role, everyone
from crm_store.base import Record
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class Action(Record, table=True):
    """Something that can be suggested. `title_*` may hold {deal} and {who}; `signs` are how it is recognised."""

    __tablename__ = "action"
    name: str = Field(unique=True)
    label_en: str
    label_zh: str = ""
    title_en: str = ""
    title_zh: str = ""
    makes: str = "task"
    due_days: int = 3
    from_stage: int = 1
    signs: list[str] = Field(default_factory=list, sa_type=JSON)


ACTION = Noun(
    kind="action",
    model=Action,
    label=Label("action", "行动"),
    fields=(
        FieldSpec("name", FieldType.TEXT, Label("name", "名称"), required=True),
        FieldSpec("label_en", FieldType.TEXT, Label("in English", "英文名称"), required=True),
        FieldSpec("label_zh", FieldType.TEXT, Label("in Chinese", "中文名称")),
        FieldSpec("title_en", FieldType.TEXT, Label("task title in English", "英文任务标题")),
        FieldSpec("title_zh", FieldType.TEXT, Label("task title in Chinese", "中文任务标题")),
        FieldSpec("makes", FieldType.CHOICE, Label("creates", "生成"), choices=("task", "draft")),
        FieldSpec("due_days", FieldType.INTEGER, Label("due in working days", "期限（工作日）")),
        FieldSpec("from_stage", FieldType.INTEGER, Label("from open stage", "起始阶段")),
        FieldSpec("signs", FieldType.LIST, Label("recognised by", "识别词")),
    ),
    csv="actions.csv",
    read=everyone,
    write=by_role(),
)
