"""Days, periods and moves in English and Chinese text: find them, read one, say one.

Rules are `data/dates.yaml`; what a rule builds is in `builders` and `period_builders`; joins are in `compose`.
"""

from language.dates.describe import describe_date
from language.dates.errors import UnreadableDateError, UnreadablePeriodError
from language.dates.parse import find_dates, parse_date, parse_period
from language.dates.types import Bound, DateMention, FiscalCalendar, Period, Shift, Tense

__all__ = [
    "Bound",
    "DateMention",
    "FiscalCalendar",
    "Period",
    "Shift",
    "Tense",
    "UnreadableDateError",
    "UnreadablePeriodError",
    "describe_date",
    "find_dates",
    "parse_date",
    "parse_period",
]
