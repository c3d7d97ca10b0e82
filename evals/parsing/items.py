"""Items of a table: a text and the canonical form of what it means, and how a mention is put into that form."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from language.amounts import AmountMention
from language.dates import DateMention, Shift, Tense

_HERE = Path(__file__).parent
DEVELOPED_ON = _HERE.parent.parent / "tests" / "language" / "data"
BLIND = _HERE.parent / "data" / "parsing_blind.yaml"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a table: a text and the canonical form of what it means."""

    table: str
    text: str
    meaning: str
    today: date
    tense: Tense = Tense.FUTURE

    @property
    def lang(self) -> str:
        """ "zh" when the text has a Chinese character, else "en"."""
        return "zh" if any("\u4e00" <= char <= "\u9fff" for char in self.text) else "en"


def read_tables(folder: Path = DEVELOPED_ON) -> list[Item]:
    """Every item of the tables that the parsers were developed on."""
    dates = _load(folder / "dates.yaml")
    rest = {table: _load(folder / f"{table}.yaml") for table in ("durations", "amounts")}
    return _items({**dates, **rest})


def read_blind(file: Path = BLIND) -> list[Item]:
    """Every item of the table that was written without looking at the parsers."""
    return _items(_load(file))


def _items(data: dict[str, Any]) -> list[Item]:
    today = data["today"]
    dated = [
        Item("dates", str(text), str(meaning), today, tense)
        for tense in Tense
        for text, meaning in data[tense.value].items()
    ]
    return dated + [
        Item(table, str(text), str(meaning), today)
        for table in ("durations", "amounts")
        for text, meaning in data[table].items()
    ]


def date_form(mention: DateMention) -> str:
    """A date mention in the form of `dates.yaml`."""
    deadline = " <" if mention.is_deadline else ""
    if mention.on:
        return mention.on.isoformat() + deadline
    if mention.period:
        return mention.period.label + deadline
    return shift_form(mention.shift or Shift()) + deadline


def shift_form(shift: Shift) -> str:
    """A move in the form of `dates.yaml`: +14d, +1m, +3w (workdays)."""
    count, unit = next(
        ((n, u) for n, u in ((shift.months, "m"), (shift.days, "d"), (shift.workdays, "w")) if n), (0, "d")
    )
    return f"{count:+d}{unit}"


def amount_form(mention: AmountMention) -> str:
    """An amount mention in the form of `amounts.yaml`."""
    what = "off" if mention.off else mention.kind
    value = f"{mention.value.normalize():f}"
    if mention.low is not None and mention.high is not None:
        value = f"{mention.low.normalize():f}-{mention.high.normalize():f}"
    return " ".join(part for part in (value, mention.currency, what) if part)


def _load(path: Path) -> dict[Any, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
