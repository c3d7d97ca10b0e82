"""Dates as people write them: the table `data/dates.yaml`, and what the table cannot say."""

from datetime import date, time

import pytest

from evals.parsing.items import Item, read_tables
from evals.parsing.readers import read_ours
from language.dates import (
    FiscalCalendar,
    Shift,
    Tense,
    UnreadableDateError,
    UnreadablePeriodError,
    describe_date,
    find_dates,
    parse_date,
    parse_period,
)

TODAY = date(2026, 3, 10)
ITEMS = [item for item in read_tables() if item.table == "dates"]


def only(text: str, **options):
    (mention,) = find_dates(text, today=TODAY, **options)
    return mention


def test_table_is_broad():
    assert len(ITEMS) >= 200
    assert sum(item.lang == "zh" for item in ITEMS) >= 80


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.tense}-{item.text}")
def test_table(item: Item):
    assert read_ours(item) == item.meaning


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("send the contract by Friday please", "by Friday"),
        ("we met on Thursday.", "on Thursday"),
        ("下周四之前发给他", "下周四之前"),
        ("下周到期的待办", "下周"),
        ("本周到期的任务", "本周"),
        ("see you tomorrow at 3pm ok", "tomorrow at 3pm"),
        ("since the end of February it is quiet", "since the end of February"),
        ("請下週三前給我", "下週三前"),
    ],
)
def test_spans_are_of_the_original_text(text: str, span: str):
    mention = only(text)
    assert mention.span.text == span
    assert text[mention.span.start : mention.span.end] == span


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("tomorrow at 3pm", time(15)),
        ("at 10:30 on Friday", time(10, 30)),
        ("friday 9.30am", time(9, 30)),
        ("Friday at 4", time(16)),
        ("tomorrow noon", time(12)),
        ("tomorrow morning", None),
        ("明天下午三点半", time(15, 30)),
        ("周五上午10点", time(10)),
        ("2026-03-12T14:05", time(14, 5)),
    ],
)
def test_time_of_day(text: str, at: time | None):
    assert only(text).at == at


@pytest.mark.parametrize(
    ("text", "bound", "is_deadline"),
    [
        ("on Friday", "on", False),
        ("by Friday", "before", True),
        ("until Friday", "until", False),
        ("after Friday", "after", False),
        ("since Monday", "since", False),
        ("from Monday", "from", False),
        ("周五前", "before", True),
        ("周五之后", "after", False),
        ("4月1日起", "from", False),
        ("三月以来", "since", False),
        ("截止周五", "before", True),
    ],
)
def test_bounds(text: str, bound: str, is_deadline: bool):
    mention = only(text)
    assert (mention.bound, mention.is_deadline) == (bound, is_deadline)


def test_weekday_chooses_the_year_that_fits():
    assert only("on Friday 6 March").on == date(2026, 3, 6)


def test_weekday_that_does_not_fit_is_marked():
    mention = only("Thursday 20 March 2026")
    assert (mention.on, mention.conflict) == (date(2026, 3, 20), True)


def test_fiscal_year_named_after_the_year_it_ends_in():
    fiscal = FiscalCalendar(first_month=2)
    period = parse_period("FY26 Q1", today=TODAY, fiscal=fiscal)
    assert (period.start, period.end, period.label) == (date(2025, 2, 1), date(2025, 4, 30), "FY2026-Q1")
    assert parse_period("this quarter", today=TODAY, fiscal=fiscal).start == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-30", date(2026, 4, 30)),
        ("eod friday", date(2026, 3, 13)),
        ("end of Q2", date(2026, 6, 30)),
        ("下周三", date(2026, 3, 18)),
        ("+2 weeks", date(2026, 4, 14)),
        ("-3d", date(2026, 3, 28)),
        ("two weeks", date(2026, 4, 14)),
        ("推迟一个月", date(2026, 4, 30)),
        ("16th", date(2026, 3, 16)),
    ],
)
def test_parse_date(text: str, day: date):
    assert parse_date(text, today=TODAY, base=date(2026, 3, 31)) == day


@pytest.mark.parametrize("text", ["", "soon", "April", "Friday or Monday", "2026-02-30", "next quarter", "🙂"])
def test_parse_date_refuses(text: str):
    with pytest.raises(UnreadableDateError):
        parse_date(text, today=TODAY)


def test_a_period_is_refused_with_its_days():
    with pytest.raises(UnreadableDateError, match="2026-04-01 to 2026-04-30"):
        parse_date("April", today=TODAY)


@pytest.mark.parametrize(
    ("text", "tense", "label"),
    [
        ("Q4", None, "2026-Q4"),
        ("Q4", Tense.PAST, "2025-Q4"),
        ("2026-Q2", None, "2026-Q2"),
        ("2026-04", None, "2026-04"),
        ("2026", None, "2026"),
        ("January", None, "2026-01"),
        ("tomorrow", None, "2026-03-11"),
        ("2026-W14", None, "2026-W14"),
        ("2026-04-01/2026-04-10", None, "2026-04-01/2026-04-10"),
    ],
)
def test_parse_period(text: str, tense: Tense | None, label: str):
    assert parse_period(text, today=TODAY, tense=tense).label == label


@pytest.mark.parametrize("text", ["", "soon", "two weeks", "April or June"])
def test_parse_period_refuses(text: str):
    with pytest.raises(UnreadablePeriodError):
        parse_period(text, today=TODAY)


def test_shift_keeps_month_ends_and_skips_weekends():
    assert Shift(months=1).apply(date(2026, 1, 31)) == date(2026, 2, 28)
    assert Shift(workdays=3).apply(date(2026, 3, 12)) == date(2026, 3, 17)
    assert Shift(workdays=-3).apply(date(2026, 3, 17)) == date(2026, 3, 12)


def test_describe_date():
    assert describe_date(date(2026, 3, 13), "en") == "Fri 13 March 2026"
    assert describe_date(date(2026, 3, 13), "zh") == "2026年3月13日周五"


@pytest.mark.parametrize("text", ["push the second one to 15 May", "move that one until 15 May"])
def test_one_of_several_begins_no_stretch_of_days(text):
    assert only(text).on == date(2026, 5, 15)
