"""Amounts as people write them: the table `data/amounts.yaml`, and what the table cannot say."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.parsing.items import Item, read_tables
from evals.parsing.readers import read_ours
from language.amounts import Amount, UnreadableAmountError, find_amounts, format_amount, parse_amount
from language.dates import find_dates
from language.numbers import to_chinese

ITEMS = [item for item in read_tables() if item.table == "amounts"]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.text)
def test_table(item: Item):
    assert read_ours(item) == item.meaning


def test_taken_spans_are_skipped():
    text = "85k or 90k"
    (first, second) = find_amounts(text)
    assert find_amounts(text, taken=[first.span]) == [second]


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("up by 4,500", 1), ("raise it by 5k", 1), ("plus 10k", 1), ("加五万", 1), ("down by 5k", -1),
        ("降了2万", -1), ("up to 90k", 0), ("make it 90k", 0), ("改成52万", 0),
    ],
)  # fmt: skip
def test_direction(text: str, direction: int):
    (mention,) = find_amounts(text)
    assert mention.direction == direction


@pytest.mark.parametrize("text", ["about 40k", "roughly $40k", "40万左右", "大概40万", "二十多万", "十几万"])
def test_approximate(text: str):
    (mention,) = find_amounts(text)
    assert mention.approximate


def test_a_day_in_the_text_is_no_amount():
    text = "close 12 June at 18.5k, was 2026-03-31"
    (mention,) = find_amounts(text)
    assert mention.value == 18500
    assert len(find_dates(text, today=date(2026, 3, 10))) == 2


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("85k", Amount(Decimal(85000), None)),
        ("120", Amount(Decimal(120), None)),
        ("1.2 million USD", Amount(Decimal(1200000), "USD")),
        ("8万", Amount(Decimal(80000), None)),
        ("EUR 1.5m", Amount(Decimal(1500000), "EUR")),
    ],
)
def test_parse_amount(text: str, amount: Amount):
    assert parse_amount(text) == amount


@pytest.mark.parametrize("text", ["", "a lot", "10%", "150-180k", "5k or 6k"])
def test_parse_amount_refuses(text: str):
    with pytest.raises(UnreadableAmountError):
        parse_amount(text)


def test_format_amount():
    assert format_amount(Decimal("85000"), "USD") == "USD 85,000"
    assert format_amount(Decimal("85000.5"), "EUR") == "EUR 85,000.50"
    assert format_amount(Decimal("85000"), None) == "85,000"
    assert format_amount(Decimal("85000"), "CNY", "zh") == "85,000元"


@given(st.integers(min_value=1000, max_value=10**9), st.sampled_from(["USD", "EUR", "GBP", "CNY"]))
def test_a_written_amount_is_read_back(value: int, currency: str):
    written = Decimal(value)
    for lang in ("en", "zh"):
        assert parse_amount(format_amount(written, currency, lang)) == Amount(written, currency)
    assert parse_amount(f"{to_chinese(value)}元") == Amount(written, "CNY")


@given(st.integers(min_value=1, max_value=9999))
def test_thousands_however_written(thousands: int):
    forms = ["{n}k", "{n} thousand", "{n} grand", "${full:,}", "{full} dollars"]
    written = [form.format(n=thousands, full=thousands * 1000) for form in forms]
    assert {parse_amount(text).value for text in written} == {thousands * 1000}


@pytest.mark.parametrize(
    ("text", "value"),
    [("三万一个月", 30_000), ("35万一分没少", 350_000), ("六万一", 61_000), ("三万一的单子", 31_000)],
)
def test_one_of_what_is_counted_is_no_digit_of_the_sum(text, value):
    (found,) = find_amounts(text)
    assert found.value == value
