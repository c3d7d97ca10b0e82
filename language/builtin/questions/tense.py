"""Months and quarters without a year: this year's, or the latest one where the question looks back."""

import re
from dataclasses import replace

from language.builtin.situation import Situation
from language.dates import DateMention, FiscalCalendar, Tense, UnreadablePeriodError, parse_period

_SAYS_WHICH = re.compile(r"\d{4}|['’]\d\d|next|下|明", re.IGNORECASE)
_LOOKS_BACK = re.compile(r"\b(?:did|won|lost|booked)\b|[赢丢签关输]了|成交了|丢单", re.IGNORECASE)


def looks_back(text: str) -> bool:
    """Whether a question is about what came of something: "did we close", 赢了."""
    return bool(_LOOKS_BACK.search(text))


def settled(mention: DateMention, situation: Situation, *, past: bool) -> DateMention:
    """The mention with a period that lies ahead read as this year's, or as the latest one of the past."""
    period = mention.period
    if period is None or period.start <= situation.today:
        return mention
    tense = Tense.PAST if past and not _SAYS_WHICH.search(mention.span.text) else None
    fiscal = FiscalCalendar(situation.fiscal_first_month)
    try:
        near = parse_period(mention.span.text, today=situation.today, fiscal=fiscal, tense=tense)
    except UnreadablePeriodError:
        return mention
    return replace(mention, period=near)
