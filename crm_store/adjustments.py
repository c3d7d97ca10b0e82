"""Forecast adjustments: what a manager adds to or takes from someone's forecast, kept apart from the records."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlmodel import Field

from core.errors import InvalidArgumentError
from crm_store.access import by_role, in_command, nobody
from crm_store.base import Record, ScaledDecimal
from crm_store.nouns import FieldSpec, FieldType, Label, Noun, Values

if TYPE_CHECKING:
    from crm_store.unit_of_work import UnitOfWork


class ForecastAdjustment(Record, table=True):
    """`amount` (base currency, negative to take off) on the forecast of `user_id` for `period` ("2026-Q1")."""

    __tablename__ = "forecast_adjustment"
    user_id: str = Field(foreign_key="user_account.id", index=True)
    period: str = Field(index=True)
    amount: Decimal = Field(sa_type=ScaledDecimal(2))
    reason: str = ""
    author_id: str | None = Field(default=None, foreign_key="user_account.id")


_PERIOD = re.compile(r"(FY)?20\d\d(-Q[1-4]|-(0[1-9]|1[0-2]))?")


def _complete(uow: "UnitOfWork", record: Record | None, values: Values) -> Values:
    """Forecasts are adjusted by quarter, month or year, named as forecasts name them.

    Raises:
        InvalidArgumentError: the period is none.
    """
    period = values.get("period")
    if period is not None and not _PERIOD.fullmatch(period):
        raise InvalidArgumentError(
            f"“{period[:40]}” is no period; write for example 2026-Q1.",
            argument="period",
            zh=f"“{period[:40]}”不是期间；例如2026-Q1。",
        )
    return values


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
    complete=_complete,
    csv="forecast_adjustments.csv",
    read=by_role(rep=in_command("user_id")),
    write=by_role(rep=nobody, manager=in_command("user_id")),
)
