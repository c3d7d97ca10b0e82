"""Numbers in digits, English words and Chinese numerals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.numbers import chinese_number, english_number, read_digits, to_chinese


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_chinese_numerals_are_read_back(number: int):
    read = chinese_number(to_chinese(number))
    assert read is not None
    assert (read.value, read.approximate) == (number, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三百五十万", 3_500_000), ("六万六", 66_000), ("两千三", 2_300), ("1.2亿", 120_000_000),
        ("一点五亿", 150_000_000),
        ("3万5", 35_000), ("二〇二六", 2026), ("廿三", 23), ("十二", 12), ("百万", 1_000_000),
        ("一百零八", 108), ("5百万", 5_000_000),
    ],
)  # fmt: skip
def test_chinese_number(text: str, value: int):
    read = chinese_number(text)
    assert read is not None
    assert read.value == value


@pytest.mark.parametrize(
    ("text", "low", "high"), [("两三百", 200, 300), ("七八十万", 700_000, 800_000), ("十几", 11, 19)]
)
def test_vague_chinese_numbers_span_a_range(text: str, low: int, high: int):
    read = chinese_number(text)
    assert read is not None
    assert (read.low, read.high, read.approximate) == (low, high, True)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("eighty five grand", 85_000), ("twenty - five", 25), ("half a million", 500_000),
        ("two and a half million", 2_500_000),
        ("a hundred and twenty thousand", 120_000), ("one point two million", 1_200_000),
        ("1.2 million", 1_200_000),
        ("one hundred fifty thousand five hundred", 150_500), ("twelve hundred", 1_200),
    ],
)  # fmt: skip
def test_english_number(words: str, value: int):
    read = english_number(words.split())
    assert read is not None
    assert read.value == value


@pytest.mark.parametrize(
    "words", ["", "a", "and", "three five", "two and", "point two", "million million", "3 - 10", "twenty twelve"]
)
def test_english_words_that_make_no_number(words: str):
    assert english_number(words.split()) is None


@pytest.mark.parametrize(
    ("literal", "european", "value"),
    [
        ("1,200", False, "1200"), ("1.2", False, "1.2"), ("40.000", False, "40.000"), ("40.000", True, "40000"),
        ("1.200.000", False, "1200000"), ("40.000,50", False, "40000.50"), ("1,200.50", False, "1200.50"),
        ("1,5", False, "1.5"), ("12'500", False, "12500"), ("1.2.3", False, None), ("1,23,4", False, None),
    ],
)  # fmt: skip
def test_read_digits(literal: str, european: bool, value: str | None):
    assert read_digits(literal, european=european) == (None if value is None else Decimal(value))
