"""One cell between text and value: strict for files that Dealhand wrote, forgiving for those of others."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import BigInteger

from core.errors import InvalidArgumentError
from crm_store.base import ScaledDecimal
from crm_store.nouns import FieldSpec, FieldType, Noun
from crm_store.transfer.folding import fold_header
from crm_store.values import from_text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
TEXT_TYPES = (FieldType.TEXT, FieldType.LONG_TEXT)
_NUMBERS = (FieldType.INTEGER, FieldType.AMOUNT)
_MONEY_MARKS = re.compile(r"[$€£¥元%\s]|^[A-Z]{3}\b|\b[A-Z]{3}$")
_YEAR_FIRST = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?=\D|$)")
_YEAR_LAST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?=\D|$)")
_CLOCK = re.compile(r"[T ,]*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?(.*)$", re.DOTALL)
_MONTH_NAMES = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y")


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of a file are read.

    `exact`: Dealhand wrote the file, so texts are taken as they are and an empty cell means "empty".
    `day_first`: whether 3/4/2026 is 3 April; None when the file does not say.
    """

    exact: bool = False
    day_first: bool | None = None


def guard(text: str) -> str:
    """The text with `'` before a first character that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def read_cell(noun: Noun, spec: FieldSpec, cell: str, reading: Reading) -> Any:
    """The typed value of a cell that is no reference.

    Raises:
        InvalidArgumentError: it does not fit the field, or no database can hold it.
    """
    if "\x00" in cell:
        raise InvalidArgumentError(f"{spec.label.en}: the cell holds a NUL character.", argument=spec.name)
    if reading.exact and spec.type in (*TEXT_TYPES, FieldType.LIST):
        text = unguard(cell)
        return text if spec.type in TEXT_TYPES else from_text(spec, text)
    value = from_text(spec, cell if reading.exact else _plain_form(spec, cell.strip(), reading))
    return _fitting(noun, spec, value) if spec.type in _NUMBERS and value is not None else value


def _plain_form(spec: FieldSpec, cell: str, reading: Reading) -> str:
    if not cell:
        return cell
    if spec.type in _NUMBERS:
        return _MONEY_MARKS.sub("", unicodedata.normalize("NFKC", cell))
    if spec.type is FieldType.CHOICE:
        return _known_choice(spec, cell)
    if spec.type in (FieldType.DATE, FieldType.DATETIME):
        return _iso(spec, cell, reading)
    return cell


def _known_choice(spec: FieldSpec, cell: str) -> str:
    by_word = {fold_header(choice): choice for choice in spec.choices}
    folded = fold_header(cell)
    if folded in by_word:
        return by_word[folded]
    words = _choice_data().get(spec.name, {})
    return next((choice for choice in spec.choices if folded in words.get(choice, ())), cell)


@cache
def _choice_data() -> dict[str, dict[str, frozenset[str]]]:
    text = files("crm_store.transfer").joinpath("data/choices.yaml").read_text(encoding="utf-8")
    return {
        field: {choice: frozenset(fold_header(str(word)) for word in words) for choice, words in choices.items()}
        for field, choices in yaml.safe_load(text).items()
    }


def _iso(spec: FieldSpec, cell: str, reading: Reading) -> str:
    text = unicodedata.normalize("NFKC", cell)
    if match := _YEAR_FIRST.match(text):
        year, month, day = (int(part) for part in match.groups())
        return _with_clock(f"{year:04}-{month:02}-{day:02}", text[match.end() :])
    if match := _YEAR_LAST.match(text):
        month, day = _month_and_day(spec, cell, int(match[1]), int(match[2]), reading)
        return _with_clock(f"{match[3]}-{month:02}-{day:02}", text[match.end() :])
    for pattern in _MONTH_NAMES:
        try:
            return datetime.strptime(text, pattern).date().isoformat()
        except ValueError:
            continue
    return text


def _month_and_day(spec: FieldSpec, cell: str, first: int, second: int, reading: Reading) -> tuple[int, int]:
    day_first = True if first > 12 else False if second > 12 else reading.day_first
    if day_first is None and first != second:
        raise InvalidArgumentError(
            f"{spec.label.en}: “{cell}” may be two days; write it like 2026-03-31.", argument=spec.name
        )
    return (second, first) if day_first else (first, second)


def _with_clock(day: str, rest: str) -> str:
    match = _CLOCK.match(rest)
    if not match:
        return day if not rest.strip() else day + rest
    hour, minute, second, half, zone = match.groups()
    hours = int(hour) % 12 + (12 if half.lower() == "pm" else 0) if half else int(hour)
    return f"{day}T{hours:02}:{minute}:{second or '00'}{zone.strip()}"


def _fitting(noun: Noun, spec: FieldSpec, value: Any) -> Any:
    column = None if spec.custom else noun.table.c[spec.column].type
    if isinstance(column, ScaledDecimal):
        step = Decimal(1).scaleb(-column.scale)
        value = Decimal(value).quantize(step, rounding=ROUND_HALF_UP)
        fits = abs(value) / step < 2**63
    elif spec.type is FieldType.INTEGER:
        fits = abs(value) < (2**63 if spec.custom or isinstance(column, BigInteger) else 2**31)
    else:
        fits = True
    if not fits:
        raise InvalidArgumentError(f"{spec.label.en}: {value} is too large.", argument=spec.name)
    return value
