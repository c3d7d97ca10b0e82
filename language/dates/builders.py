"""What each date rule builds from its fields: days. Moves, periods and times have modules of their own.

A builder takes the fields of the rule and the anchor, and gives a meaning, or None where the numbers make no date.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any

from language.dates.calendar import step_unit, unit_period
from language.dates.types import Anchor, Meaning, Period, Tense, add_months
from language.numbers import Quantity

Fields = Mapping[str, Any]
Builder = Callable[[Fields, Anchor], Meaning | None]
BUILDERS: dict[str, Builder] = {}


def builder(build: Builder) -> Builder:
    """Makes a function available to the rule files under its name."""
    BUILDERS[build.__name__] = build
    return build


def number(fields: Fields, name: str, default: int | None = None) -> int:
    """A field as a whole number; a missing one without default raises KeyError."""
    value = fields.get(name, default)
    if value is None:
        raise KeyError(name)
    return int(value.value) if isinstance(value, Quantity) else int(value)


def optional_year(fields: Fields, anchor: Anchor) -> int | None:
    """The year that the fields name: 2026, 26 (in 26年), 去年, "last year"; None when they name none."""
    if "year" in fields:
        year = number(fields, "year")
        return year + 2000 if year < 100 else year
    if "yearword" in fields:
        return anchor.today.year + number(fields, "yearword")
    return None


@builder
def nothing(fields: Fields, anchor: Anchor) -> Meaning | None:
    """Words that look like a date and are none ("every Friday")."""
    return None


@builder
def day_word(fields: Fields, anchor: Anchor) -> Meaning:
    """ "Tomorrow", 大后天."""
    return Meaning(on=anchor.today + timedelta(days=fields["dayword"]))


@builder
def weekday(fields: Fields, anchor: Anchor) -> Meaning | None:
    """The next such day after today, in the past tense the last one before today."""
    wanted, today = fields["weekday"], anchor.today
    if anchor.tense is Tense.PAST and "coming" not in fields:
        return Meaning(on=today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1), weekday=wanted)
    return Meaning(on=coming_weekday(wanted, today), weekday=wanted)


def coming_weekday(wanted: int, today: date) -> date:
    """The next such weekday after today."""
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


@builder
def weekday_week(fields: Fields, anchor: Anchor) -> Meaning:
    """British "Friday week": a week after the coming Friday."""
    return Meaning(on=coming_weekday(fields["weekday"], anchor.today) + timedelta(days=7))


@builder
def rel_weekday(fields: Fields, anchor: Anchor) -> Meaning:
    """ "Next Friday" lies in next week, "last Friday" is the latest before today, "this" that of this week."""
    today, wanted = anchor.today, fields["weekday"]
    in_this_week = today + timedelta(days=wanted - today.weekday())
    if fields["rel"] == 1:
        return Meaning(on=in_this_week + timedelta(days=7), in_week=True)
    if fields["rel"] == -1:
        return Meaning(on=today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1))
    gone = in_this_week < today and anchor.tense is Tense.FUTURE
    return Meaning(on=in_this_week + timedelta(days=7 if gone else 0))


@builder
def zrel_weekday(fields: Fields, anchor: Anchor) -> Meaning:
    """下周五, 上周三, 本周一: counted in calendar weeks."""
    days = fields["weekday"] - anchor.today.weekday() + 7 * fields["zrel"]
    return Meaning(on=anchor.today + timedelta(days=days), in_week=True)


@builder
def weekday_after_next(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "The Friday after next": a week after "next Friday"."""
    return zrel_weekday({**fields, "zrel": 2}, anchor)


@builder
def weekday_before_last(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "The Friday before last": a week before "last Friday"."""
    return zrel_weekday({**fields, "zrel": -1 if fields["weekday"] < anchor.today.weekday() else -2}, anchor)


@builder
def weekday_on_day(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Friday 27": the day of that number, where a near one falls on that weekday."""
    meaning = monthday(fields, anchor)
    fits = meaning and meaning.on and meaning.on.weekday() == fields["weekday"]
    return meaning if fits else None


@builder
def past_weekday(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "This past Friday"."""
    return rel_weekday({**fields, "rel": -1}, anchor)


@builder
def iso(fields: Fields, anchor: Anchor) -> Meaning:
    """2026-03-31, 2026/3/31, 2026-03-31T14:00."""
    year, month, day = (int(part) for part in re.findall(r"\d+", fields["iso"])[:3])
    clock = re.search(r"T(\d\d):(\d\d)", fields["iso"])
    at = time(int(clock[1]), int(clock[2])) if clock and int(clock[1]) < 24 else None
    return Meaning(on=date(year, month, day), at=at)


@builder
def day_month_year(fields: Fields, anchor: Anchor) -> Meaning:
    """31.3.2026, 31-03-2026."""
    day, month, year = (int(part) for part in re.findall(r"\d+", fields["dmy"]))
    return Meaning(on=date(year if year > 99 else 2000 + year, month, day))


@builder
def day_month(fields: Fields, anchor: Anchor) -> Meaning | None:
    """31.3. (only where the words around speak of a date)."""
    day, month = (int(part) for part in fields["daymonth"].strip(".").split("."))
    return yearless(month, day, anchor)


@builder
def slashed(fields: Fields, anchor: Anchor) -> Meaning | None:
    """3/31, 31/3, 3/31/26: the month first where both readings are possible."""
    first, second, *rest = (int(part) for part in fields["slashed"].split("/"))
    month, day = (first, second) if first <= 12 else (second, first)
    if rest:
        return Meaning(on=date(rest[0] if rest[0] > 99 else 2000 + rest[0], month, day))
    return yearless(month, day, anchor)


@builder
def calendar_day(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "March 3rd", "3 March 2026", 3月3日, 去年3月3日."""
    year, month, day = optional_year(fields, anchor), number(fields, "month"), number(fields, "day")
    return yearless(month, day, anchor) if year is None else Meaning(on=date(year, month, day))


@builder
def calendar_day_short(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "31 Dec 26": only years from 20 to 49."""
    year = number(fields, "shortyear")
    return calendar_day({**fields, "year": year}, anchor) if 20 <= year < 50 else None


def yearless(month: int, day: int, anchor: Anchor) -> Meaning | None:
    """A month and day without a year, read by the tense."""
    years = (
        range(anchor.today.year - 4, anchor.today.year + 5)
        if (month, day) == (2, 29)
        else (anchor.today.year + step for step in (-1, 0, 1))
    )
    candidates = [found for year in years if (found := valid(year, month, day))]
    if anchor.tense is None:
        return Meaning(on=valid(anchor.today.year, month, day), monthday=(month, day))
    return Meaning(on=anchor.nearest(candidates), monthday=(month, day)) if candidates else None


def valid(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


@builder
def monthday(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "The 16th", 16号: of this month or the next that has it; in the past tense of this or an earlier."""
    day = number(fields, "day")
    months = (add_months(anchor.today.replace(day=1), step) for step in (-2, -1, 0, 1, 2))
    candidates = [found for first in months if (found := valid(first.year, first.month, day))]
    if not candidates:
        return None
    side = anchor if anchor.tense else Anchor(anchor.today, Tense.FUTURE, anchor.fiscal)
    return Meaning(on=side.nearest(candidates), monthday=(None, day))


@builder
def monthday_of(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "The 5th of next month"."""
    first = add_months(anchor.today.replace(day=1), number(fields, "rel", 1))
    return Meaning(on=first.replace(day=number(fields, "day")))


@builder
def loose_monthday(fields: Fields, anchor: Anchor) -> Meaning | None:
    """A bare "16th": a day only with words such as "by" or "on" before it."""
    meaning = monthday(fields, anchor)
    return meaning.replaced(weak=True) if meaning else None


@builder
def nth_weekday(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "The first Monday of April", "the last Friday of the month"."""
    period = _named_period(fields, anchor)
    if not period:
        return None
    wanted = fields["weekday"]
    if "nth" not in fields:
        if fields["rel"] != -1:
            return None
        return Meaning(on=period.end - timedelta(days=(period.end.weekday() - wanted) % 7))
    first = period.start + timedelta(days=(wanted - period.start.weekday()) % 7)
    found = first + timedelta(days=7 * (number(fields, "nth") - 1))
    return Meaning(on=found) if period.start <= found <= period.end else None


def _named_period(fields: Fields, anchor: Anchor) -> Period | None:
    if "unit" in fields:
        return step_unit(fields["unit"], anchor.today, number(fields, "which", 0), anchor.fiscal)
    month = BUILDERS["month"](fields, anchor)
    return month.period if month else None


@builder
def end_of_unit(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Eod", "eom", "year-end": a deadline."""
    return end_of(unit_period(fields["eox"], anchor.today, anchor.fiscal), anchor)


def end_of(period: Period | None, anchor: Anchor) -> Meaning | None:
    """The last day; of a week its Friday, or Sunday once Friday has gone."""
    if not period:
        return None
    if period.days == 7 and period.start.weekday() == 0:
        friday = period.start + timedelta(days=4)
        in_it = period.start <= anchor.today <= period.end
        return Meaning(on=period.end if in_it and friday < anchor.today else friday)
    return Meaning(on=period.end, deadline=period.days == 1, end_of_day=period.days == 1)
