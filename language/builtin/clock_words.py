"""Times of day in a text: "7:45", "8am", "half past seven", 早上7点半; without a day."""

import re
from datetime import time

from language.numbers.chinese import chinese_number

_CLOCKS = (
    re.compile(r"(?<![\d.])(?P<h>[01]?\d|2[0-3])[:.](?P<m>[0-5]\d)\s*(?P<half>[ap]\.?m\.?)?(?!\d)", re.IGNORECASE),
    re.compile(r"(?<![\d.:])(?P<h>1[0-2]|0?[1-9])\s*(?P<half>[ap]\.?m\.?)(?![a-z])", re.IGNORECASE),
    re.compile(r"\bat\s+(?P<h>[01]?\d|2[0-3])(?![\d:.]|\s*[ap]\.?m)(?:\s+o'?clock)?", re.IGNORECASE),
    re.compile(
        r"(?P<part>早上|早晨|上午|中午|下午|傍晚|晚上)?(?P<h>\d{1,2}|[一二两三四五六七八九十]{1,3})"
        r"[点點时](?:(?P<m>\d{1,2}|[一二三四五六七八九十]{1,3})分?|(?P<mid>半))?"
    ),
)
_LATER = ("下午", "傍晚", "晚上")


def find_clocks(text: str) -> list[time]:
    """Every time of day, from left to right; hours without a.m. or p.m. are as on a 24-hour clock."""
    found: list[tuple[int, int, time]] = []
    for pattern in _CLOCKS:
        for match in pattern.finditer(text):
            at = _time(match.groupdict())
            if at is not None and not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), at))
    return [at for _, _, at in sorted(found)]


def _time(fields: dict[str, str | None]) -> time | None:
    hour, minute = _number(fields.get("h")), _number(fields.get("m"))
    if hour is None:
        return None
    if fields.get("mid"):
        minute = 30
    half = (fields.get("half") or "").lower()
    if (half.startswith("p") or (fields.get("part") or "") in _LATER) and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    return time(hour, minute or 0) if hour < 24 and (minute or 0) < 60 else None


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text)
    value = chinese_number(text)
    return None if value is None else int(value.value)
