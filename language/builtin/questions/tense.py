"""Days and periods as questions mean them: months and quarters without a year, "the quarter", a bare year."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from language.builtin.reading import Reading
from language.builtin.situation import Situation
from language.builtin.vocabulary import patterns
from language.dates import DateMention, FiscalCalendar, Period, Tense, UnreadablePeriodError, parse_period
from language.script import CJK
from language.spans import cut

_MONTH_BEFORE_NOUN = re.compile(
    r"\b(march|may)\s+(?=(?:open\s+|commit\s+)?(?:deals?|opportunit\w+|renewals?|tasks?|pipeline|forecast|closings?|numbers?)\b)",
    re.IGNORECASE,
)
# Beside another month or before a year no month is an everyday word, and "Tom, March: …" has one by itself.
_MONTH = r"(?:jan|febr)uary|march|april|may|june|july|august|(?:sept|nov|dec)ember|october"
_MONTHS_COMPARED = re.compile(
    rf"\b(?:{_MONTH})(?:\s+(?:vs\.?|versus|and|or|against|to|with|compared? (?:to|with))\s+|\s*/\s*)"
    rf"(?:{_MONTH})\b",
    re.IGNORECASE,
)
_MONTH_OF_YEAR = re.compile(r"\b(?:march|may)\s+(?:this|last|next)\s+year\b", re.IGNORECASE)
_MONTH_ALONE = re.compile(r"(?:^|[,;:(–-]\s*)(?P<month>March|May)(?=\s*(?:[,;:?)–-]|$))")
_YEARS_ON = {"last": -1, "this": 0, "next": 1}
_EVERYDAY_MONTH = re.compile(r"\b(?:march|may)\b", re.IGNORECASE)

_THE_PERIOD = re.compile(
    r"\b(?:for|in|of|within|during) (?P<period>the (?P<unit>month|quarter|year))\b(?! (?:before|after|ahead|to come))",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?<![\w.,#-])(?:(?:calendar|full|whole)(?: year)? )?"
    r"(?<!than )(?<!over )(?<!above )(?<!under )(?<!below )(?<!least )(?<!most )(?P<year>(?:19|20)\d\d)"
    rf"(?![\w.,%-]*\d|[A-Za-z%]|\s*(?:(?!的)[{CJK}]))",
    re.IGNORECASE,
)
_SAYS_WHICH = re.compile(r"\d{4}|['’]\d\d|next|下|明", re.IGNORECASE)
# "How did we do in Q4" asked in March is about the last Q4.
_LOOKS_BACK = re.compile(
    r"\b(?:did|was|were|won|lost(?! track)|signed|booked)\b|['’]d (?:we|i|he|she|they)\b"
    r"|[赢丢签关输]了|[赢丢]的|成交了|丢单|实际|拿下了|完成了|做了",
    re.IGNORECASE,
)


def dates_of(reading: Reading) -> Iterator[DateMention]:
    """All days and periods of a question; they may overlap."""
    past = bool(_LOOKS_BACK.search(reading.text))
    yield from (
        settled(mention, reading.situation, past=past)
        for mention in reading.dates
        if not _is_place(reading, mention)
    )
    yield from _months_before_nouns(reading)
    yield from _everyday_months(reading)
    yield from _running(reading)
    yield from _years(reading.text)


def _is_place(reading: Reading, mention: DateMention) -> bool:
    """ "On the first one": a place in a list."""
    return any(
        found.start() < mention.span.end and mention.span.start < found.end()
        for each in patterns("question_patterns", "one_of_list")
        for found in each.finditer(reading.text)
    )


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


def _everyday_months(reading: Reading) -> Iterator[DateMention]:
    """ "April vs may", "May last year", "Tom, March: …": where the words around tell that a month is meant."""
    text, today = reading.text, reading.situation.today
    spans = [found.span() for found in _MONTH_OF_YEAR.finditer(text)]
    spans += [found.span("month") for found in _MONTH_ALONE.finditer(text)]
    for pair in _MONTHS_COMPARED.finditer(text):
        for found in _EVERYDAY_MONTH.finditer(text, pair.start(), pair.end()):
            spans += [] if any(start <= found.start() < end for start, end in spans) else [found.span()]
    for start, end in spans:
        span = cut(text, start, end)
        month, *rest = span.text.split()
        year = f" {today.year + _YEARS_ON[rest[0].lower()]}" if rest else ""
        yield DateMention(span, period=parse_period(month + year, today=today))


def _running(reading: Reading) -> Iterator[DateMention]:
    """ "Total commit for the quarter": the running one."""
    fiscal = FiscalCalendar(reading.situation.fiscal_first_month)
    for found in _THE_PERIOD.finditer(reading.text):
        period = parse_period(f"this {found['unit']}", today=reading.situation.today, fiscal=fiscal)
        yield DateMention(cut(reading.text, *found.span("period")), period=period)


def _years(text: str) -> Iterator[DateMention]:
    """ "Win rate by rep 2025": a year that no word leads to, and that counts nothing."""
    for found in _YEAR.finditer(text):
        year = found["year"]
        whole = Period(date(int(year), 1, 1), date(int(year), 12, 31), year)
        yield DateMention(cut(text, *found.span()), period=whole)
