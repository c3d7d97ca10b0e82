"""Periods of the calendar and of the fiscal year: weeks (from Monday), months, quarters, halves, years."""

from collections.abc import Iterator
from datetime import date, timedelta

from language.dates.types import FiscalCalendar, Period, add_months

UNIT_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14, "weekend": 7}


def month_period(year: int, month: int) -> Period:
    """A calendar month."""
    start = date(year, month, 1)
    return Period(start, add_months(start, 1) - timedelta(days=1), f"{year:04d}-{month:02d}")


def fiscal_start(year: int, fiscal: FiscalCalendar) -> date:
    """The first day of fiscal year `year` (named after the year it ends in)."""
    return date(year if fiscal.first_month == 1 else year - 1, fiscal.first_month, 1)


def fiscal_year_of(day: date, fiscal: FiscalCalendar) -> int:
    """The fiscal year that `day` lies in."""
    return day.year + (1 if fiscal.first_month > 1 and day.month >= fiscal.first_month else 0)


def part_of_year(year: int, part: int, months: int, fiscal: FiscalCalendar) -> Period:
    """The `part`-th stretch of `months` months of a fiscal year: quarters (3), halves (6), the year (12)."""
    start = add_months(fiscal_start(year, fiscal), (part - 1) * months)
    name = f"{year:04d}" if fiscal.first_month == 1 else f"FY{year:04d}"
    suffix = {3: f"-Q{part}", 6: f"-H{part}"}.get(months, "")
    return Period(start, add_months(start, months) - timedelta(days=1), name + suffix)


def week_period(day: date) -> Period:
    """The calendar week of `day`, Monday to Sunday."""
    start = day - timedelta(days=day.weekday())
    year, week, _ = start.isocalendar()
    return Period(start, start + timedelta(days=6), f"{year:04d}-W{week:02d}")


def range_period(start: date, end: date) -> Period:
    """Any stretch of days, labelled as an ISO range."""
    return Period(start, end, f"{start.isoformat()}/{end.isoformat()}")


def unit_period(unit: str, day: date, fiscal: FiscalCalendar) -> Period | None:
    """The week, month, quarter, half or year that `day` lies in; None for a unit that is no such period."""
    match unit:
        case "day":
            return Period(day, day, day.isoformat())
        case "week":
            return week_period(day)
        case "weekend":
            week = week_period(day)
            return range_period(week.end - timedelta(days=1), week.end)
        case "month":
            return month_period(day.year, day.month)
        case "quarter" | "half" | "year":
            months = UNIT_MONTHS[unit]
            year = fiscal_year_of(day, fiscal)
            start = fiscal_start(year, fiscal)
            part = ((day.year - start.year) * 12 + day.month - start.month) // months + 1
            return part_of_year(year, part, months, fiscal)
    return None


def units_between(unit: str, first: date, last: date, fiscal: FiscalCalendar) -> Iterator[Period]:
    """The periods of a unit from the one that `first` lies in to the one of `last`."""
    day = first
    while day <= last:
        period = unit_period(unit, day, fiscal) or Period(day, day, day.isoformat())
        yield period
        day = period.end + timedelta(days=1)


def quarter_period(day: date, fiscal: FiscalCalendar) -> Period:
    """The fiscal quarter that `day` lies in."""
    year = fiscal_year_of(day, fiscal)
    start = fiscal_start(year, fiscal)
    part = ((day.year - start.year) * 12 + day.month - start.month) // UNIT_MONTHS["quarter"] + 1
    return part_of_year(year, part, UNIT_MONTHS["quarter"], fiscal)


def step_unit(unit: str, day: date, steps: int, fiscal: FiscalCalendar) -> Period | None:
    """The period `steps` units after the one of `day` (negative: before)."""
    if unit in UNIT_MONTHS:
        first = unit_period(unit, day, fiscal)
        return unit_period(unit, add_months(first.start, steps * UNIT_MONTHS[unit]), fiscal) if first else None
    if unit in UNIT_DAYS:
        return unit_period(unit, day + timedelta(days=UNIT_DAYS[unit] * steps), fiscal)
    return None
