"""The forecast of a period: figures by owner and team, adjustments kept apart, and the probable range."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from analytics.forecast.backtest import new_deals, range_of
from analytics.forecast.basis import Basis, basis_of
from analytics.forecast.figures import Figures, figures_of
from analytics.forecast.ranges import NewDeals, Range, draw_range
from analytics.people import may_see_figures_of
from analytics.view import View
from core.errors import PersonFixableError
from crm_store.adjustments import ForecastAdjustment
from crm_store.query import readable
from language.dates import Period

_ADJUSTMENT: Any = ForecastAdjustment


class NoForecastError(PersonFixableError):
    """There is no forecast of these people for the asker: it is hidden, or there is none."""


@dataclass(frozen=True)
class ProbableRange:
    """Where closed won of the period will end with 80 %, in the base currency.

    `expected_open` and `expected_new` are what open deals, and deals not there yet, bring on average on top of
    what is closed; `chance_of_quota` None: there is no quota.
    """

    low: Decimal
    middle: Decimal
    high: Decimal
    expected_open: Decimal
    expected_new: Decimal
    chance_of_quota: float | None
    open_deals: int
    without_amount: int


@dataclass(frozen=True)
class ForecastReport:
    """The forecast as of today. `probable` is None for a period that is over."""

    period: Period
    currency: str
    figures: Figures
    by_owner: dict[str, Figures]
    by_team: dict[str, Figures]
    adjustments: list[ForecastAdjustment]
    probable: ProbableRange | None
    basis: Basis | None = field(repr=False, default=None)


def forecast(view: View, period: Period, people: frozenset[str] | None = None) -> ForecastReport:
    """The forecast for the deals of these people (None: everyone's, for those who may see all).

    Raises:
        NoForecastError: forecasts of these people are not the asker's to see.
    """
    if not readable(view.uow, "quota") or not may_see_figures_of(view.uow, people):
        raise NoForecastError("I have no forecast for them.", zh="没有他们的预测。")
    adjustments = adjustments_of(view, period, people)
    figures, by_owner, by_team = figures_of(view, period, people, adjustments)
    probable, basis = None, None
    if period.end >= view.today:
        basis = basis_of(view)
        probable = _probable(view, basis, period, people, figures)
    return ForecastReport(
        period, view.rates.base, figures, by_owner, by_team, adjustments, probable, basis
    )  # fmt: skip


def adjustments_of(view: View, period: Period, people: frozenset[str] | None) -> list[ForecastAdjustment]:
    """The adjustments of these people's forecasts for the period, oldest first."""
    rows = view.uow.all("forecast_adjustment", _ADJUSTMENT.period == period.label)
    chosen = [each for each in rows if people is None or each.user_id in people]
    return sorted(chosen, key=lambda each: (each.created_at, each.id))


def _probable(
    view: View, basis: Basis, period: Period, people: frozenset[str] | None, figures: Figures
) -> ProbableRange:
    drawn, without, expected_new = _drawn(view, basis, period, people)
    closed = float(figures.closed)
    chance = None
    if figures.quota is not None:
        chance = drawn.chance_of(float(figures.quota) - closed)
    return ProbableRange(
        low=_money(closed + drawn.low),
        middle=_money(closed + drawn.middle),
        high=_money(closed + drawn.high),
        expected_open=_money(drawn.mean - expected_new),
        expected_new=_money(expected_new),
        chance_of_quota=chance,
        open_deals=_open_count(basis, people),
        without_amount=without,
    )


def _drawn(view: View, basis: Basis, period: Period, people: frozenset[str] | None) -> tuple[Range, int, float]:
    """What is drawn for the rest of the period; for one that has not begun, what comes before it is taken off."""
    owners = basis.loaded.owner_codes(people)
    history = basis.loaded.history
    whole = basis.origin(period.end)
    mine = (
        np.ones(len(whole.deals.deal), bool)
        if owners is None
        else np.isin(history.owner[whole.deals.deal], owners)
    )
    without = int((whole.deals.amount[mine] <= 0).sum())
    if period.start > view.today:
        drawn, expected = _later(basis, period, owners, mine)
        return drawn, without, expected
    new = new_deals(history, whole.day, whole.end, owners)
    return range_of(history, whole, basis.rung.name, basis.shock, owners), without, new.expected


def _later(basis: Basis, period: Period, owners: Any, mine: Any) -> tuple[Range, float]:
    history = basis.loaded.history
    before, whole = basis.origin(period.start - timedelta(days=1)), basis.origin(period.end)
    chances = np.clip(whole.chances(basis.rung.name) - before.chances(basis.rung.name), 0.0, 1.0)[mine]
    early = new_deals(history, before.day, before.end, owners)
    until = new_deals(history, whole.day, whole.end, owners)
    rate = max(until.count / max(until.stretches, 1.0) - early.count / max(early.stretches, 1.0), 0.0)
    new = NewDeals(rate * until.stretches, until.stretches, until.amounts)
    return draw_range(chances, whole.deals.amount[mine], basis.shock, new), new.expected


def _open_count(basis: Basis, people: frozenset[str] | None) -> int:
    owners = basis.loaded.owner_codes(people)
    deals = basis.open_deals.deal
    return len(deals) if owners is None else int(np.isin(basis.loaded.history.owner[deals], owners).sum())


def _money(value: float) -> Decimal:
    return Decimal(str(round(value, 2)))
