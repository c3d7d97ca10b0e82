"""Days and periods as people write them, on the asker's calendar."""

from datetime import date

from core.errors import ModelFixableError
from language.dates import FiscalCalendar, Period, Tense, parse_date, parse_period


def period_meant(words: str, *, today: date, fiscal: FiscalCalendar, past: bool = False) -> Period:
    """The period, or the single day, that the words mean; `past` prefers what lies behind.

    Raises:
        ModelFixableError: the words are neither.
    """
    tense = Tense.PAST if past else None
    try:
        return parse_period(words, today=today, fiscal=fiscal, tense=tense)
    except ModelFixableError:
        day = parse_date(words, today=today, fiscal=fiscal, tense=tense or Tense.FUTURE)
        return Period(day, day, day.isoformat())
