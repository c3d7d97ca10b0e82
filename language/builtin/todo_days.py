"""The day of a task: in its clause, before a period, the day before an event, or one that "before that" points to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from language.builtin.clauses import Clause, Outline, dates_in
from language.builtin.vocabulary import load_words
from language.dates import DateMention


def day_of(clause: Clause) -> DateMention | None:
    """The day for a task: a deadline before others, a day before a move."""
    dates = [_asday_of(each) for each in dates_in(clause)]
    dates = [each for each in dates if each.on or each.shift]
    deadlines = [each for each in dates if each.is_deadline or each.bound == "before"]
    days = [each for each in dates if each.on]
    return next(iter([*deadlines, *days, *dates]), None)


def mentions_of(clause: Clause, day: DateMention) -> list[DateMention]:
    """The mention that a day was taken from."""
    return [each for each in dates_in(clause) if each.span == day.span]


def _asday_of(date: DateMention) -> DateMention:
    """ "Before the weekend": the last day before it; other dates as they are."""
    if date.period is None or date.bound != "before":
        return date
    return replace(date, on=date.period.start - timedelta(days=1), period=None)


def is_day_before(parts: Sequence[Clause]) -> bool:
    """ "Review on the 30th, remind me the day before"."""
    text = " ".join(part.text.casefold() for part in parts)
    return any(each in text for each in load_words("titles")["day_before"])


def day_meant(outline: Outline, clause: Clause) -> DateMention | None:
    """ "Close slips to 23 May and I need to send the contract before that"."""
    text = clause.text.casefold()
    if not any(each in text for each in load_words("titles")["before_that"]):
        return None
    for before in reversed(outline.clauses[max(0, clause.index - 2) : clause.index]):
        day = day_of(before)
        if day is not None and day.on is not None:
            return day
    return None
