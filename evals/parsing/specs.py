"""The public specifications of Recognizers-Text as items: `Specs/DateTime` and `Specs/NumberWithUnit`, en and zh.

A file is a JSON list of {Input, Context: {ReferenceDateTime}, NotSupported…, Results: [{TypeName, Resolution}]}.
Items with a type that is not read here (times of day, recurring dates, seasons, rare currencies) are counted as
left out, with the reason.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from core.errors import OperatorFixableError
from language.resources import load_data

FILES = (("DateTime", "DateTimeModel"), ("NumberWithUnit", "CurrencyModel"))
LANGUAGES = {"English": "en", "Chinese": "zh"}
_UNIT_CODES = {"Dollar": "USD", "Pound": "GBP", "Euro": "EUR"}
_CLOCK = re.compile(r"PT(?:(\d+(?:\.\d+)?)H)?(?:(\d+)M)?")
_LENGTH = re.compile(r"P(\d+)(D|W|M|Y)")


class SpecsError(OperatorFixableError):
    """The folder holds no specification that can be read; the message names it."""


@dataclass(frozen=True, slots=True)
class SpecItem:
    """One input: for each thing to be found, the forms that count as the same. `kind` is the first one's type."""

    text: str
    lang: str
    kind: str
    today: date
    wanted: tuple[frozenset[str], ...]
    in_python_port: bool


@dataclass(slots=True)
class Specification:
    """One file: the items that are compared, and how many were left out for which reason."""

    name: str
    items: list[SpecItem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def read_specs(folder: Path) -> list[Specification]:
    """All specifications in the folder `Specs` of a checkout.

    Raises:
        SpecsError: none of the files is there, or one is not such a list.
    """
    paths = [(lang, folder / part / lang / f"{name}.json") for part, name in FILES for lang in LANGUAGES]
    found = [_read(path, lang) for lang, path in paths if path.is_file()]
    if not found:
        raise SpecsError(
            f"{folder}: none of {', '.join(str(path.relative_to(folder)) for _, path in paths)} is here"
        )
    return found


def _read(path: Path, lang: str) -> Specification:
    specification = Specification(f"{path.stem.removesuffix('Model')} {LANGUAGES[lang]}")
    try:
        cases = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(cases, list):
            raise TypeError("not a list of cases")
        for case in cases:
            item = _item(case, LANGUAGES[lang], "nothing" if path.stem == "DateTimeModel" else "no money")
            if isinstance(item, str):
                specification.left_out[item] += 1
            else:
                specification.items.append(item)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SpecsError(f"{path}: {type(error).__name__}: {error}") from error
    return specification


def _item(case: Mapping[str, Any], lang: str, empty: str) -> SpecItem | str:
    """The item of a case, or why it is left out."""
    wanted: list[frozenset[str]] = []
    results = [_Result.of(result) for result in case["Results"]]
    for result in results:
        forms = result.forms()
        if isinstance(forms, str):
            return forms
        wanted.append(forms)
    moment = (case.get("Context") or {}).get("ReferenceDateTime", "2016-11-07T00:00:00")
    unsupported = ",".join(str(value) for key, value in case.items() if key.startswith("NotSupported"))
    kind = results[0].kind if results else empty
    return SpecItem(
        case["Input"],
        lang,
        kind,
        datetime.fromisoformat(moment).date(),
        tuple(wanted),
        "python" not in unsupported,
    )


@dataclass(frozen=True, slots=True)
class _Result:
    kind: str
    resolution: Mapping[str, Any]

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> "_Result":
        return cls(result["TypeName"].removeprefix("datetimeV2."), result.get("Resolution") or {})

    def forms(self) -> frozenset[str] | str:
        """The forms that count as the same, or why there are none."""
        if self.kind == "currency":
            return self._money()
        if self.kind not in ("date", "daterange", "duration"):
            return self.kind
        values = self.resolution.get("values") or []
        forms = frozenset(form for value in values for form in _time_forms(self.kind, value))
        return forms or f"{self.kind} without a day"

    def _money(self) -> frozenset[str] | str:
        value = self.resolution.get("value")
        code = self.resolution.get("isoCurrency") or _UNIT_CODES.get(self.resolution.get("unit", ""))
        if value is None:
            return "a currency without a number"
        if code not in load_data("money")["codes"]:
            return "a currency that is not read here"
        number = float(str(value).replace(",", ""))
        return frozenset({f"{number:.4f} {code}"})


def _time_forms(kind: str, value: Mapping[str, str]) -> Iterator[str]:
    if kind == "date" and len(value.get("value", "")) == 10:
        yield value["value"]
    elif kind == "duration":
        yield from _length_forms(value["timex"])
    elif kind == "daterange":
        yield from _range_forms(value)


def _length_forms(timex: str) -> Iterator[str]:
    clock = _CLOCK.fullmatch(timex)
    if clock:
        yield f"{round(float(clock[1] or 0) * 60) + int(clock[2] or 0)} min"
    length = _LENGTH.fullmatch(timex)
    if length:
        count = int(length[1])
        yield {"D": f"+{count}d", "W": f"+{7 * count}d", "M": f"+{count}m", "Y": f"+{12 * count}m"}[length[2]]


def _range_forms(value: Mapping[str, str]) -> Iterator[str]:
    """First and last day; their end is outside a whole week or month and inside "from 4 to 23": both count."""
    start, end = value.get("start", "")[:10], value.get("end", "")[:10]
    if start and end:
        yield f"{start}/{end}"
        yield f"{start}/{date.fromisoformat(end) - timedelta(days=1)}"
    elif start:
        yield f">={start}"
    elif end:
        yield f"<{end}"


def matches(item: SpecItem, answers: Sequence[frozenset[str]]) -> bool:
    """True when exactly what is wanted was found, in order; an answer is a set of forms that it may be put in."""
    return len(answers) == len(item.wanted) and all(
        answer & wanted for answer, wanted in zip(answers, item.wanted, strict=True)
    )
