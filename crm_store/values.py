"""Field values between three forms: typed (in code), plain (JSON in the audit), and text (CSV, answers)."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from core.errors import InvalidArgumentError
from crm_store.nouns import FieldSpec, FieldType

LIST_SEPARATOR = ";"
_TRUE = frozenset({"true", "yes", "1", "y", "是", "对"})
_FALSE = frozenset({"false", "no", "0", "n", "否", "不是"})


def to_plain(spec: FieldSpec, value: Any) -> Any:
    """The value as JSON holds it: decimals and dates as text, lists as lists."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if spec.type is FieldType.REFS else list(value)


def from_plain(spec: FieldSpec, plain: Any) -> Any:
    """The typed value of what `to_plain` gave."""
    if plain is None:
        return None
    if spec.type is FieldType.AMOUNT:
        return Decimal(str(plain))
    if spec.type is FieldType.DATE:
        return date.fromisoformat(plain)
    if spec.type is FieldType.DATETIME:
        return datetime.fromisoformat(plain)
    if spec.type is FieldType.REFS:
        return tuple(plain)
    return plain


def to_text(spec: FieldSpec, value: Any) -> str:
    """The value as a CSV cell; references stay ids, nothing is an empty text."""
    plain = to_plain(spec, value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, list):
        return join_list([str(item) for item in plain])
    return str(plain)


def join_list(items: Sequence[str]) -> str:
    """Several texts as one cell: separated by `;`, with a backslash before a `;` or backslash of their own."""
    return LIST_SEPARATOR.join(re.sub(r"([\\;])", r"\\\1", item) for item in items)


def split_list(cell: str) -> list[str]:
    """The texts that `join_list` joined, trimmed; empty ones are left out."""
    items = re.findall(r"(?:\\[\\;]|[^;])+", cell)
    return [text for item in items if (text := re.sub(r"\\([\\;])", r"\1", item).strip())]


def from_text(spec: FieldSpec, text: str) -> Any:
    """The typed value of a cell written for machines (ISO dates, plain numbers).

    Raises:
        InvalidArgumentError: the text does not fit the field's type or choices.
    """
    cell = text.strip()
    if spec.type is FieldType.LIST:
        return split_list(cell)
    if not cell:
        return "" if spec.type in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.CHOICE) else None
    reader = _READERS.get(spec.type)
    if reader is None:
        return text if spec.type is FieldType.LONG_TEXT else cell
    try:
        return reader(spec, cell)
    except (ValueError, ArithmeticError) as error:
        raise InvalidArgumentError(
            f"{spec.label.en}: “{cell[:80]}” is not {_EXPECTED[spec.type]}.", argument=spec.name
        ) from error


def _integer(spec: FieldSpec, cell: str) -> int:
    number = _amount(spec, cell)
    if number != number.to_integral_value():
        raise ValueError(cell)
    return int(number)


def _amount(spec: FieldSpec, cell: str) -> Decimal:
    number = Decimal(cell.replace(",", ""))
    if not number.is_finite() or abs(number) >= Decimal(10) ** 16:
        raise ValueError(cell)
    return number


def _datetime(spec: FieldSpec, cell: str) -> datetime:
    if len(cell) == len("2026-03-31"):
        # Noon in UTC is that calendar day almost everywhere; midnight would be the day before in America.
        return datetime.combine(date.fromisoformat(cell), time(12), tzinfo=UTC)
    moment = datetime.fromisoformat(cell.replace("Z", "+00:00"))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _boolean(spec: FieldSpec, cell: str) -> bool:
    folded = cell.casefold()
    if folded not in _TRUE | _FALSE:
        raise ValueError(cell)
    return folded in _TRUE


def _choice(spec: FieldSpec, cell: str) -> str:
    folded = _fold(cell)
    for choice in spec.choices:
        if _fold(choice) == folded:
            return choice
    raise ValueError(cell)


def _fold(text: str) -> str:
    return text.strip().casefold().replace(" ", "_").replace("-", "_")


_READERS = {
    FieldType.INTEGER: _integer,
    FieldType.AMOUNT: _amount,
    FieldType.DATE: lambda spec, cell: date.fromisoformat(cell[:10]),
    FieldType.DATETIME: _datetime,
    FieldType.BOOLEAN: _boolean,
    FieldType.CHOICE: _choice,
}
_EXPECTED = {
    FieldType.INTEGER: "a whole number",
    FieldType.AMOUNT: "a number",
    FieldType.DATE: "a date like 2026-03-31",
    FieldType.DATETIME: "a time like 2026-03-31T14:00:00Z",
    FieldType.BOOLEAN: "yes or no",
    FieldType.CHOICE: "one of the choices",
}
