"""How values and sentences are said in both languages; the words themselves are in `analytics/data/`."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from core.clock import local_date
from crm_store.query import Attribute
from language.amounts import format_amount
from language.dates import Period, describe_date

Language = Literal["en", "zh"]

# Choice fields whose words are not under their own name in choices.yaml.
_CHOICE_TABLES = {
    ("deal", "status"): "deal_status",
    ("contact", "role"): "contact_role",
    ("lead", "status"): "lead_status",
    ("task", "status"): "task_status",
    ("ticket", "status"): "ticket_status",
    ("interaction", "type"): "interaction_type",
    ("user", "role"): "user_role",
    ("stage", "status"): "stage_status",
}


@cache
def load_table(name: str) -> dict[str, Any]:
    """The content of `analytics/data/<name>.yaml`, read once."""
    text = (files("analytics") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


_ONE_OF = re.compile(r"\b1 (day|time|week|deal|moment)s\b")


def as_language(language: str) -> Language:
    """Chinese for "zh", else English."""
    return "zh" if language == "zh" else "en"


def say(language: str, key: str, **values: Any) -> str:
    """The sentence of that key with its blanks filled."""
    sentence: Mapping[str, str] = load_table("texts")[key]
    return sentence[as_language(language)].format(**values)


def filled(sentence: str, values: Mapping[str, Any]) -> str:
    """The sentence with its blanks filled; what there is one of stands in the singular ("1 day ago")."""
    return _ONE_OF.sub(r"1 \1", sentence.format(**values))


def kind_word(language: str, kind: str, number: int = 2) -> str:
    """What records of a kind are called, for that many of them."""
    entry = load_table("kinds")[kind]
    return str(entry["zh"]) if language == "zh" else str(entry["en"][0 if number == 1 else 1])


def choice_table(kind: str, field: str) -> str:
    """The table of choices.yaml that holds the words of a choice field."""
    return _CHOICE_TABLES.get((kind, field), field)


def choice_values(table: str, words: str) -> tuple[str, ...]:
    """The values that someone means by a word for a choice or a group of them; empty when it is none."""
    tables = load_table("choices")
    folded = fold_words(words)
    for group, values in tables.get("groups", {}).get(table, {}).items():
        if folded == fold_words(group):
            return tuple(values)
    for value, names in tables.get(table, {}).items():
        if folded in {fold_words(each) for each in (value, *names["en"], *names["zh"])}:
            return (str(value),)
    return ()


def fold_words(text: str) -> str:
    """Words in one case with single blanks, "_" and "-" read as blanks."""
    return " ".join(str(text).casefold().replace("_", " ").replace("-", " ").split())


def choice_word(language: str, table: str, value: str) -> str:
    """A choice as people call it; the value itself when there are no words for it."""
    entry = load_table("choices").get(table, {}).get(value)
    return str(entry[as_language(language)][0]) if entry else value


def day_text(language: str, day: date | None) -> str:
    """A day with its weekday; nothing is an empty text."""
    return "" if day is None else describe_date(day, as_language(language))


def moment_text(language: str, moment: datetime | None, timezone: str) -> str:
    """The day of a moment on someone's calendar."""
    return "" if moment is None else day_text(language, local_date(moment, timezone))


def period_text(language: str, period: Period) -> str:
    """A period by its label and its days; a single day just as that day."""
    if period.start == period.end:
        return day_text(language, period.start)
    joined = say(language, "days_from_to", start=_short(language, period.start), end=_short(language, period.end))
    return joined if "/" in period.label else f"{period.label} ({joined})"


def money_text(language: str, amount: Decimal | None, currency: str) -> str:
    """ "USD 85,000" or 85,000美元, with cents only where there are some."""
    return "" if amount is None else format_amount(amount, currency, as_language(language))


def number_text(number: Decimal | float, digits: int = 2) -> str:
    """A number with thousands separators and at most that many decimals."""
    rounded = round(Decimal(str(number)), digits)
    text = f"{rounded:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent_text(share: Decimal | float) -> str:
    """A share of 1 as a percentage with one decimal."""
    return f"{number_text(Decimal(str(share)) * 100, 1)}%"


def label_of(language: str, attribute: Attribute) -> str:
    """What an attribute is called."""
    return attribute.label.of(language)


def join_words(language: str, words: list[str]) -> str:
    """A list in a sentence."""
    return ("、" if language == "zh" else ", ").join(words)


def _short(language: str, day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {day:%b %Y}"
