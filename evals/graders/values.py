"""Whether one column holds what a case lists for it; derives calendar days and e-mail addresses."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from evals.cases import HasPhrases
from evals.graders.evidence import Evidence, Row, Value, many, text_of
from evals.graders.phrases import missing_groups, plain

_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0", ""}


def column_for(name: str, row: Row) -> str:
    """The column of a listed field: `owner` stands for `owner_email`, `occurred_on` for a day of `occurred_at`."""
    stem = name.removesuffix("_on")
    others = [
        f"{name}_email",
        *([f"{stem}_at", f"{stem}_date"] if name.endswith("_on") else [f"{name}_at", f"{name}_on"]),
    ]
    return next((column for column in (name, *others) if column in row), name)


def holds(row: Row, name: str, wanted: Any, evidence: Evidence) -> bool:
    """Whether the field has the listed value; text regardless of case and surrounding space, lists as sets."""
    column = column_for(name, row)
    actual = row.get(column)
    match wanted:
        case HasPhrases():
            return not missing_groups(text_of(actual), wanted.has)
        case None | "" | ():
            return not many(actual)
        case tuple():
            return {plain(item) for item in wanted} == {plain(item) for item in many(actual)}
        case bool():
            return plain(text_of(actual)) in (_TRUE if wanted else _FALSE)
        case int() | float():
            return _number(actual) == Decimal(str(wanted))
        case datetime():
            return _moment(actual) == _aware(wanted, evidence.timezone)
        case date():
            return _day(actual, evidence.timezone) == wanted
    return _same_text(column, text_of(actual), str(wanted), evidence)


def shown(row: Row, name: str, wanted: Any, evidence: Evidence) -> str:
    """The field's value for a message; a moment as the speaker's day where a day was listed."""
    actual = row.get(column_for(name, row))
    if isinstance(wanted, date) and not isinstance(wanted, datetime):
        return str(_day(actual, evidence.timezone) or text_of(actual))
    return text_of(actual)


def same(first: Value, second: Value) -> bool:
    """Whether a field is unchanged; nothing, an empty text and an empty list are the same."""
    if isinstance(first, list | tuple) or isinstance(second, list | tuple):
        return sorted(many(first)) == sorted(many(second))
    numbers = _number(first), _number(second)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return text_of(first) == text_of(second)


def _same_text(column: str, actual: str, wanted: str, evidence: Evidence) -> bool:
    if plain(actual) == plain(wanted):
        return True
    if column.endswith("_email") and "@" not in wanted:
        return plain(actual) == plain(evidence.user_emails().get(plain(wanted), wanted))
    numbers = _number(actual), _number(wanted)
    return None not in numbers and numbers[0] == numbers[1] and not wanted.startswith(("0", "+"))


def _number(value: Value) -> Decimal | None:
    try:
        return Decimal(text_of(value).replace(",", "").strip())
    except InvalidOperation:
        return None


def _moment(value: Value) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text_of(value).strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _aware(moment: datetime, timezone: str) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))


def _day(value: Value, timezone: str) -> date | None:
    text = text_of(value).strip()
    if len(text) <= len("2026-03-10"):
        moment = _moment(text)
        return moment.date() if moment else None
    moment = _moment(text)
    return moment.astimezone(ZoneInfo(timezone)).date() if moment else None
