"""Measures how dates, durations and amounts are read, beside other libraries: `python -m evals.bench_language`.

Our own tables are `tests/language/data`; `--specs DIR` reads the specifications of Recognizers-Text as well.
"""

import argparse
import importlib
import json
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from language.amounts import AmountMention, find_amounts
from language.dates import DateMention, Shift, Tense, find_dates
from language.durations import find_durations

TABLES = Path(__file__).parent.parent / "tests" / "language" / "data"
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


def read_tables(folder: Path = TABLES) -> list[Item]:
    """Every item of our own tables."""
    dates = _load(folder / "dates.yaml")
    today = dates["today"]
    items = [
        Item("dates", str(text), str(meaning), today, tense)
        for tense in Tense
        for text, meaning in dates[tense.value].items()
    ]
    for table in ("durations", "amounts"):
        items += [
            Item(table, str(text), str(meaning), today)
            for text, meaning in _load(folder / f"{table}.yaml").items()
        ]
    return items


def read_ours(item: Item) -> str:
    """What this project reads, in the canonical form of the tables."""
    if item.table == "durations":
        return " | ".join(str(found.minutes) for found in find_durations(item.text)) or NONE
    if item.table == "amounts":
        return " | ".join(map(amount_form, find_amounts(item.text))) or NONE
    return (
        " | ".join(date_form(found) for found in find_dates(item.text, today=item.today, tense=item.tense)) or NONE
    )


def date_form(mention: DateMention) -> str:
    """A date mention in the form of `dates.yaml`."""
    deadline = " <" if mention.is_deadline else ""
    if mention.on:
        return mention.on.isoformat() + deadline
    if mention.period:
        return mention.period.label + deadline
    shift = mention.shift or Shift()
    count, unit = next(
        ((n, u) for n, u in ((shift.months, "m"), (shift.days, "d"), (shift.workdays, "w")) if n), (0, "d")
    )
    return f"{count:+d}{unit}{deadline}"


def amount_form(mention: AmountMention) -> str:
    """An amount mention in the form of `amounts.yaml`."""
    what = "off" if mention.off else mention.kind
    value = f"{mention.value.normalize():f}"
    if mention.low is not None and mention.high is not None:
        value = f"{mention.low.normalize():f}-{mention.high.normalize():f}"
    return " ".join(part for part in (value, mention.currency, what) if part)


# Other libraries: each answers in the same form, or None where it does not do such items.


def _dateparser() -> Callable[[Item], str | None]:
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


def _jionlp() -> Callable[[Item], str | None]:
    jio = importlib.import_module("jionlp")

    def read(item: Item) -> str | None:
        if item.lang != "zh":
            return None
        if item.table == "dates":
            base = datetime.combine(item.today, datetime.min.time()).timestamp()
            return (
                " | ".join(_jio_time(found) for found in jio.ner.extract_time(item.text, time_base=base) or [])
                or NONE
            )
        if item.table == "amounts":
            return " | ".join(_jio_money(found) for found in jio.ner.extract_money(item.text) or []) or NONE
        return None

    return read


def _jio_time(found: Mapping[str, Any]) -> str:
    detail = found["detail"]["time"]
    if isinstance(detail, dict):
        return str(detail)
    start, end = (date.fromisoformat(moment[:10]) if moment != "inf" else date.max for moment in detail)
    return start.isoformat() if start == end else f"{start}/{end}"


def _jio_money(found: Mapping[str, Any]) -> str:
    number, unit = (
        found["detail"]["num"],
        {"元": "CNY", "美元": "USD", "欧元": "EUR"}.get(found["detail"]["case"], ""),
    )
    numbers = number if isinstance(number, list) else [number]
    return " ".join(
        part for part in ("-".join(f"{Decimal(n).normalize():f}" for n in numbers), unit, "money") if part
    )


RIVALS: Mapping[str, Callable[[], Callable[[Item], str | None]]] = {"dateparser": _dateparser, "jionlp": _jionlp}


def agrees(item: Item, answer: str) -> bool:
    """True when the answer says the same; no deadline mark is asked, a range may stand for a label."""
    wanted = item.meaning.replace(" <", "")
    return answer.replace(" <", "") in (wanted, as_range(wanted), wanted.replace(" CNY", ""))


def as_range(label: str) -> str:
    """A canonical period label as an ISO range; anything else unchanged."""
    today = date(2026, 3, 10)
    for mention in find_dates(f"in {label}", today=today):
        if mention.period:
            return f"{mention.period.start}/{mention.period.end}"
    return label


def measure(items: Sequence[Item]) -> Iterator[tuple[str, str, int, dict[str, tuple[int, int]]]]:
    """Per table and language: n, and for each reader how many of those it attempts it gets right."""
    readers: dict[str, Callable[[Item], str | None]] = {"ours": read_ours}
    for name, load in RIVALS.items():
        try:
            readers[name] = load()
        except ImportError:
            print(f"({name} is not installed)")
    for table in ("dates", "durations", "amounts"):
        for lang in ("en", "zh"):
            chosen = [item for item in items if (item.table, item.lang) == (table, lang)]
            yield table, lang, len(chosen), {name: _score(read, name, chosen) for name, read in readers.items()}


def _score(read: Callable[[Item], str | None], name: str, items: Sequence[Item]) -> tuple[int, int]:
    answers = [(item, answer) for item in items if (answer := read(item)) is not None]
    right = sum(answer == item.meaning if name == "ours" else agrees(item, answer) for item, answer in answers)
    return right, len(answers)


# The specifications of Recognizers-Text: JSON lists of {Input, Context.ReferenceDateTime, Results[].Resolution}.


def read_specs(folder: Path) -> Iterator[tuple[str, int, int, list[str]]]:
    """Per specification: its name, how many single-result items we read the same, of how many, and misses."""
    for lang in ("English", "Chinese"):
        for kind, judge in (("DateTime", _same_date), ("NumberWithUnit", _same_money)):
            name = {"DateTime": "DateTimeModel", "NumberWithUnit": "CurrencyModel"}[kind]
            path = folder / kind / lang / f"{name}.json"
            if path.exists():
                verdicts = [(case["Input"], judge(case)) for case in json.loads(path.read_text("utf-8-sig"))]
                judged = [(text, verdict) for text, verdict in verdicts if verdict is not None]
                yield (
                    f"{lang} {name}",
                    sum(verdict for _, verdict in judged),
                    len(judged),
                    [text for text, verdict in judged if not verdict],
                )


def _same_date(case: Mapping[str, Any]) -> bool | None:
    """Whether one of the resolutions is ours; None for items that are no single date or date range."""
    results = case.get("Results", [])
    kinds = ("datetimeV2.date", "datetimeV2.daterange")
    if len(results) != 1 or results[0].get("TypeName") not in kinds or "Context" not in case:
        return None
    values = results[0].get("Resolution", {}).get("values", [])
    wanted = {form for value in values if (form := _resolution(value))}
    if not wanted:
        return None
    today = datetime.fromisoformat(case["Context"]["ReferenceDateTime"]).date()
    for tense in Tense:
        found = find_dates(case["Input"], today=today, tense=tense)
        if len(found) == 1 and _spelled(found[0]) in wanted:
            return True
    return False


def _resolution(value: Mapping[str, str]) -> str | None:
    """A resolution as a day or an inclusive range (Recognizers-Text ends ranges one day later)."""
    if "start" in value and "end" in value:
        end = date.fromisoformat(value["end"][:10]) - timedelta(days=1)
        return f"{value['start'][:10]}/{end}"
    day = value.get("value", "")
    return day if len(day) == 10 else None


def _spelled(mention: DateMention) -> str:
    if mention.period:
        return f"{mention.period.start}/{mention.period.end}"
    return mention.on.isoformat() if mention.on else ""


def _same_money(case: Mapping[str, Any]) -> bool | None:
    results = case.get("Results", [])
    if len(results) != 1 or not (results[0].get("Resolution") or {}).get("value"):
        return None
    found = [mention for mention in find_amounts(case["Input"]) if mention.kind == "money"]
    wanted = results[0]["Resolution"]
    iso = wanted.get("isoCurrency")
    same = len(found) == 1 and found[0].value == Decimal(str(wanted["value"]).replace(",", ""))
    return same and (not iso or iso == found[0].currency)


def main() -> None:
    """Prints one table for our own items and one for the specifications."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=Path, help="the folder Specs of a Recognizers-Text checkout")
    parser.add_argument("--misses", action="store_true", help="print what was read differently")
    options = parser.parse_args()
    items = read_tables()
    for table, lang, n, scores in measure(items):
        cells = "  ".join(f"{name} {right}/{tried}" for name, (right, tried) in scores.items() if tried)
        print(f"{table:10} {lang}  n={n:3}  {cells}")
    if options.misses:
        for item in items:
            answer = read_ours(item)
            if answer != item.meaning:
                print(f"  {item.table} {item.tense} {item.text!r}: {answer} instead of {item.meaning}")
    for name, right, n, misses in read_specs(options.specs) if options.specs else ():
        print(f"{name:24} n={n:4}  ours {right} ({right / max(n, 1):.0%})")
        for text in misses if options.misses else ():
            print(f"    {text}")


def _load(path: Path) -> dict[Any, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
