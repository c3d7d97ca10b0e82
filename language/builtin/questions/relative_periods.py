"""Periods that lean on the last question: "the quarter before that", 四季度呢 after a question about last year."""

import re
from datetime import date, timedelta

from language.builtin.questions.slots import Slots

_LABEL = re.compile(r"(?P<year>\d{4})(?:-(?P<unit>[QWH]?)(?P<part>\d{1,2}))?")
_UNITS = {"": "month", "Q": "quarter", "W": "week", "H": "half"}
_SIGNS = {"month": "", "quarter": "Q", "half": "H"}
_PARTS = {"month": 12, "quarter": 4, "half": 2}
# Words that fix the year by themselves.
_FIXES_YEAR = re.compile(
    r"\d{4}|\b(?:this|last|next|past|current|previous|coming|year|today|now)\b|[今明去前本上下这当]", re.IGNORECASE
)


def shifted_period(slots: Slots, last: str) -> str:
    """The period that "the month before that" or 再上一个季度 names, seen from the last one; "" when none is named."""
    for words in slots.values("shift"):
        direction, _, unit = words.partition(" ")
        step = -1 if direction == "before" else 1
        start = last or _present(slots.reading.situation.today, unit)
        found = _stepped(start, step, unit)
        if found:
            return found
    return ""


def in_year_of(slots: Slots, label: str, last: str) -> str:
    """A quarter or month without a year, in the year that was asked about last."""
    spoken, before = _LABEL.fullmatch(label), _LABEL.fullmatch(last)
    if not spoken or not before or not spoken["part"] or spoken["unit"] == "W":
        return label
    texts = [mention.span.text for mention in slots.dates]
    if any(_FIXES_YEAR.search(text) for text in texts):
        return label
    return f"{before['year']}{label[4:]}"


def _present(today: date, unit: str) -> str:
    number = {"month": today.month, "quarter": (today.month + 2) // 3, "half": (today.month + 5) // 6}.get(unit)
    return f"{today.year}" if unit == "year" else _label(today.year, unit, number) if number else ""


def _stepped(label: str, step: int, unit: str) -> str:
    found = _LABEL.fullmatch(label)
    if not found:
        return ""
    year, part = int(found["year"]), int(found["part"] or 0)
    own = _UNITS[found["unit"] or ""] if part else "year"
    if unit == "year" and part:
        return label.replace(found["year"], str(year + step), 1)
    if own == "year":
        return str(year + step)
    if own == "week":
        monday = date.fromisocalendar(year, part, 1) + timedelta(weeks=step)
        return "{}-W{:02d}".format(*monday.isocalendar()[:2])
    part += step
    if part < 1:
        year, part = year - 1, _PARTS[own]
    elif part > _PARTS[own]:
        year, part = year + 1, 1
    return _label(year, own, part)


def _label(year: int, unit: str, part: int) -> str:
    return f"{year}-{_SIGNS[unit]}{part}" if _SIGNS[unit] else f"{year}-{part:02d}"
