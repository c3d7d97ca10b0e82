"""The company's own words for the choices of a field."""

import re
from collections.abc import Iterator

from language.builtin.clauses import Outline

_DENYING = re.compile(r"(?:un|dis|not[ _-]?|non[ _-]?)(?=\w{4})", re.IGNORECASE)
_SAME_BEGINNING = 5
_NO_CHOICES = ("name", "status", "company", "country")


def choice_meant(outline: Outline, kind: str, field: str, value: str) -> str:
    """The company's own word for a choice: one that begins like ours, or denies the same ("disqualified" for
    "unqualified")."""
    for info in outline.reading.situation.fields.get(kind, ()):
        if info.name == field and info.choices and value not in info.choices:
            return next((choice for choice in info.choices if _is_like(choice, value)), value)
    return value


def _is_like(choice: str, value: str) -> bool:
    if choice.startswith(value[:_SAME_BEGINNING]):
        return True
    denied = _DENYING.match(value)
    return bool(denied and _DENYING.match(choice)) and _DENYING.sub("", choice) == _DENYING.sub("", value)


def choices_said(outline: Outline, kind: str, text: str) -> Iterator[tuple[str, str]]:
    """Values of a kind's fields that occur in a text as they are kept ("trade show" for trade_show)."""
    folded = text.casefold().replace("-", " ").replace("_", " ")
    for (each, field), values in outline.reading.situation.values.items():
        if each != kind or field in _NO_CHOICES:
            continue
        for value in values:
            if (
                value
                and len(value) > 2
                and re.search(
                    rf"(?<!\w){re.escape(value.casefold().replace('_', ' ').replace('-', ' '))}(?!\w)", folded
                )
            ):
                yield field, value
                break
