"""What reading amounts yields: money, percentages, factors, and numbers that may be an amount."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.errors import ModelFixableError
from language.spans import Span

Kind = Literal["money", "percent", "factor", "plain"]


class UnreadableAmountError(ModelFixableError):
    """The words name no single amount."""

    def __init__(self, words: str) -> None:
        super().__init__(f"“{words[:80]}” is not one amount that can be read. Give it as “85,000 EUR” or 8.5万.")
        self.words = words


@dataclass(frozen=True, slots=True)
class AmountMention:
    """One amount in a text.

    `money` has a currency or a scale (85k, 8万); `percent` counts in percent and is `off` when it is taken
    away ("10% off", 八五折 = 15 off); `factor` multiplies ("double" is 2); `plain` is a free-standing number
    that may be an amount. Of a range `value` is the middle. `direction` is +1 or -1 where the words add or take
    away ("up by 4,500").
    """

    span: Span
    value: Decimal
    currency: str | None
    kind: Kind
    low: Decimal | None = None
    high: Decimal | None = None
    approximate: bool = False
    off: bool = False
    direction: int = 0


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money; without a currency the record's own counts."""

    value: Decimal
    currency: str | None
