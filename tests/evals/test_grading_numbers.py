"""Numbers as answers print them: what counts as showing a value, and what is no value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.graders.numbers import shown_numbers, shows

SHOWN = [
    ("$412,000", 412000), ("412k", 412000), ("about 412 K", 412345), ("$0.41M", 412000), ("41.2万", 412000),
    ("¥2,283,800", 2283800), ("228.38万", 2283800), ("1.2亿", 120_000_000), ("1亿2000万", 120_000_000),
    ("二百七十四万七千五百", 2747500), ("五万八", 58000), ("一百零八万元", 1080000), ("三点五万", 35000),
     ("5.5w", 55000),
    ("45 %", 45.4545), ("45.5%", 45.4545), ("0.4545", 45.4545), ("百分之45", 45.4545), ("百分之四十五", 45),
    ("45 percent", 45.4545), ("45.45 个百分点", 45.4545), ("124%", 124.13), ("1.2413", 124.13),
    ("1.07x", 1.0654), ("106.54%", 1.0654), ("6 deals", 6), ("six deals", 6), ("one ticket", 1), ("两张工单", 2),
    ("共23张，其中16张", 16), ("n=6 of 12", 12), ("-$300,000", -300000), ("USD 1,099,000.", 1099000),
    ("two hundred and twenty thousand", 220000), ("1.643 million", 1643200), ("12,000.50", 12000.5),
]  # fmt: skip

NOT_SHOWN = [
    ("$412,000", 412001), ("412k", 413000), ("1 million", 1_400_000), ("45 %", 46), ("45.5%", 45.3), ("0.46",
     45.4545),
    ("due 2026-03-06", 6), ("on March 6, 2026", 6), ("6 March", 6), ("3月6日", 6), ("at 6:30", 6), ("Q3 2025", 3),
    ("第三季度", 3), ("T-6", 6), ("6. Ferries", 6), ("deal_01k9aaaaaa6", 6), ("+47 555 01 66", 66),
     ("one of them", 1),
    ("一下", 1), ("16", 6), ("1,006", 6), ("6%", 0.06e3), ("$1,300,000", 300000), ("300000", -300000),
    ("Ferries dock 2: open", 2), ("https://x.example/6", 6), ("H6", 6),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), SHOWN)
def test_shown(text: str, value: float) -> None:
    assert shows(shown_numbers(text), value)


@pytest.mark.parametrize(("text", "value"), NOT_SHOWN)
def test_not_shown(text: str, value: float) -> None:
    assert not shows(shown_numbers(text, names=["Ferries dock 2"]), value)


@given(st.integers(min_value=0, max_value=10**10))
def test_every_whole_number_is_read_back(number: int) -> None:
    for text in (f"{number}", f"{number:,}", f"It is ${number:,}.", f"共{number}元。"):
        assert shows(shown_numbers(text), number)
        assert not shows(shown_numbers(text), number + 1)


@given(st.floats(min_value=0.5, max_value=100, allow_nan=False))
def test_a_percentage_is_shown_by_any_usual_rounding(points: float) -> None:
    for text in (f"{points:.0f} %", f"{points:.1f}%", f"{points / 100:.4f}"):
        assert shows(shown_numbers(text), points)
