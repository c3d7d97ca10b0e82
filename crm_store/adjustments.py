"""Forecast adjustments: what a manager adds to or takes from someone's forecast, kept apart from the records."""

from decimal import Decimal

from sqlmodel import Field

from crm_store.access import by_role, in_command, nobody
from crm_store.base import Record, ScaledDecimal
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class ForecastAdjustment(Record, table=True):
    """`amount` (base currency, negative to take off) on the forecast of `user_id` for `period` ("2026-Q1")."""

    __tablename__ = "forecast_adjustment"
    user_id: str = Field(foreign_key="user_account.id", index=True)
    period: str = Field(index=True)
    amount: Decimal = Field(sa_type=ScaledDecimal(2))
    reason: str = ""
    author_id: str | None = Field(default=None, foreign_key="user_account.id")


FORECAST_ADJUSTMENT = Noun(
    kind="forecast_adjustment",
    model=ForecastAdjustment,
    label=Label("forecast adjustment", "预测调整"),
    fields=(
        FieldSpec("user", FieldType.REF, Label("of", "对象"), ref="user", csv="user_email", required=True),
        FieldSpec("period", FieldType.TEXT, Label("period", "期间"), required=True),
        FieldSpec("amount", FieldType.AMOUNT, Label("amount", "金额"), required=True),
        FieldSpec("reason", FieldType.TEXT, Label("reason", "原因")),
        FieldSpec("author", FieldType.REF, Label("by", "调整人"), ref="user", csv="author_email"),
    ),
    name_field="period",
    csv="forecast_adjustments.csv",
    read=by_role(rep=in_command("user_id")),
    write=by_role(rep=nobody, manager=in_command("user_id")),
)
