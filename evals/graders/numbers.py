"""Numbers that a text shows, each with the rounding of how it is printed, in digits, words and Chinese numerals.

Dates, times, quarters, identifiers and phone numbers are no values. Written apart from the agent's own
reading of numbers, so that one does not excuse the other's mistakes.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evals.graders import number_words

_EXACT = 1e-6
_RELATIVE = 1e-12
_SCALED_SLACK = 0.05
_RATIO_MAX = 10

_SCALES = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "mm": 1e6, "mn": 1e6, "bn": 1e9, "k": 1e3, "w": 1e4, "m": 1e6,
    "b": 1e9, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8,
}  # fmt: skip
_PERCENT = ("%", "percent", "per cent", "pct", "percentage points", "pp", "pts", "个百分点")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_NO_VALUES = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        r"https?://\S+",
        r"\b[a-z]+_[0-9a-z]{8,}\b",
        r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,}\b",
        r"\b[a-z]{1,5}-\d+\b",
        r"\+\d[\d -]{7,}\d",
        r"\d{4}-\d{1,2}-\d{1,2}(?:[t ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:z|[+-]\d{2}:?\d{2})?)?",
        r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{1,2}月(?:\d{1,2}[日号])?|\d{1,2}[日号](?!线)",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}})?(?![a-z])",
        rf"\b{_MONTH}\s+{_DAY}(?:,?\s+\d{{4}})?\b(?![.,]?\d)",
        rf"\b{_MONTH}\s+\d{{4}}\b",
        r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{1,2}\.\d{1,2}\.\d{2,4}\b",
        r"\b\d{1,2}:\d{2}(?::\d{2})?\b",
        r"(?:\b\d{4}\s?)?\b[qh][1-4]\b(?:\s+\d{4}\b)?|\bh\d{1,2}\b|第[一二三四1-4]季度|[一二三四]季度",
        r"^\s*\d{1,3}[.)、](?=\s)",
    )
)
_UNITS = "|".join(re.escape(unit) for unit in sorted([*_SCALES, *_PERCENT], key=len, reverse=True))
_NUMBER = re.compile(
    r"(?<![a-z0-9_])(?<!\d[.,])(?P<sign>(?:(?<=^)|(?<=[\s(:,;]))-)?(?:us|rmb|usd|cny|eur)?\s?[$€£¥]?\s?"
    r"(?P<sign2>-)?(?P<whole>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?P<decimals>\.\d+)?"
    rf"(?:\s?(?P<unit>{_UNITS})(?![a-z]))?",
    re.IGNORECASE | re.MULTILINE,
)
_CODES = re.compile(r"\b(?:usd|cny|eur|rmb|gbp|jpy|us)\s?(?=[$€£¥]?\s?\d)", re.IGNORECASE)
_CHINESE_PERCENT = re.compile(r"百分之\s?(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Shown:
    """One number as printed; `rounding` is half of its last printed unit, `scaled` marks k, m, 万 and so on."""

    value: float
    rounding: float
    percent: bool = False
    decimals: int = 0
    scaled: bool = False

    def is_value(self, wanted: float) -> bool:
        """Whether this is how `wanted` may be printed. A percentage is wanted in points, and 0.45 shows 45."""
        if _near(self.value, wanted, self._slack):
            return True
        if self.percent:
            small = abs(wanted) < _RATIO_MAX and wanted != int(wanted)
            return small and _near(self.value / 100, wanted, self._slack / 100)
        return (
            self.decimals >= 2
            and not self.scaled
            and abs(self.value) <= _RATIO_MAX
            and _near(self.value * 100, wanted, self._slack * 100)
        )

    @property
    def _slack(self) -> float:
        return min(self.rounding, abs(self.value) * _SCALED_SLACK) if self.scaled else self.rounding


def shown_numbers(text: str, names: Iterable[str] = ()) -> list[Shown]:
    """All numbers that a text shows as values; digits inside the given record names do not count."""
    folded = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").casefold()
    for name in sorted({n.casefold() for n in names if any(char.isdigit() for char in n)}, key=len, reverse=True):
        folded = folded.replace(unicodedata.normalize("NFKC", name), " ; ")
    for pattern in _NO_VALUES:
        folded = pattern.sub(" ; ", folded)
    folded = _CHINESE_PERCENT.sub(r" \1% ", _CODES.sub("", folded))
    return [*_digits(folded), *_words(folded)]


def shows(numbers: Iterable[Shown], wanted: float) -> bool:
    """Whether one of the numbers is `wanted`, within the rounding of what is printed."""
    return any(number.is_value(wanted) for number in numbers)


def _near(shown: float, wanted: float, slack: float) -> bool:
    return abs(shown - wanted) <= slack + _EXACT + _RELATIVE * abs(wanted)


def _digits(text: str) -> Iterator[Shown]:
    last: Shown | None = None
    last_end = -1
    for match in _NUMBER.finditer(text):
        number = _read(match)
        joined = last is not None and last.scaled and match.start() == last_end
        if joined and last is not None and abs(number.value) < abs(last.value):
            number = Shown(last.value + number.value, number.rounding, scaled=number.scaled)
        elif last is not None:
            yield last
        last, last_end = number, match.end()
    if last is not None:
        yield last


def _read(match: re.Match[str]) -> Shown:
    unit = match["unit"] or ""
    scale = _SCALES.get(unit, 1.0)
    decimals = len(match["decimals"] or ".") - 1
    value = float(match["whole"].replace(",", "") + (match["decimals"] or "")) * scale
    negative = bool(match["sign"] or match["sign2"])
    return Shown(
        value=-value if negative else value,
        rounding=0.5 * 10**-decimals * scale,
        percent=unit in _PERCENT,
        decimals=decimals,
        scaled=unit in _SCALES,
    )


def _words(text: str) -> Iterator[Shown]:
    for value, percent in (*number_words.chinese(text), *number_words.english(text)):
        yield Shown(value, 0.5 if value == int(value) else 0.05, percent=percent)
