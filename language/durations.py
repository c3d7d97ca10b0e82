"""How long something took: "an hour and a half", "40-minute call", 一个半小时. Days are `language.dates`.

The rules are `data/durations.yaml`; what the number in each counts is the table below.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from core.errors import ModelFixableError
from language.grammar import Grammar, Match
from language.numbers import Quantity, chinese_number
from language.resources import load_data
from language.script import to_simplified
from language.spans import Span, cut
from language.tokens import Token, tokenize

LONGEST_MINUTES = 60 * 24 * 7
_HOURS, _HALF_DAY = 24, 12 * 60


class UnreadableDurationError(ModelFixableError):
    """The words name no length of time."""

    def __init__(self, words: str) -> None:
        super().__init__(f"“{words[:80]}” is not a duration that can be read. Give one as “45 min” or 一个半小时.")
        self.words = words


@dataclass(frozen=True, slots=True)
class DurationMention:
    """A length of time in a text, in whole minutes; of a range ("20-30 min") the middle."""

    span: Span
    minutes: int


def find_durations(text: str) -> list[DurationMention]:
    """Every length in hours or minutes, left to right; points in time ("in 20 minutes") are left out."""
    tokens = tokenize(text)
    found: list[DurationMention] = []
    covered = 0
    for candidates in _grammar().matches(tokens):
        match = candidates[0]
        if match.first < covered:
            continue
        covered = match.after
        minutes = _minutes(match)
        if 0 < minutes <= LONGEST_MINUTES and not _is_point_in_time(match, tokens):
            span = cut(text, tokens[match.first].start, tokens[match.after - 1].end)
            found.append(DurationMention(span, minutes))
    return found


def clock_range(text: str) -> int:
    """The minutes between two hours of the clock, where one such pair is told ("9:00 to 10:30", 三点到四点半); else 0.

    The shorter way round the clock counts: "11 am to 1" takes two hours.
    """
    found = {
        each.group(): minutes
        for pattern in load_data("durations")["clock_ranges"]
        for each in re.finditer(pattern, to_simplified(text), re.IGNORECASE)
        if (minutes := _between(each))
    }
    return next(iter(found.values())) if len(found) == 1 else 0


def _between(found: re.Match[str]) -> int:
    if not any(found[name] for name in ("m1", "m2", "p1", "p2")) and "点" not in found[0]:
        return 0
    times = [(_figure(found[f"h{i}"]), _minute(found[f"m{i}"])) for i in (1, 2)]
    if any(hour > _HOURS for hour, _ in times):
        return 0
    (from_hour, from_minute), (to_hour, to_minute) = times
    return ((to_hour - from_hour) * 60 + to_minute - from_minute) % _HALF_DAY


def _figure(words: str) -> int:
    read = int(words) if words.isdecimal() else chinese_number(words)
    return int(read.value) if isinstance(read, Quantity) else read or 0


def _minute(words: str | None) -> int:
    known = load_data("durations")["parts_of_hour"]
    return int(known.get(words) or _figure(words.rstrip("分"))) if words else 0


def parse_minutes(text: str) -> int:
    """The minutes that `text` names, a bare number included; anything else raises UnreadableDurationError."""
    if re.fullmatch(r"\s*\d{1,4}\s*", text):
        return int(text)
    found = find_durations(text)
    if len(found) != 1:
        raise UnreadableDurationError(text)
    return found[0].minutes


@cache
def _grammar() -> Grammar:
    data = load_data("durations")
    return Grammar(data["rules"], data["classes"])


def _is_point_in_time(match: Match, tokens: tuple[Token, ...]) -> bool:
    data = load_data("durations")
    before = tokens[match.first - 1].canon if match.first else ""
    after = tokens[match.after].canon if match.after < len(tokens) else ""
    ends = match.first > 1 and before == "in" and tokens[match.first - 2].canon in data["done_in"]
    return (before in data["not_after"] and not ends) or after in data["not_before"]


def _minutes(match: Match) -> int:
    unit = match.fields.get("hour") or match.fields.get("minute") or 1
    return round(_COUNTS[match.build](match.fields) * unit)


def _number(fields: Mapping[str, Any], name: str) -> Decimal:
    value = fields.get(name, 1)
    return value.value if isinstance(value, Quantity) else Decimal(value)


def _spent(fields: Mapping[str, Any]) -> Decimal:
    """1h30, 2h, 1h 15m."""
    hours, *minutes = (int(part) for part in re.findall(r"\d+", fields["spent"]))
    return Decimal(hours * 60 + sum(minutes))


def _both(fields: Mapping[str, Any]) -> Decimal:
    return _number(fields, "hours") + _number(fields, "minutes") / 60


_COUNTS: Mapping[str, Callable[[Mapping[str, Any]], Decimal]] = {
    "counted": lambda fields: _number(fields, "amount"),
    "between": lambda fields: (_number(fields, "amount") + _number(fields, "upto")) / 2,
    "both": _both,
    "one": lambda fields: Decimal(1),
    "half": lambda fields: Decimal("0.5"),
    "quarter": lambda fields: Decimal("0.25"),
    "three_quarters": lambda fields: _number(fields, "amount") / 4 if "amount" in fields else Decimal("0.75"),
    "and_half": lambda fields: _number(fields, "amount") + Decimal("0.5"),
    "and_quarter": lambda fields: _number(fields, "amount") + Decimal("0.25"),
    "spent": _spent,
}
