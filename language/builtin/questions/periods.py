"""Periods and date filters: what a date in a question is about (close date, due, …) and how calls name it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from language.builtin.questions.slots import Slots
from language.builtin.questions.tense import settled
from language.dates import DateMention, Period

DATE_FIELD = {
    "deal": "close_date", "task": "due", "ticket": "opened_at", "interaction": "occurred_at",
    "lead": "created_at", "account": "created_at", "contact": "created_at",
}  # fmt: skip
_MOMENTS = {
    "created": {"deal": "created_at", "ticket": "opened_at", "task": "created_at"},
    "closed": {"deal": "closed_at", "ticket": "resolved_at"},
    "resolved": {"ticket": "resolved_at"},
    "touched": {
        "deal": "last_activity",
        "account": "last_activity",
        "contact": "last_activity",
        "lead": "last_activity",
    },
}
# What these tell lies behind us.
_PAST_FIELDS = frozenset({"created_at", "opened_at", "closed_at", "resolved_at", "occurred_at", "last_activity"})
# "What is still open from last month" is about that month, "from March on" about all since.
_ONE_PERIOD = re.compile(r"\bfrom (?:the )?(?:last|previous|past|this)\b")
_MORE_OR_LESS = re.compile(r"\b(?:(?P<more>more|longer|over)|less)(?: than)?\s+$", re.IGNORECASE)
_OPS = {"until": "<=", "since": ">=", "from": ">=", "after": ">"}


def period_of(slots: Slots) -> str:
    """The period of the clause as calls name it; empty when none is said."""
    found = periods(slots)
    return found[0] if found else ""


def periods(slots: Slots, *, past: bool = False) -> list[str]:
    """All periods of the clause as calls name them; of what is `past`, Q4 is the latest one that has begun."""
    situation = slots.reading.situation
    mentions = [settled(each, situation, past=True) if past else each for each in slots.dates]
    return [words for mention in mentions for words in [_period_words(mention, situation.today)] if words]


def period_before(label: str, comparisons: Sequence[str]) -> str:
    """The period that "year over year" compares a labelled one with; empty when that is not clear."""
    week = re.fullmatch(r"(\d{4})-W(\d{2})", label)
    if week and "previous_period" in comparisons:
        year, number, _ = (date.fromisocalendar(int(week[1]), int(week[2]), 1) - timedelta(days=7)).isocalendar()
        return f"{year}-W{number:02d}"
    found = re.fullmatch(r"(\d{4})(?:-(Q?)(\d{1,2}))?", label)
    if not found:
        return ""
    year, quarter, part = int(found[1]), found[2] or "", int(found[3] or 0)
    if "previous_year" in comparisons or ("previous_period" in comparisons and not part):
        return label.replace(found[1], str(year - 1), 1)
    if "previous_period" not in comparisons:
        return ""
    last = 4 if quarter else 12
    year, part = (year, part - 1) if part > 1 else (year - 1, last)
    return f"{year}-{quarter}{part}" if quarter else f"{year}-{part:02d}"


def date_filters(slots: Slots, kind: str) -> Iterator[tuple[str, str, str]]:
    """(field, op, value) for each date that narrows records of a kind."""
    name = _date_field(slots, kind)
    if not name:
        return
    for mention in slots.dates:
        value = _value(_behind_us(slots, mention) if name in _PAST_FIELDS else mention)
        if value and not slots.has("rule", "H3", "H4"):
            yield name, _compared(slots, mention) or _operator(mention), value


def _compared(slots: Slots, mention: DateMention) -> str:
    """ "Raised more than a week ago": before that day; "less than": after it."""
    found = _MORE_OR_LESS.search(slots.reading.text[: mention.span.start]) if mention.on is not None else None
    return ("<" if found["more"] else ">") if found is not None else ""


def _behind_us(slots: Slots, mention: DateMention) -> DateMention:
    """The date as one of what has happened: "opened before 12 September" is about the last one."""
    same = (each for each in slots.reading.past_dates if each.span == mention.span)
    return next(same, mention) if mention.on is not None and not is_past(slots, mention) else mention


def is_past(slots: Slots, mention: DateMention) -> bool:
    """Whether a date lies wholly before today."""
    end = mention.on or (mention.period.end if mention.period else None)
    return end is not None and end < slots.reading.situation.today


def _operator(mention: DateMention) -> str:
    """ "By" and "before" a day include it, "before" a month does not."""
    words = mention.span.text.lower()
    if words.startswith("due") and not words.startswith("due by"):
        return "="
    if mention.bound == "from" and mention.period is not None and _ONE_PERIOD.search(words):
        return "="
    if mention.bound == "before":
        return "<=" if mention.on is not None or words.startswith("by") else "<"
    return _OPS.get(mention.bound, "=")


def closed_by_then(slots: Slots) -> bool:
    """ "What did Tomas close last week": deals won then, not those that were due then."""
    words = {unit.form for unit in slots.marks.units}
    texts = {mark.text.lower() for mark in slots.marks}
    done = (
        ("did" in words and "close" in texts)
        or ({"has", "have"} & words and "closed" in texts)
        or ({"关", "签"} & texts and "了" in words)
        or "签的" in slots.reading.text[slots.clause.start : slots.clause.end]
    )
    today = slots.reading.situation.today
    begun = any(mention.period is not None and mention.period.start <= today for mention in slots.dates)
    return bool(done) and (begun or any(is_past(slots, mention) for mention in slots.dates))


def _date_field(slots: Slots, kind: str) -> str:
    moments = slots.values("moment")
    ended = any(slots.has("state", state) for state in ("won", "lost", "closed", "resolved"))
    for moment in ("created", "resolved", "touched"):
        named = _MOMENTS[moment].get(kind)
        if moment in moments and named and not (moment == "resolved" and not ended):
            return named
    ended = ended or (kind == "deal" and closed_by_then(slots))
    if ended and kind in _MOMENTS["closed"]:
        return _MOMENTS["closed"][kind]
    return DATE_FIELD.get(kind, "")


def _value(mention: DateMention) -> str:
    if mention.on is not None:
        return mention.on.isoformat()
    return _label(mention.period) if mention.period is not None else ""


def _label(period: Period) -> str:
    """The canonical label; a free range is written with both its days."""
    plain = "/" not in period.label and ".." not in period.label
    return period.label if plain else f"{period.start.isoformat()} to {period.end.isoformat()}"


def _last_day(mention: DateMention) -> date:
    """The last day that "by June 30", "until June" or "before July" takes in."""
    if mention.on is not None:
        return mention.on
    period = mention.period
    if period is None:
        return date.min
    by = mention.bound == "until" or mention.span.text.lower().startswith("by")
    return period.end if by else period.start - timedelta(days=1)


def _period_words(mention: DateMention, today: date) -> str:
    value = _value(mention)
    if value and mention.bound in ("until", "before") and (until := _last_day(mention)) >= today:
        return f"{today.isoformat()} to {until.isoformat()}"
    if not value or mention.bound in ("on", "until", "before"):
        return value
    start = mention.on or (mention.period.start if mention.period else today)
    if start > today:
        return value
    return f"{start.isoformat()} to {today.isoformat()}"
