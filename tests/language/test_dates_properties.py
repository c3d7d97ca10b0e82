"""What holds for every text and every day: round trips, spans, no crash."""

from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from language.amounts import find_amounts
from language.dates import Tense, describe_date, find_dates, parse_date
from language.durations import find_durations
from language.numbers import to_chinese

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2089, 12, 31))
FORMS = [
    "{d:%Y-%m-%d}", "{d:%Y/%m/%d}", "{d.month}/{d.day}/{d.year}", "{d.day}.{d.month}.{d.year}",
    "{d:%B} {d.day}, {d.year}",
    "{d:%b} {d.day} {d.year}", "{d.day} {d:%B} {d.year}", "{d:%A}, {d.day} {d:%B} {d.year}",
    "{d:%a} {d:%B} {d.day}, {d.year}",
    "{d.year}年{d.month}月{d.day}日", "{d.year} 年 {d.month} 月 {d.day} 号",
    "by {d:%d} {d:%B} {d.year}", "on {d:%Y-%m-%d}.",
]  # fmt: skip
FRAGMENTS = """next last week friday march may 3 31 2026 of the end by q2 two half hour k $
下 周五 前 三 月 号 底 万 折
百分之 点 年 / - . , ( ) 🙂 é ß İ ﬁ １ ： 週 萬 from to between and 1.2 85k 10:30"""
WORDS = st.sampled_from(FRAGMENTS.split())
SENTENCES = st.lists(WORDS, max_size=14).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda sep: sep.join(words))
)


def ordinal(number: int) -> str:
    return f"{number}{'th' if 10 < number < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


@given(day=DAYS, today=DAYS, form=st.sampled_from(FORMS))
def test_a_written_day_is_read_back(day: date, today: date, form: str):
    assert parse_date(form.format(d=day), today=today) == day


@given(day=DAYS, today=DAYS)
def test_a_described_day_is_read_back(day: date, today: date):
    assert parse_date(describe_date(day, "en"), today=today) == day
    assert parse_date(describe_date(day, "zh"), today=today) == day
    assert parse_date(f"{day.year}年{to_chinese(day.month)}月{to_chinese(day.day)}日", today=today) == day


@given(today=DAYS, ahead=st.integers(min_value=1, max_value=7))
def test_a_bare_weekday_is_the_next_or_the_last_such_day(today: date, ahead: int):
    wanted = today + timedelta(days=ahead)
    (plan,) = find_dates(f"{wanted:%A}", today=today)
    (log,) = find_dates(f"{wanted:%A}", today=today, tense=Tense.PAST)
    assert plan.on == wanted
    assert log.on == wanted - timedelta(days=7 if ahead < 7 else 14)


@given(today=DAYS, ahead=st.integers(min_value=0, max_value=27))
def test_a_day_without_its_month_is_the_nearest_one_ahead(today: date, ahead: int):
    wanted = today + timedelta(days=ahead)
    (mention,) = find_dates(f"by the {ordinal(wanted.day)}", today=today)
    assert mention.on == wanted


@given(today=DAYS, weeks=st.integers(min_value=1, max_value=40))
def test_moves_from_today(today: date, weeks: int):
    assert parse_date(f"in {weeks} weeks", today=today) == today + timedelta(weeks=weeks)
    assert parse_date(f"{to_chinese(weeks)}天后", today=today) == today + timedelta(days=weeks)


@settings(max_examples=300)
@example(text="next week of 周五", today=date(2000, 1, 1), tense=Tense.FUTURE)
@given(text=st.one_of(SENTENCES, st.text(max_size=120)), today=DAYS, tense=st.sampled_from(list(Tense)))
def test_every_text_is_read_without_a_crash_and_spans_fit(text: str, today: date, tense: Tense):
    for mentions in (find_dates(text, today=today, tense=tense), find_durations(text), find_amounts(text)):
        end = 0
        for mention in mentions:
            assert text[mention.span.start : mention.span.end] == mention.span.text
            assert mention.span.start >= end
            end = mention.span.end
    for mention in find_dates(text, today=today, tense=tense):
        assert sum(value is not None for value in (mention.on, mention.period, mention.shift)) == 1
        assert mention.period is None or mention.period.start <= mention.period.end


def test_moves_out_of_the_calendar_are_no_dates():
    for text in (
        "9999 years after Friday",
        "9999年后",
        "9999 years ago",
        "in 9999 months from tomorrow",
        "9999个月之后",
    ):
        assert all(
            mention.on is None or mention.on.year < 3000 for mention in find_dates(text, today=date(2026, 3, 10))
        )


def test_long_texts_are_read():
    for piece in ("next friday ", "周五前", "1", "a", "1.1.1.", "🙂周", "two and a half ", "end of ", "$", "三"):
        text = piece * (20_000 // len(piece))
        find_dates(text, today=date(2026, 3, 10))
        find_amounts(text)
