"""What an analysis works with: the asker's unit of work, language and calendar, the stored exchange rates."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from crm_store.company import ExchangeRate
from crm_store.stages import Stage
from crm_store.unit_of_work import UnitOfWork
from language.dates import FiscalCalendar


@dataclass
class Rates:
    """Worth of one unit of each currency in the base currency, and the day of the rates."""

    base: str
    by_currency: dict[str, Decimal] = field(default_factory=dict)
    rate_on: date | None = None

    def convert(self, amount: Decimal, currency: str, target: str) -> Decimal | None:
        """The amount in another currency, exact to the cent; None when a rate is missing."""
        if currency == target:
            return amount
        source, goal = self.by_currency.get(currency), self.by_currency.get(target)
        if source is None or not goal:
            return None
        return (amount * source / goal).quantize(Decimal("0.01"))


@dataclass
class View:
    """The records as one asker sees them, now, in their language.

    `memo` keeps what was read for this asker; `shared` outlives it, for the other askers of one run on the same
    records: what is put there is found again only under everything that it depends on (`crm_store.query.sight`).
    """

    uow: UnitOfWork
    language: str = "en"
    fiscal: FiscalCalendar = field(default_factory=FiscalCalendar)
    memo: dict[str, Any] = field(default_factory=dict, repr=False)
    shared: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def today(self) -> date:
        """The asker's calendar day."""
        return self.uow.today

    @property
    def timezone(self) -> str:
        """The asker's time zone."""
        return self.uow.principal.timezone

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """All stages, in their order."""
        found = [each for each in self.uow.all("stage") if isinstance(each, Stage)]
        return tuple(sorted(found, key=lambda each: each.position))

    @cached_property
    def rates(self) -> Rates:
        """The stored exchange rates; the base currency is worth 1."""
        rows = self.uow.all("exchange_rate")
        base = self.uow.base_currency
        rates = {row.currency: row.rate for row in rows if isinstance(row, ExchangeRate)}
        days = [row.rate_on for row in rows if row.currency != base]
        return Rates(base, {**rates, base: Decimal(1)}, max(days, default=None))
