"""Numbers written in digits with separators, and what every number reader yields."""

import re
from dataclasses import dataclass
from decimal import Decimal

_GROUPED = re.compile(r"\d{1,3}(?:([,.'\u00a0\u202f ])\d{3})(?:\1\d{3})*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number read from words: `value`, the scale that its unit gave it, and whether it was vague."""

    value: Decimal
    scale: int = 1
    approximate: bool = False
    low: Decimal | None = None
    high: Decimal | None = None


def read_digits(literal: str, *, european: bool = False) -> Decimal | None:
    """The value of digits with separators: "1,200", "1.2", "1,200.50", "40.000,50", "1'200".

    A dot before exactly three digits is a decimal point, unless it repeats ("1.200.000") or `european` says
    that dots group. A comma before exactly three digits groups; before any other number it is a decimal comma.
    None when the separators make no number ("1.2.3", "1,23,4").
    """
    text = literal.replace("’", "'")
    last_dot, last_comma = text.rfind("."), text.rfind(",")
    if last_dot >= 0 and last_comma >= 0:
        point = "." if last_dot > last_comma else ","
        return _grouped_with_point(text, point)
    grouped = _GROUPED.fullmatch(text)
    if grouped and (grouped[1] != "." or european or text.count(".") > 1):
        return Decimal(re.sub(r"\D", "", text))
    return _plain_decimal(text.replace(",", "."))


def _grouped_with_point(text: str, point: str) -> Decimal | None:
    whole, _, fraction = text.rpartition(point)
    grouped = _GROUPED.fullmatch(whole)
    if not grouped or grouped[1] == point or not fraction.isdigit():
        return None
    return Decimal(re.sub(r"\D", "", whole) + "." + fraction)


def _plain_decimal(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"[0-9]*\.?[0-9]+", text) else None
