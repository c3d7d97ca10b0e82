"""Deal stages as data: order, status, default probability and forecast category, names in both languages."""

from sqlalchemy import JSON
from sqlmodel import Field

from crm_store.access import by_role, everyone
from crm_store.base import Record
from crm_store.nouns import FieldSpec, FieldType, Label, Noun

STATUSES = ("open", "won", "lost")
FORECAST_CATEGORIES = ("pipeline", "best_case", "commit", "omitted", "closed")


class Stage(Record, table=True):
    """A step of the sales process. `probability` is in percent; `aliases` holds names in other languages."""

    __tablename__ = "stage"
    name: str = Field(unique=True)
    position: int
    status: str
    probability: int
    forecast_category: str
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    exit_criteria: str = ""


STAGE = Noun(
    kind="stage",
    model=Stage,
    label=Label("stage", "阶段"),
    fields=(
        FieldSpec("name", FieldType.TEXT, Label("name", "名称"), required=True),
        FieldSpec("order", FieldType.INTEGER, Label("order", "顺序"), attr="position", required=True),
        FieldSpec("status", FieldType.CHOICE, Label("status", "状态"), choices=STATUSES, required=True),
        FieldSpec("probability", FieldType.INTEGER, Label("probability", "概率"), required=True),
        FieldSpec(
            "forecast_category",
            FieldType.CHOICE,
            Label("forecast category", "预测类别"),
            choices=FORECAST_CATEGORIES,
            required=True,
        ),
        FieldSpec("aliases", FieldType.LIST, Label("other names", "别名")),
        FieldSpec("exit_criteria", FieldType.LONG_TEXT, Label("exit criteria", "推进标准")),
    ),
    csv="stages.csv",
    read=everyone,
    write=by_role(),
)
