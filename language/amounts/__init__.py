"""Amounts of money, percentages and factors in English and Chinese text: find them, read one, write one.

Words and currencies are `data/money.yaml`; numbers themselves are `language.numbers`.
"""

from language.amounts.find import find_amounts
from language.amounts.format import format_amount, parse_amount
from language.amounts.types import Amount, AmountMention, UnreadableAmountError

__all__ = ["Amount", "AmountMention", "UnreadableAmountError", "find_amounts", "format_amount", "parse_amount"]
