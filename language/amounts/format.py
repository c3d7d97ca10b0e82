"""Reads a whole argument as one amount, and writes amounts in the one style of the product."""

from decimal import ROUND_HALF_UP, Decimal

from language.amounts.find import find_amounts
from language.amounts.types import Amount, UnreadableAmountError
from language.resources import load_data


def parse_amount(text: str) -> Amount:
    """The one amount that `text` names: "85k", "1.2 million USD", 8万, "120".

    Ranges, percentages and anything else raise UnreadableAmountError.
    """
    found = [mention for mention in find_amounts(text, taken=()) if mention.kind in ("money", "plain")]
    money = [mention for mention in found if mention.kind == "money"] or found
    if len(money) != 1 or money[0].low is not None:
        raise UnreadableAmountError(text)
    return Amount(money[0].value, money[0].currency)


def format_amount(value: Decimal, currency: str | None, lang: str = "en") -> str:
    """ "USD 85,000" or 85,000美元; cents only where there are some, rounded half up; no currency, no unit."""
    cents = value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    digits = f"{cents:,.0f}" if cents == cents.to_integral_value() else f"{cents:,.2f}"
    if not currency:
        return digits
    if lang == "zh":
        return digits + str(load_data("money")["names_zh"].get(currency, f" {currency}"))
    return f"{currency} {digits}"
