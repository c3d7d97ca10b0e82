"""Stored exchange rates: amounts in the base currency."""

from decimal import Decimal

from sqlalchemy import select

from core.errors import PersonFixableError
from crm_store.company import ExchangeRate
from crm_store.unit_of_work import UnitOfWork


class UnknownCurrencyError(PersonFixableError):
    """No exchange rate is stored for this currency."""


def to_base(uow: UnitOfWork, amount: Decimal, currency: str) -> Decimal:
    """The amount in the base currency at the stored rate.

    Raises:
        UnknownCurrencyError: no rate is stored for the currency.
    """
    if currency == uow.base_currency:
        return amount
    rate = uow.session.scalars(select(ExchangeRate).where(ExchangeRate.currency == currency)).first()  # type: ignore[arg-type]
    if rate is None:
        raise UnknownCurrencyError(
            f"There is no exchange rate for {currency}; an admin can add one.",
            zh=f"没有 {currency} 的汇率，请管理员添加。",
        )
    return amount * rate.rate
