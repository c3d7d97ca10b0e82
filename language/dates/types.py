"""What reading dates yields: days, periods, relative moves, and where in the text they stand."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, Literal

from language.spans import Span

Bound = Literal["on", "before", "after", "since", "until", "from"]


class Tense(StrEnum):
    """How a date that could lie on either side of today reads: ahead (plans) or behind (logs)."""

    FUTURE = "future"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included; the label is canonical ("2026-Q1", "2026-03", an ISO range)."""

    start: date
    end: date
    label: str

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Shift:
    """A move by some time ("two weeks", 推迟两周), later when positive; workdays skip Saturdays and Sundays."""

    months: int = 0
    days: int = 0
    workdays: int = 0

    def apply(self, day: date) -> date:
        """The day this much after `day`; a month end stays inside its month (31 January + 1 month = 28 February).

        Days out of the calendar (before year 1, after 9999) raise OverflowError.
        """
        moved = add_months(day, self.months) + timedelta(days=self.days)
        step = timedelta(days=1 if self.workdays > 0 else -1)
        weeks, left = divmod(abs(self.workdays), 5)
        moved += step * 7 * weeks
        while left:
            moved += step
            left -= moved.weekday() < 5
        return moved

    def reversed(self) -> "Shift":
        """The same move in the other direction."""
        return Shift(-self.months, -self.days, -self.workdays)


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """In which month the fiscal year begins; a fiscal year is named after the calendar year it ends in."""

    first_month: int = 1


CALENDAR_YEAR = FiscalCalendar()


@dataclass(frozen=True, slots=True)
class DateMention:
    """One date in a text: exactly one of `on` (a day), `period` and `shift` is set.

    `bound` tells how the words frame it: "by Friday", "before Friday" and 周五前 are "before" (a deadline),
    "until" and "to" are "until". `conflict` is set where a weekday and a date that do not fit were given
    together (the date counts). The span covers the framing words as well ("by Friday").
    """

    span: Span
    on: date | None = None
    period: Period | None = None
    shift: Shift | None = None
    at: time | None = None
    is_deadline: bool = False
    bound: Bound = "on"
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """From where dates are read: today, the side of today that is meant (None: today's year), the fiscal year."""

    today: date
    tense: Tense | None = Tense.FUTURE
    fiscal: FiscalCalendar = CALENDAR_YEAR

    def nearest(self, candidates: list[date]) -> date | None:
        """The candidate that the tense means: the first from today on, or the last up to today."""
        if self.tense is Tense.PAST:
            return max((day for day in candidates if day <= self.today), default=None)
        return min((day for day in candidates if day >= self.today), default=None)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a rule built, before the words around it are taken in.

    `weekday` marks a day known by its weekday only, `monthday` one whose year (and month) the tense chose, `weak`
    one that counts only with framing words or alone, `in_week` one named by its calendar week (next Friday),
    `weeks_off` one counted in whole weeks (in two weeks).
    """

    on: date | None = None
    period: Period | None = None
    shift: Shift | None = None
    at: time | None = None
    deadline: bool = False
    bound: Bound = "on"
    weekday: int | None = None
    weak: bool = False
    conflict: bool = False
    end_of_day: bool = False
    in_week: bool = False
    weeks_off: bool = False
    monthday: tuple[int | None, int] | None = None

    def replaced(self, **changes: Any) -> "Meaning":
        """A copy with some fields changed."""
        return replace(self, **changes)


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("date out of range")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
