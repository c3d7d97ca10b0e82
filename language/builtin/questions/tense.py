"""Days and periods as questions mean them: months and quarters without a year, "the quarter", a bare year."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from language.builtin.reading import Reading
from language.builtin.situation import Situation
from language.dates import DateMention, FiscalCalendar, Period, Tense, UnreadablePeriodError, parse_period
from language.script import CJK
from language.spans import cut

_MONTH_BEFORE_NOUN = re.compile(
    r"\b(march|may)\s+(?=(?:open\s+|commit\s+)?(?:deals?|opportunit\w+|renewals?|tasks?|pipeline|forecast|closings?|numbers?)\b)",
    re.IGNORECASE,
)

_THE_PERIOD = re.compile(
    r"\b(?:for|in|of|within|during) (?P<period>the (?P<unit>month|quarter|year))\b(?! (?:before|after|ahead|to come))",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?<![\w.,#-])(?<!than )(?<!over )(?<!above )(?<!under )(?<!below )(?<!least )(?<!most )(?:19|20)\d\d"
    rf"(?![\w.,%-]*\d|[A-Za-z%]|\s*(?:(?!的)[{CJK}]))"
)
_SAYS_WHICH = re.compile(r"\d{4}|['’]\d\d|next|下|明", re.IGNORECASE)
# "How did we do in Q4" asked in March is about the last Q4.
_LOOKS_BACK = re.compile(
    r"\b(?:did|was|were|won|lost|signed|booked)\b|['’]d (?:we|i|he|she|they)\b"
    r"|[赢丢签关输]了|[赢丢]的|成交了|丢单|实际|拿下了|完成了|做了",
    re.IGNORECASE,
)


def dates_of(reading: Reading) -> Iterator[DateMention]:
    """All days and periods of a question; they may overlap."""
    past = bool(_LOOKS_BACK.search(reading.text))
    yield from (settled(mention, reading.situation, past=past) for mention in reading.dates)
    yield from _months_before_nouns(reading)
    yield from _running(reading)
    yield from _years(reading.text)


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


def _months_before_nouns(reading: Reading) -> Iterator[DateMention]:
    """ "My March deals": names of months that are everyday words count right before a noun of ours."""
    for found in _MONTH_BEFORE_NOUN.finditer(reading.text):
        span = cut(reading.text, *found.span(1))
        yield DateMention(span, period=parse_period(span.text, today=reading.situation.today))


def _running(reading: Reading) -> Iterator[DateMention]:
    """ "Total commit for the quarter": the running one."""
    fiscal = FiscalCalendar(reading.situation.fiscal_first_month)
    for found in _THE_PERIOD.finditer(reading.text):
        period = parse_period(f"this {found['unit']}", today=reading.situation.today, fiscal=fiscal)
        yield DateMention(cut(reading.text, *found.span("period")), period=period)


def _years(text: str) -> Iterator[DateMention]:
    """ "Win rate by rep 2025": a year that no word leads to, and that counts nothing."""
    for found in _YEAR.finditer(text):
        whole = Period(date(int(found[0]), 1, 1), date(int(found[0]), 12, 31), found[0])
        yield DateMention(cut(text, *found.span()), period=whole)
