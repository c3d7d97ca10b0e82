"""The company's own words for the choices of a field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from language.builtin.clauses import Outline
from language.builtin.vocabulary import load_words

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
        else:
            if found := _spoken(kind, field, text, values):
                yield field, found


def choice_spoken(outline: Outline, kind: str, field: str, text: str) -> str:
    """The value of a field that a text says in other words than it is kept: 渠道电话 for phone; else empty."""
    return _spoken(kind, field, text, outline.reading.situation.values.get((kind, field), ()))


def _spoken(kind: str, field: str, text: str, values: Sequence[str]) -> str:
    ways = _ways().get((kind, field), {})
    return next(
        (
            value
            for value, found in ways.items()
            if (not values or value in values) and any(w.search(text) for w in found)
        ),
        "",
    )


@cache
def _ways() -> Mapping[tuple[str, str], Mapping[str, Sequence[re.Pattern[str]]]]:
    return {
        (kind, field): {
            value: [re.compile(each, re.IGNORECASE) for each in sources] for value, sources in values.items()
        }
        for kind, fields in load_words("record_words")["spoken_choices"].items()
        for field, values in fields.items()
    }
