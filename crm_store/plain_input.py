"""Field values from outside as JSON (numbers, ISO dates, ids), checked and typed for the unit of work."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from core.errors import InvalidArgumentError, RecordNotFoundError
from crm_store.nouns import FieldSpec, FieldType, Values
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork

MOST_CHARS, MOST_LONG_CHARS, MOST_ITEMS = 500, 50_000, 200
_HIGHEST_INTEGER = 2**31 - 1
_HIGHEST_AMOUNT = Decimal(10) ** 13
_EMPTY_TEXT = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.CHOICE)


def typed_values(uow: UnitOfWork, kind: str, values: Mapping[str, Any]) -> Values:
    """Typed values of fields by name; null empties a field.

    Raises:
        UnknownFieldError: no such field, or hidden from the asker.
        InvalidArgumentError: a field that cannot be set, or a value of the wrong type.
        RecordNotFoundError: an id of no visible record.
    """
    typed: Values = {}
    for name, value in values.items():
        spec = uow.field(kind, name)
        if spec.follows:
            raise InvalidArgumentError(f"“{name}” follows from other fields; it cannot be set.", argument=name)
        typed[name] = _typed(uow, spec, value)
    return typed


def _typed(uow: UnitOfWork, spec: FieldSpec, value: Any) -> Any:
    if value is None or value == "":
        return _nothing(spec)
    if spec.type is FieldType.REF:
        return _reference(uow, spec, value)
    if spec.type is FieldType.REFS:
        return tuple(_reference(uow, spec, each) for each in _items(spec, value))
    if spec.type is FieldType.LIST:
        return [_text(spec, each) for each in _items(spec, value)]
    try:
        return _READERS[spec.type](spec, value)
    except (ValueError, OverflowError, InvalidOperation) as error:
        raise _wrong(spec) from error


def _nothing(spec: FieldSpec) -> Any:
    if spec.required:
        raise InvalidArgumentError(f"“{spec.name}” cannot be empty.", argument=spec.name)
    if spec.type in _EMPTY_TEXT:
        return ""
    return {FieldType.LIST: [], FieldType.REFS: (), FieldType.BOOLEAN: False}.get(spec.type)


def _reference(uow: UnitOfWork, spec: FieldSpec, value: Any) -> str:
    found = uow.find(spec.ref, value) if isinstance(value, str) and _storable(value) else None
    if found is None:
        raise RecordNotFoundError(NOUNS[spec.ref].label.en, str(value)[:60])
    return found.id


def _items(spec: FieldSpec, value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise _wrong(spec)
    return value


def _text(spec: FieldSpec, value: Any) -> str:
    longest = MOST_LONG_CHARS if spec.type is FieldType.LONG_TEXT else MOST_CHARS
    if not isinstance(value, str) or len(value) > longest or not _storable(value):
        raise _wrong(spec)
    text = value if spec.type is FieldType.LONG_TEXT else " ".join(value.split())
    if not text.strip():
        return str(_nothing(spec) or "")
    return text


def _integer(spec: FieldSpec, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _HIGHEST_INTEGER:
        raise _wrong(spec)
    return value


def _amount(spec: FieldSpec, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 40:
        raise _wrong(spec)
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) >= _HIGHEST_AMOUNT:
        raise _wrong(spec)
    return number.quantize(Decimal("0.01"))


def _date(spec: FieldSpec, value: Any) -> date:
    if not isinstance(value, str) or len(value) != len("2026-03-31"):
        raise _wrong(spec)
    return date.fromisoformat(value)


def _moment(spec: FieldSpec, value: Any) -> datetime:
    if not isinstance(value, str):
        raise _wrong(spec)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or not 1900 <= moment.year <= 2200:
        raise _wrong(spec)
    return moment


def _flag(spec: FieldSpec, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(spec)
    return value


def _choice(spec: FieldSpec, value: Any) -> str:
    if value not in spec.choices:
        raise InvalidArgumentError(f"“{spec.name}” is one of: {', '.join(spec.choices)}.", argument=spec.name)
    return str(value)


def _storable(text: str) -> bool:
    """Whether every database can keep the text: no NUL and no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _wrong(spec: FieldSpec) -> InvalidArgumentError:
    return InvalidArgumentError(f"“{spec.name}” has to be {_EXPECTED[spec.type]}.", argument=spec.name)


_READERS: Mapping[FieldType, Callable[[FieldSpec, Any], Any]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.INTEGER: _integer,
    FieldType.AMOUNT: _amount,
    FieldType.DATE: _date,
    FieldType.DATETIME: _moment,
    FieldType.BOOLEAN: _flag,
    FieldType.CHOICE: _choice,
}
_EXPECTED = {
    FieldType.TEXT: f"a text of at most {MOST_CHARS} characters",
    FieldType.LONG_TEXT: f"a text of at most {MOST_LONG_CHARS} characters",
    FieldType.INTEGER: "a whole number",
    FieldType.AMOUNT: 'a number or a text like "18500.00"',
    FieldType.DATE: "a date like 2026-03-31",
    FieldType.DATETIME: "a time with its zone like 2026-03-31T14:00:00Z",
    FieldType.BOOLEAN: "true or false",
    FieldType.CHOICE: "one of the choices",
    FieldType.LIST: f"a list of at most {MOST_ITEMS} texts",
    FieldType.REFS: f"a list of at most {MOST_ITEMS} ids",
    FieldType.REF: "an id",
}
