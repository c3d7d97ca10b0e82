"""Field values as people read them: names instead of ids, dates with weekday, amounts with currency."""

import re
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from core.clock import local_date
from crm_store.nouns import FieldSpec, FieldType
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork
from crm_store.values import from_plain
from language.amounts import format_amount
from language.dates import describe_date

NOTHING = "—"
_CITATION = re.compile(r"(?P<kind>[a-z_]+)_[0-9a-z]{20,}")


def display(
    uow: UnitOfWork, spec: FieldSpec, plain: Any, language: str, *, currency: str = "", limit: int = 200
) -> str:
    """A plain (audited) value of a field as text in `language`; an empty one is a dash.

    A reference to a record that the asker may not see is a dash, too.
    """
    value = from_plain(spec, plain)
    if value in (None, "", (), []):
        return NOTHING
    if spec.type is FieldType.REF:
        return _name(uow, spec.ref, value)
    if spec.type is FieldType.REFS:
        return ", ".join(_name(uow, spec.ref, each) for each in value)
    if spec.type is FieldType.AMOUNT:
        return format_amount(value, currency or None, language)
    if spec.type is FieldType.DATE:
        return describe_date(value, language)
    if spec.type is FieldType.DATETIME:
        day = describe_date(local_date(value, uow.principal.timezone), language)
        return f"{day} {value.astimezone(ZoneInfo(uow.principal.timezone)):%H:%M}" if spec.timed else day
    if spec.type is FieldType.BOOLEAN:
        return choice_label("yes" if value else "no", language)
    if spec.type is FieldType.CHOICE:
        return choice_label(str(value), language)
    text = ", ".join(_item(uow, each) for each in value) if isinstance(value, list) else str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def choice_label(choice: str, language: str) -> str:
    """A stored choice ("best_case") as a word in `language`."""
    if language == "zh":
        return _choices_zh().get(choice, choice)
    return choice.replace("_", " ")


@cache
def _choices_zh() -> dict[str, str]:
    path = Path(__file__).parent / "data" / "choices_zh.yaml"
    loaded: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def _item(uow: UnitOfWork, text: str) -> str:
    """An entry of a list; one that cites a record is its name."""
    cited = _CITATION.fullmatch(text)
    return _name(uow, cited["kind"], text) if cited and cited["kind"] in NOUNS else text


def _name(uow: UnitOfWork, kind: str, record_id: str) -> str:
    record = uow.find(kind, record_id)
    return NOTHING if record is None else uow.name_of(kind, record)
