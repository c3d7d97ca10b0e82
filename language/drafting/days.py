"""Days in a draft: absolute, with the weekday, in the recipient's language."""

import re
from datetime import date, timedelta

from language.dates import DateMention, FiscalCalendar, Tense, find_dates

_EN_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EN_MONTHS = tuple(
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_EN_LEAD = re.compile(
    r"^(?:no\s+later\s+than|by\s+the\s+end\s+of|by|before|until|till|after|from|since|around|about|as\s+of)\b\s*"
    r"(?:close\s+of\s+|end\s+of\s+)?",
    re.IGNORECASE,
)
_ZH_TAIL = re.compile(r"(?:之前|以前|前|之后|以后|后|起|为止)$")
_PART = re.compile(
    r"\b(?:this|in the)?\s*(morning|afternoon|evening)\b|(上午|下午|早上|中午|晚上|傍晚)", re.IGNORECASE
)
_EN_BOUND = {"before": "by", "until": "until", "after": "after", "since": "since", "from": "from"}
_ZH_BOUND = {"before": "前", "until": "前", "after": "之后", "since": "以来", "from": "起"}


def day_in_words(day: date, today: date, language: str) -> str:
    """ "Friday 13 March" or 3月13日（周五）; the year only where it is not this one."""
    if language == "zh":
        year = f"{day.year}年" if day.year != today.year else ""
        return f"{year}{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）"
    year = f" {day.year}" if day.year != today.year else ""
    return f"{_EN_DAYS[day.weekday()]} {day.day} {_EN_MONTHS[day.month - 1]}{year}"


def find_days(text: str, today: date, *, past: bool = False, fiscal: int = 1) -> list[DateMention]:
    """Days and weeks that can be said absolutely; a bare month or quarter stands for itself."""
    tense = Tense.PAST if past else Tense.FUTURE
    found = find_dates(text, today=today, tense=tense, fiscal=FiscalCalendar(fiscal))
    return [each for each in found if each.on is not None or (each.period is not None and each.period.days == 7)]


def with_absolute_days(text: str, today: date, language: str, *, past: bool = False, fiscal: int = 1) -> str:
    """The text with its days and weeks said absolutely in `language`."""
    said = text
    for mention in reversed(find_days(text, today, past=past, fiscal=fiscal)):
        start, end = mention.span.start, mention.span.end
        words = mention_in_words(mention, today, language)
        tail = said[end:]
        if language != "zh" and (owner := re.match(r"['’]s\s+([^,.;]+)", tail)):
            lead = re.search(r"\b(?:the|our|my|your)\s+$", said[:start])
            article = "" if lead else "the "
            on = "" if re.match(r"(?:by|in|the)\b", words) else "on "
            said = f"{said[:start]}{article}{owner[1]} {on}{words}{tail[owner.end() :]}"
            continue
        said = f"{said[:start]}{words}{tail}"
    return re.sub(r"\b(in|of|for|by|until|during|from|before|after|on) in the week\b", r"\1 the week", said)


def mention_in_words(mention: DateMention, today: date, language: str) -> str:
    """One mention with its framing word ("by …", …前) and its hour, absolutely."""
    text = mention.span.text
    if mention.on is None and mention.period is not None:
        start = mention.period.start
        monday = start - timedelta(days=start.weekday())
        week = day_in_words(monday, today, language)
        return f"{week}那一周" if language == "zh" else f"in the week of {week}"
    assert mention.on is not None
    day = day_in_words(mention.on, today, language)
    part = _part_of_day(text, language)
    hour = f"{mention.at:%H:%M}" if mention.at and not mention.is_deadline else ""
    if language == "zh":
        tail = _ZH_TAIL.search(text)
        bound = tail[0] if tail else _ZH_BOUND.get(mention.bound, "")
        return f"{day}{part}{hour}{bound}"
    lead = _EN_LEAD.match(text)
    bound = lead[0].strip() if lead else _EN_BOUND.get(mention.bound, "")
    if not bound and re.match(r"on\b", text, re.IGNORECASE):
        bound = "on"
    clock = f" at {hour}" if hour else ""
    return f"{bound} {day}{part}{clock}".strip()


def _part_of_day(text: str, language: str) -> str:
    found = _PART.search(text)
    if not found:
        return ""
    english = (
        found[1] or {"上午": "morning", "早上": "morning", "下午": "afternoon"}.get(found[2] or "", "")
    ).lower()
    if language == "zh":
        return found[2] or {"morning": "上午", "afternoon": "下午", "evening": "晚上"}[english]
    return f" in the {english}" if english else ""
