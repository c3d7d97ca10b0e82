"""Quotas: what someone is to close in a quarter, in the base currency."""

from decimal import Decimal

from sqlmodel import Field

from crm_store.access import by_role, in_command
from crm_store.base import Record, ScaledDecimal
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class Quota(Record, table=True):
    """An amount for `period` ("2026-Q1"); the period "quarterly" stands for every quarter without its own."""

    __tablename__ = "quota"
    user_id: str = Field(foreign_key="user_account.id", index=True)
    period: str = "quarterly"
    amount: Decimal = Field(sa_type=ScaledDecimal(2))


QUOTA = Noun(
    kind="quota",
    model=Quota,
    label=Label("quota", "配额"),
    fields=(
        FieldSpec("user", FieldType.REF, Label("user", "用户"), ref="user", csv="user_email", required=True),
        FieldSpec("period", FieldType.TEXT, Label("period", "期间"), required=True),
        FieldSpec("amount", FieldType.AMOUNT, Label("amount", "金额"), required=True),
    ),
    name_field="period",
    csv="quotas.csv",
    read=by_role(rep=in_command("user_id")),
    write=by_role(),
)
