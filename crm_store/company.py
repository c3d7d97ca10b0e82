"""The company itself: base currency and stored exchange rates."""

from datetime import date
from decimal import Decimal

from sqlalchemy import JSON
from sqlmodel import Field

from crm_store.access import by_role, everyone
from crm_store.base import Record, ScaledDecimal
from crm_store.nouns import FieldSpec, FieldType, Label, Noun


class Company(Record, table=True):
    """One row: the company's name and base currency.

    A demonstration company has a `demo_day`: its clock shows that day, so that its records stay fresh. `rules_off`
    are the hygiene rules that it does without, `rule_limits` its own thresholds, such as "silent_days=21".
    """

    __tablename__ = "company"
    name: str = ""
    base_currency: str = "USD"
    demo_day: date | None = None
    rules_off: list[str] = Field(default_factory=list, sa_type=JSON)
    rule_limits: list[str] = Field(default_factory=list, sa_type=JSON)


class ExchangeRate(Record, table=True):
    """Units of base currency for one unit of `currency`, as of `rate_on`."""

    __tablename__ = "exchange_rate"
    currency: str = Field(unique=True)
    rate: Decimal = Field(sa_type=ScaledDecimal(8))
    rate_on: date


COMPANY = Noun(
    kind="company",
    model=Company,
    label=Label("company", "公司"),
    fields=(
        FieldSpec("name", FieldType.TEXT, Label("name", "名称")),
        FieldSpec("base_currency", FieldType.TEXT, Label("base currency", "本位币")),
        FieldSpec("demo_day", FieldType.DATE, Label("day of the demonstration", "演示日期")),
        FieldSpec("rules_off", FieldType.LIST, Label("rules switched off", "停用的规则")),
        FieldSpec("rule_limits", FieldType.LIST, Label("limits of rules", "规则阈值")),
    ),
    read=everyone,
    write=by_role(),
)

EXCHANGE_RATE = Noun(
    kind="exchange_rate",
    model=ExchangeRate,
    label=Label("exchange rate", "汇率"),
    fields=(
        FieldSpec("currency", FieldType.TEXT, Label("currency", "币种"), required=True),
        FieldSpec("rate", FieldType.AMOUNT, Label("rate", "汇率"), required=True),
        FieldSpec("rate_on", FieldType.DATE, Label("as of", "日期"), required=True),
    ),
    name_field="currency",
    csv="exchange_rates.csv",
    read=everyone,
    write=by_role(),
)
