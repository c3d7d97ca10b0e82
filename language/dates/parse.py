"""Reads a whole argument as one day or one period, for tools and forms."""

import re
from collections.abc import Sequence
from datetime import date

from language.dates.errors import UnreadableDateError, UnreadablePeriodError
from language.dates.find import find_mentions
from language.dates.types import CALENDAR_YEAR, Anchor, DateMention, FiscalCalendar, Period, Shift, Tense

_SHORT_MOVE = re.compile(r"\s*([+-])\s*(\d{1,4})\s*([dwmqy])\w*\s*", re.IGNORECASE)
_DENIAL = re.compile(r"\b(?:not|no|never|nor)\b|n't\b|[不没沒别別勿]", re.IGNORECASE)
_ISO_RANGE = re.compile(r"\s*([\d-]{10})\s*(?:/|\.\.)\s*([\d-]{10})\s*")
_SHORT_UNITS = {
    "d": Shift(days=1),
    "w": Shift(days=7),
    "m": Shift(months=1),
    "q": Shift(months=3),
    "y": Shift(months=12),
}


def find_dates(
    text: str, *, today: date, tense: Tense = Tense.FUTURE, fiscal: FiscalCalendar = CALENDAR_YEAR
) -> list[DateMention]:
    """Every date in `text`, from left to right, without overlaps; the longest reading at a place wins.

    `tense` decides where a bare weekday, "the 16th" or "March 3" without a year lies. Recurring dates ("every
    Friday") and times without a day are left out.
    """
    return find_mentions(text, Anchor(today, tense, fiscal))


def parse_date(
    text: str,
    *,
    today: date,
    tense: Tense = Tense.FUTURE,
    fiscal: FiscalCalendar = CALENDAR_YEAR,
    base: date | None = None,
) -> date:
    """The one day that `text` names: 2026-03-31, "eod friday", "end of Q2", 下周三, "+2 weeks".

    A bare move ("two weeks", "+10d") counts from `base`, or from today. Words that name a period, no day,
    several days or not a day ("not Friday") raise UnreadableDateError.
    """
    short = _SHORT_MOVE.fullmatch(text)
    start = base or today
    try:
        if short:
            return _times_unit(int(short[2]), short[3].lower(), backwards=short[1] == "-").apply(start)
        mentions = find_mentions(text, Anchor(today, tense, fiscal))
        days = {
            day for mention in mentions if (day := mention.on or (mention.shift and mention.shift.apply(start)))
        }
    except OverflowError as error:
        raise UnreadableDateError(text) from error
    if len(days) == 1 and not _DENIAL.search(_rest(text, mentions)):
        return days.pop()
    raise UnreadableDateError(text, *_why_no_day(days, mentions))


def _rest(text: str, mentions: Sequence[DateMention]) -> str:
    for mention in reversed(mentions):
        text = text[: mention.span.start] + " " + text[mention.span.end :]
    return text


def _times_unit(count: int, unit: str, *, backwards: bool) -> Shift:
    one = _SHORT_UNITS[unit]
    move = Shift(one.months * count, one.days * count)
    return move.reversed() if backwards else move


def _why_no_day(days: set[date], mentions: Sequence[DateMention]) -> tuple[str, str]:
    """In English and Chinese; empty where there is nothing to say."""
    if len(days) > 1:
        named = sorted(day.isoformat() for day in days)
        return f"It names several days: {', '.join(named)}.", f"其中有几个日期：{'、'.join(named)}。"
    periods = [mention.period for mention in mentions if mention.period]
    if periods:
        first, last = periods[0].start, periods[0].end
        return (
            f"It is a period, {first} to {last}: name one day of it, for example its end.",
            f"这是一段时间，{first}至{last}：请说其中的一天，例如最后一天。",
        )
    return "", ""


def parse_period(
    text: str, *, today: date, fiscal: FiscalCalendar = CALENDAR_YEAR, tense: Tense | None = None
) -> Period:
    """The one period that `text` names: 2026-Q2, "last 30 days", 三季度, "March"; a day is a period of one day.

    Without `tense` a quarter or month without a year is this year's. Anything else raises UnreadablePeriodError.
    """
    between = _ISO_RANGE.fullmatch(text)
    if between:
        text = f"from {between[1]} to {between[2]}"
    mentions = find_mentions(text, Anchor(today, tense, fiscal))
    periods = {mention.period for mention in mentions if mention.period}
    if len(periods) == 1:
        return periods.pop()
    days = {mention.on for mention in mentions if mention.on}
    if not periods and len(days) == 1:
        day = days.pop()
        return Period(day, day, day.isoformat())
    raise UnreadablePeriodError(text)
