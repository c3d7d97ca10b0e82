"""What each date rule builds from its fields: parts of a period (its end, a third of it, what is left)."""

from dataclasses import replace
from datetime import date, timedelta

from language.dates.builders import Fields, builder, end_of
from language.dates.calendar import range_period, step_unit, unit_period
from language.dates.period_builders import full_year, month
from language.dates.types import Anchor, Meaning, Period, Tense, add_months


@builder
def later_in_unit(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Later this week" is what is left of it, "later next month" its last third."""
    step = fields.get("rel", 0)
    period = step_unit(fields["unit"], anchor.today, step, anchor.fiscal)
    return edge_of(period, "late" if step else "rest", anchor) if period and period.days > 1 else None


@builder
def earlier_in_unit(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Earlier this month" runs up to today, "earlier last month" is its first third."""
    step = fields.get("rel", 0)
    period = step_unit(fields["unit"], anchor.today, step, anchor.fiscal)
    if not period or period.days == 1:
        return None
    return edge_of(period, "early", anchor) if step else Meaning(period=range_period(period.start, anchor.today))


@builder
def month_to_date(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "March to date": from its first day up to today."""
    meaning = month(fields, replace(anchor, tense=Tense.PAST))
    period = meaning and meaning.period
    return Meaning(period=range_period(period.start, anchor.today)) if period else None


@builder
def end_of_month(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Eom April"."""
    named = month(fields, anchor) if fields["eox"] == "month" else None
    return end_of(named.period, anchor) if named else None


@builder
def to_date(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Year to date", 今年以来."""
    period = unit_period(fields["todate"], anchor.today, anchor.fiscal)
    return Meaning(period=range_period(period.start, anchor.today)) if period else None


@builder
def edge_unit(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "End of the month", "rest of the quarter", 季末."""
    period = unit_period(fields["unit"], anchor.today, anchor.fiscal)
    return edge_of(period, fields.get("edge") or fields["tail"], anchor) if period else None


@builder
def tail_month(fields: Fields, anchor: Anchor) -> Meaning | None:
    """月底, 月初: of this month, or of the next once it has gone."""
    return _coming_edge("month", fields["tail"], anchor)


@builder
def tail_year(fields: Fields, anchor: Anchor) -> Meaning | None:
    """年底, 年初."""
    return _coming_edge("year", fields["tail"], anchor)


@builder
def year_edge(fields: Fields, anchor: Anchor) -> Meaning | None:
    """去年年底, 2026年年初."""
    named = full_year(fields, anchor)
    return edge_of(named.period, fields["tail"], anchor) if named and named.period else None


def _coming_edge(unit: str, edge: str, anchor: Anchor) -> Meaning | None:
    for step in (0, -1 if anchor.tense is Tense.PAST else 1):
        period = step_unit(unit, anchor.today, step, anchor.fiscal)
        meaning = edge_of(period, edge, anchor) if period else None
        day = meaning and (meaning.on or (meaning.period and meaning.period.start))
        if day and (day <= anchor.today if anchor.tense is Tense.PAST else day >= anchor.today):
            return meaning
    period = unit_period(unit, anchor.today, anchor.fiscal)
    return edge_of(period, edge, anchor) if period else None


def edge_of(period: Period, edge: str, anchor: Anchor) -> Meaning | None:
    """A part of a period: its first, middle or last day, one of its thirds, or what is left of it."""
    if edge == "end":
        return end_of(period, anchor)
    if edge == "start":
        return Meaning(on=period.start)
    if edge == "mid":
        return Meaning(on=_middle(period))
    if edge == "rest":
        start = max(period.start, anchor.today)
        return Meaning(period=range_period(start, period.end)) if start <= period.end else None
    third = {"early": 0, "middle": 1, "late": 2}[edge]
    length = period.days // 3
    if 28 <= period.days <= 31:
        length = 10
    start = period.start + timedelta(days=third * length)
    return Meaning(period=range_period(start, period.end if third == 2 else start + timedelta(days=length - 1)))


def _middle(period: Period) -> date:
    """The 15th of a month, the Wednesday of a week, the 15th of a quarter's second month, the end of a half."""
    if 28 <= period.days <= 31:
        return period.start + timedelta(days=14)
    if period.days == 7:
        return period.start + timedelta(days=2)
    if 88 < period.days < 94:
        return add_months(period.start, 1) + timedelta(days=14)
    return add_months(period.start, 3 if period.days < 200 else 6) - timedelta(days=1)
