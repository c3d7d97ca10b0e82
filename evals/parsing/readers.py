"""Readers of items: ours, and other libraries where they are installed (`pip install --group rivals`)."""

import importlib
import warnings
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from evals.parsing.items import NONE, Item, amount_form, date_form
from language.amounts import find_amounts
from language.dates import find_dates
from language.durations import find_durations

# What a reader answers in the form of the tables; None where it does not do such items.
Reader = Callable[[Item], str | None]


def read_ours(item: Item) -> str:
    """What this project reads, in the canonical form of the tables."""
    if item.table == "durations":
        return " | ".join(str(found.minutes) for found in find_durations(item.text)) or NONE
    if item.table == "amounts":
        return " | ".join(map(amount_form, find_amounts(item.text))) or NONE
    return (
        " | ".join(date_form(found) for found in find_dates(item.text, today=item.today, tense=item.tense)) or NONE
    )


def dateparser() -> Reader:
    """Dates in English and Chinese; raises ImportError where it is not installed."""
    search = importlib.import_module("dateparser.search")

    def read(item: Item) -> str | None:
        if item.table != "dates":
            return None
        settings = {
            "RELATIVE_BASE": datetime.combine(item.today, datetime.min.time()),
            "PREFER_DATES_FROM": item.tense.value,
            "RETURN_AS_TIMEZONE_AWARE": False,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = search.search_dates(item.text, languages=[item.lang], settings=settings)
        return " | ".join(day.date().isoformat() for _, day in found or []) or NONE

    return read


def jionlp() -> Reader:
    """Chinese dates and amounts; raises ImportError where it is not installed."""
    jio = importlib.import_module("jionlp")

    def read(item: Item) -> str | None:
        if item.lang != "zh" or item.table == "durations":
            return None
        if item.table == "dates":
            base = datetime.combine(item.today, datetime.min.time()).timestamp()
            found = jio.ner.extract_time(item.text, time_base=base) or []
            return " | ".join(map(_jionlp_time, found)) or NONE
        return " | ".join(map(_jionlp_money, jio.ner.extract_money(item.text) or [])) or NONE

    return read


def _jionlp_time(found: Mapping[str, Any]) -> str:
    detail = found["detail"]["time"]
    if isinstance(detail, dict):
        return str(detail)
    open_ends = {"-inf": date.min, "inf": date.max}
    start, end = (open_ends.get(moment) or date.fromisoformat(moment[:10]) for moment in detail)
    return start.isoformat() if start == end else f"{start}/{end}"


_JIONLP_CURRENCIES = {"元": "CNY", "美元": "USD", "欧元": "EUR", "港元": "HKD", "英镑": "GBP", "日元": "JPY"}


def _jionlp_money(found: Mapping[str, Any]) -> str:
    detail = found["detail"]
    numbers = detail["num"] if isinstance(detail["num"], list) else [detail["num"]]
    value = "-".join(f"{Decimal(number).normalize():f}" for number in numbers)
    return " ".join(part for part in (value, _JIONLP_CURRENCIES.get(detail["case"], ""), "money") if part)


RIVALS: Mapping[str, Callable[[], Reader]] = {"dateparser": dateparser, "jionlp": jionlp}


def rivals() -> tuple[dict[str, Reader], list[str]]:
    """The other libraries that are installed, and a line for each that is not."""
    found, missing = {}, []
    for name, load in RIVALS.items():
        try:
            found[name] = load()
        except ImportError as error:
            missing.append(f"{name} is left out: {error}. `pip install --group rivals` brings it.")
    return found, missing


def agrees(item: Item, answer: str) -> bool:
    """True when another library's answer says the same.

    It is easier on them than on us: no deadline mark is asked, the first and last day may stand for a period's
    label, and the yuan may be taken for granted.
    """
    wanted = item.meaning.replace(" <", "")
    return answer.replace(" <", "") in (wanted, _as_range(wanted, item.today), wanted.replace(" CNY", "")) or (
        answer.replace(" CNY", "") == wanted
    )


def _as_range(label: str, today: date) -> str:
    """A canonical period label as an ISO range; anything else unchanged."""
    for mention in find_dates(f"in {label}", today=today):
        if mention.period:
            return f"{mention.period.start}/{mention.period.end}"
    return label
