"""Campaigns: what marketing spent on what, so that it can be held against the deals that came of it."""

from datetime import date
from decimal import Decimal

from sqlmodel import Field

from crm_store.access import by_role, everyone, nobody
from crm_store.base import Record, ScaledDecimal
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class Campaign(Record, table=True):
    """A campaign with its cost. Deals name it as their source, or its `source` while it runs."""

    __tablename__ = "campaign"
    name: str = Field(unique=True)
    source: str = ""
    start_on: date | None = None
    end_on: date | None = None
    amount: Decimal | None = Field(default=None, sa_type=ScaledDecimal(2))
    currency: str = "USD"


CAMPAIGN = Noun(
    kind="campaign",
    model=Campaign,
    label=Label("campaign", "营销活动"),
    fields=(
        FieldSpec("name", FieldType.TEXT, Label("name", "名称"), required=True),
        FieldSpec("source", FieldType.TEXT, Label("source", "来源")),
        FieldSpec("start_on", FieldType.DATE, Label("first day", "开始日期")),
        FieldSpec("end_on", FieldType.DATE, Label("last day", "结束日期")),
        FieldSpec("cost", FieldType.AMOUNT, Label("cost", "费用"), attr="amount"),
        FieldSpec("currency", FieldType.TEXT, Label("currency", "币种")),
    ),
    csv="campaigns.csv",
    read=by_role(rep=nobody, manager=everyone, marketer=everyone),
    write=by_role(rep=nobody, marketer=everyone),
)
