"""What each date rule builds from its fields: periods (days: `language.dates.builders`)."""

import re
from datetime import date, timedelta

from language.dates.builders import Fields, builder, calendar_day, number, optional_year
from language.dates.calendar import (
    UNIT_MONTHS,
    fiscal_year_of,
    month_period,
    part_of_year,
    range_period,
    step_unit,
    week_period,
)
from language.dates.types import Anchor, Meaning, Period, Tense


@builder
def month(fields: Fields, anchor: Anchor) -> Meaning | None:
    """A month; without a year the one that the tense means, the current one included."""
    wanted, year = number(fields, "month"), optional_year(fields, anchor)
    if not 1 <= wanted <= 12:
        return None
    if year is None:
        year = anchor.today.year + _year_step(wanted - anchor.today.month, anchor)
    return Meaning(period=month_period(year, wanted))


def _year_step(ahead: int, anchor: Anchor) -> int:
    """Which year is meant by something that lies `ahead` (negative: behind) within this year."""
    if anchor.tense is Tense.FUTURE:
        return 1 if ahead < 0 else 0
    if anchor.tense is Tense.PAST:
        return -1 if ahead > 0 else 0
    return 0


@builder
def day_range(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "March 3-10", "the 1st to 15th of April"."""
    first = calendar_day(fields, anchor)
    if not first or not first.on:
        return None
    last = first.on.replace(day=number(fields, "until"))
    return Meaning(period=range_period(first.on, last)) if last >= first.on else None


@builder
def month_of_year(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "March of last year"."""
    return Meaning(period=month_period(anchor.today.year + fields["rel"], number(fields, "month")))


@builder
def year_month(fields: Fields, anchor: Anchor) -> Meaning | None:
    """2026-04."""
    first, second = fields["yearmonth"].replace("/", "-").split("-")
    return Meaning(period=month_period(int(first), int(second)))


@builder
def rel_month(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Next March" is the first March after this month, "last March" the latest before it."""
    wanted, today = number(fields, "month"), anchor.today
    if fields["rel"] == 1:
        year = today.year + (wanted <= today.month)
    elif fields["rel"] == -1:
        year = today.year - (wanted >= today.month)
    else:
        year = today.year
    return Meaning(period=month_period(year, wanted))


@builder
def rel_month_zh(fields: Fields, anchor: Anchor) -> Meaning | None:
    """下月, 本月."""
    return _of(step_unit("month", anchor.today, fields["zrel"], anchor.fiscal))


def _of(period: Period | None) -> Meaning | None:
    return Meaning(period=period) if period else None


@builder
def rel_unit(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Next week", "last quarter", 下下周, 本季度; "next day" is tomorrow."""
    step = fields.get("rel", fields.get("zrel", 1))
    if fields["unit"] == "day":
        return Meaning(on=anchor.today + timedelta(days=step)) if "rel" in fields and step else None
    return _of(step_unit(fields["unit"], anchor.today, step, anchor.fiscal))


@builder
def unit_after_next(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "The week after next"."""
    return _of(step_unit(fields["unit"], anchor.today, 2, anchor.fiscal))


@builder
def unit_before_last(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "The week before last"."""
    return _of(step_unit(fields["unit"], anchor.today, -2, anchor.fiscal))


@builder
def year_range(fields: Fields, anchor: Anchor) -> Meaning | None:
    """2024-2026年, both years included."""
    first, last = number(fields, "first"), number(fields, "last")
    return Meaning(period=range_period(date(first, 1, 1), date(last, 12, 31))) if first < last else None


@builder
def this_weekend(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "The weekend", 周末: Saturday and Sunday of this week, in the past tense of the last one."""
    step = -1 if anchor.tense is Tense.PAST and anchor.today.weekday() < 5 else 0
    return _of(step_unit("weekend", anchor.today, step, anchor.fiscal))


@builder
def quarter(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "First quarter of 2026", 去年第四季度."""
    return _part(number(fields, "part"), 3, fields, anchor)


@builder
def half(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Second half of 2025", 下半年."""
    return _part(number(fields, "part") if "part" in fields else fields["halfyear"], 6, fields, anchor)


@builder
def quarter_token(fields: Fields, anchor: Anchor) -> Meaning | None:
    """Q2, Q2 2026, 2026Q2, "FY26 Q1"."""
    return _part_token(fields["quarter"], 3, fields, anchor)


@builder
def half_token(fields: Fields, anchor: Anchor) -> Meaning | None:
    """H2, H2 2025."""
    return _part_token(fields["half"], 6, fields, anchor)


def _part_token(text: str, months: int, fields: Fields, anchor: Anchor) -> Meaning | None:
    marked = re.search(r"[QqHh]([1-4])|^([1-4])[QqHh]", text)
    if not marked:
        return None
    rest = re.sub(r"\D", "", text[: marked.start()] + text[marked.end() :])
    named = {**fields, "year": int(rest)} if rest and "year" not in fields else fields
    return _part(int(marked[1] or marked[2]), months, named, anchor)


def _part(part: int, months: int, fields: Fields, anchor: Anchor) -> Meaning | None:
    if not 1 <= part <= 12 // months:
        return None
    this_year = fiscal_year_of(anchor.today, anchor.fiscal)
    year = _fiscal(fields["fiscal"]) if "fiscal" in fields else optional_year(fields, anchor)
    if year is None and "rel" in fields and "nth" not in fields:
        year = this_year + fields["rel"]
    if year is None:
        period = part_of_year(this_year, part, months, anchor.fiscal)
        gone, ahead = period.end < anchor.today, period.start > anchor.today
        year = this_year + _year_step(-1 if gone else 1 if ahead else 0, anchor)
    return Meaning(period=part_of_year(year, part, months, anchor.fiscal))


def _fiscal(text: str) -> int:
    year = int(re.sub(r"\D", "", text))
    return year if year > 99 else 2000 + year


@builder
def fiscal_year(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "FY26"."""
    year = _fiscal(fields["fiscal"]) if "fiscal" in fields else number(fields, "year")
    return Meaning(period=part_of_year(year, 1, UNIT_MONTHS["year"], anchor.fiscal))


@builder
def full_year(fields: Fields, anchor: Anchor) -> Meaning | None:
    """2026年, 去年."""
    year = optional_year(fields, anchor)
    return None if year is None else Meaning(period=part_of_year(year, 1, 12, anchor.fiscal))


@builder
def year(fields: Fields, anchor: Anchor) -> Meaning | None:
    """A bare "2026": a year only with words such as "in" before it."""
    meaning = full_year(fields, anchor)
    return meaning.replaced(weak=True) if meaning else None


@builder
def week_number(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "W11", "week 11", 第11周, "2026-W11"."""
    parts = (
        [int(part) for part in re.findall(r"\d+", fields["weekno"])]
        if "weekno" in fields
        else [number(fields, "week")]
    )
    year = parts[0] if len(parts) > 1 else anchor.today.year
    return _of(week_period(date.fromisocalendar(year, parts[-1], 1)))


@builder
def nth_week(fields: Fields, anchor: Anchor) -> Meaning | None:
    """The first week of a month is its first seven days, the last one its last seven."""
    named = {key: value for key, value in fields.items() if key != "rel"}
    meaning = (
        month(named, anchor)
        if "month" in fields
        else _of(step_unit("month", anchor.today, fields.get("which", 0), anchor.fiscal))
    )
    if not meaning or not meaning.period:
        return None
    period = meaning.period
    if "nth" not in fields:
        return (
            Meaning(period=range_period(period.end - timedelta(days=6), period.end))
            if fields["rel"] == -1
            else None
        )
    start = period.start + timedelta(days=7 * (number(fields, "nth") - 1))
    if start > period.end:
        return None
    return Meaning(period=range_period(start, min(start + timedelta(days=6), period.end)))
