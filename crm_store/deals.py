"""Deals and their stage history, with the rules of definitions §3 that follow from a stage."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index
from sqlmodel import Field

from core.errors import MissingDetailError
from crm_store.access import by_role, everyone, in_command, in_reach, via
from crm_store.base import Record, ScaledDecimal, UtcDateTime
from crm_store.nouns import FieldSpec, FieldType, Label, Noun, Values
from crm_store.principals import Role
from crm_store.stages import FORECAST_CATEGORIES, Stage

if TYPE_CHECKING:
    from crm_store.unit_of_work import UnitOfWork

LOST_REASONS = ("price", "competitor", "no_decision", "requirements")
_HIDDEN = frozenset({Role.SUPPORT})


class Deal(Record, table=True):
    """A sales opportunity. `amount` is in `currency`; `forecast_override` marks a category set by a person."""

    __tablename__ = "deal"
    name: str = Field(index=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    owner_id: str | None = Field(default=None, foreign_key="user_account.id", index=True)
    stage_id: str = Field(foreign_key="stage.id", index=True)
    amount: Decimal | None = Field(default=None, sa_type=ScaledDecimal(2))
    currency: str = "USD"
    discount: int | None = None
    close_date: date | None = Field(default=None, index=True)
    forecast_category: str = "pipeline"
    forecast_override: bool = False
    source: str = ""
    primary_contact_id: str | None = Field(default=None, foreign_key="contact.id")
    next_step: str = ""
    competitor: str = ""
    lost_reason: str = ""
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StageChange(Record, table=True):
    """One move of a deal from stage to stage; the first has no `from_stage_id`."""

    __tablename__ = "stage_change"
    __table_args__ = (Index("ix_stage_change_path", "deal_id", "changed_at", "id", "to_stage_id"),)
    deal_id: str = Field(foreign_key="deal.id", index=True)
    from_stage_id: str | None = Field(default=None, foreign_key="stage.id")
    to_stage_id: str = Field(foreign_key="stage.id")
    changed_at: datetime = Field(sa_type=UtcDateTime)
    changed_by_id: str | None = Field(default=None, foreign_key="user_account.id")


def complete_deal(uow: "UnitOfWork", deal: Record | None, values: Values) -> Values:
    """Adds what follows from a new stage or a category (definitions §3).

    Raises:
        MissingDetailError: a lost stage without a lost reason.
    """
    if deal is None:
        values = {**_defaults(uow), **values}
    changed = dict(values)
    if "forecast_category" in values and "forecast_override" not in values:
        changed["forecast_override"] = True
    if "stage" not in values or values["stage"] == getattr(deal, "stage_id", None):
        return changed
    stage = uow.session.get_one(Stage, values["stage"])
    if stage.status == "open":
        changed.setdefault("closed_at", None)
        changed.setdefault("lost_reason", "")
    else:
        changed.setdefault("closed_at", uow.now)
        changed.setdefault("close_date", uow.today)
    if stage.status == "lost" and not (values.get("lost_reason") or getattr(deal, "lost_reason", "")):
        raise MissingDetailError(
            f"{stage.name} needs a lost reason.",
            field="lost_reason",
            choices=LOST_REASONS,
            zh=f"转到“{stage.name}”需要丢单原因。",
        )
    overridden = bool(getattr(deal, "forecast_override", False))
    if "forecast_category" not in values and (stage.status != "open" or not overridden):
        changed["forecast_category"] = stage.forecast_category
        changed["forecast_override"] = False
    return changed


def follow_deal(uow: "UnitOfWork", deal: Record, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Writes the stage history when the stage of a deal changes."""
    if "stage" in after and before.get("stage") != after["stage"]:
        uow.create(
            "stage_change",
            {
                "deal": deal.id,
                "from_stage": before.get("stage"),
                "to_stage": after["stage"],
                "changed_at": uow.now,
                "changed_by": uow.principal.user_id or None,
            },
        )


def _defaults(uow: "UnitOfWork") -> Values:
    first = min((stage for stage in uow.all("stage") if stage.status == "open"), key=lambda s: s.position)
    return {"stage": first.id, "currency": uow.base_currency}


DEAL = Noun(
    kind="deal",
    model=Deal,
    label=Label("deal", "商机"),
    fields=(
        FieldSpec("name", FieldType.TEXT, Label("name", "名称"), required=True),
        FieldSpec("account", FieldType.REF, Label("account", "客户"), ref="account", required=True),
        FieldSpec("owner", FieldType.REF, Label("owner", "负责人"), ref="user", csv="owner_email"),
        FieldSpec("stage", FieldType.REF, Label("stage", "阶段"), ref="stage", required=True),
        FieldSpec("amount", FieldType.AMOUNT, Label("amount", "金额"), hidden_from=_HIDDEN),
        FieldSpec("currency", FieldType.TEXT, Label("currency", "币种")),
        FieldSpec("discount", FieldType.INTEGER, Label("discount %", "折扣 %"), hidden_from=_HIDDEN),
        FieldSpec("close_date", FieldType.DATE, Label("close date", "预计成交日")),
        FieldSpec(
            "forecast_category",
            FieldType.CHOICE,
            Label("forecast category", "预测类别"),
            choices=FORECAST_CATEGORIES,
        ),
        FieldSpec("forecast_override", FieldType.BOOLEAN, Label("category set by hand", "手工预测"), follows=True),
        FieldSpec("source", FieldType.TEXT, Label("source", "来源")),
        FieldSpec("primary_contact", FieldType.REF, Label("primary contact", "主要联系人"), ref="contact"),
        FieldSpec("next_step", FieldType.TEXT, Label("next step", "下一步")),
        FieldSpec("competitor", FieldType.TEXT, Label("competitor", "竞争对手"), hidden_from=_HIDDEN),
        FieldSpec(
            "lost_reason",
            FieldType.CHOICE,
            Label("lost reason", "丢单原因"),
            choices=LOST_REASONS,
            hidden_from=_HIDDEN,
        ),
        FieldSpec("created_at", FieldType.DATETIME, Label("created", "创建时间"), follows=True),
        FieldSpec("closed_at", FieldType.DATETIME, Label("closed", "关单时间"), follows=True),
    ),
    csv="deals.csv",
    read=by_role(rep=in_reach("owner_id"), support=everyone),
    write=by_role(rep=in_command("owner_id")),
    complete=complete_deal,
    follow=follow_deal,
)

STAGE_CHANGE = Noun(
    kind="stage_change",
    model=StageChange,
    label=Label("stage change", "阶段变更"),
    fields=(
        FieldSpec("deal", FieldType.REF, Label("deal", "商机"), ref="deal", required=True),
        FieldSpec("from_stage", FieldType.REF, Label("from", "原阶段"), ref="stage"),
        FieldSpec("to_stage", FieldType.REF, Label("to", "新阶段"), ref="stage", required=True),
        FieldSpec("changed_at", FieldType.DATETIME, Label("at", "时间"), required=True),
        FieldSpec("changed_by", FieldType.REF, Label("by", "操作人"), ref="user"),
    ),
    name_field="to_stage",
    csv="deal_stage_history.csv",
    part_of="deal",
    read=by_role(rep=via("deal_id", lambda: DEAL.table, in_reach("owner_id")), support=everyone),
    write=by_role(rep=via("deal_id", lambda: DEAL.table, in_command("owner_id"))),
)
