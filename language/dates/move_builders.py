"""What each date rule builds from its fields: moves by some time, days and stretches counted from today."""

from decimal import Decimal

from language.dates.builders import BUILDERS, Fields, builder, number
from language.dates.calendar import UNIT_DAYS, UNIT_MONTHS, range_period, step_unit
from language.dates.types import Anchor, Meaning, Shift, Tense, add_months
from language.numbers import Quantity


def counted(fields: Fields) -> Shift | None:
    """The move that "two weeks", "a month", 三个工作日 make."""
    amount = fields.get("n", 1)
    count = amount.value if isinstance(amount, Quantity) else Decimal(amount)
    if count > 10_000:
        return None
    unit = fields["unit"]
    if unit == "workday":
        return Shift(workdays=int(count))
    if unit in UNIT_MONTHS:
        months = count * UNIT_MONTHS[unit]
        return Shift(months=int(months), days=int((months % 1) * 30))
    return Shift(days=round(count * UNIT_DAYS[unit])) if unit != "weekend" else None


@builder
def shift(fields: Fields, anchor: Anchor) -> Meaning | None:
    """A bare "two weeks": a move, or a length of time."""
    move = counted(fields)
    return Meaning(shift=move) if move else None


@builder
def shift_back(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Two weeks earlier", 提前两周."""
    move = counted(fields)
    return Meaning(shift=move.reversed()) if move else None


@builder
def shift_and_half(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "A month and a half"."""
    return shift({**fields, "n": Quantity(Decimal("1.5"))}, anchor)


@builder
def half_shift(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Half a year", "half a month"; half a day is no move."""
    if fields["unit"] in ("day", "workday"):
        return None
    return shift({**fields, "n": Quantity(Decimal("0.5"))}, anchor)


@builder
def in_half(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "In half a year": counted from today."""
    move = half_shift(fields, anchor)
    return Meaning(on=move.shift.apply(anchor.today)) if move and move.shift else None


@builder
def half_month(fields: Fields, anchor: Anchor) -> Meaning | None:
    """半个月 counts 15 days."""
    return Meaning(shift=Shift(days=15))


@builder
def half_year_shift(fields: Fields, anchor: Anchor) -> Meaning | None:
    """半年."""
    return Meaning(shift=Shift(months=6))


@builder
def year_shift(fields: Fields, anchor: Anchor) -> Meaning | None:
    """3年 is a length of time, 25年 the year 2025."""
    years = number(fields, "n")
    if years < 20:
        return Meaning(shift=Shift(months=12 * years))
    return BUILDERS["full_year"]({"year": years}, anchor) if years < 100 else None


@builder
def in_years(fields: Fields, anchor: Anchor) -> Meaning | None:
    """两年后."""
    return Meaning(on=add_months(anchor.today, 12 * number(fields, "n")))


@builder
def years_ago(fields: Fields, anchor: Anchor) -> Meaning | None:
    """两年前."""
    return Meaning(on=add_months(anchor.today, -12 * number(fields, "n")))


@builder
def in_units(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "In two weeks", 三天后: counted from today."""
    move = counted(fields)
    weeks = fields["unit"] in ("week", "fortnight")
    return Meaning(on=move.apply(anchor.today), weeks_off=weeks) if move else None


@builder
def months_and_half(fields: Fields, anchor: Anchor) -> Meaning | None:
    """一个半月: a month and 15 days."""
    return Meaning(shift=Shift(months=number(fields, "n"), days=15))


@builder
def within_units(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Within two weeks", 三天内: a deadline that far ahead."""
    move = counted(fields)
    return Meaning(on=move.apply(anchor.today), deadline=True, bound="before") if move else None


@builder
def units_ago(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Two weeks ago", 三天前."""
    move = counted(fields)
    return Meaning(on=move.reversed().apply(anchor.today)) if move else None


@builder
def rolling(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "Last 30 days" runs from 30 days ago to today, "next two weeks" from today to 14 days ahead.

    Quarters are counted as whole ones: "last two quarters" are the two before this one.
    """
    if fields["way"] == 0:
        return these_units(fields, anchor)
    back = fields["way"] in (-1, "past")
    if fields["unit"] == "quarter" and "n" in fields:
        steps = number(fields, "n")
        first = step_unit("quarter", anchor.today, -steps if back else 1, anchor.fiscal)
        last = step_unit("quarter", anchor.today, -1 if back else steps, anchor.fiscal)
        return Meaning(period=range_period(first.start, last.end)) if first and last else None
    move = counted(fields)
    if not move:
        return None
    if back:
        return Meaning(period=range_period(move.reversed().apply(anchor.today), anchor.today))
    return Meaning(period=range_period(anchor.today, move.apply(anchor.today)))


@builder
def rolling_back(fields: Fields, anchor: Anchor) -> Meaning | None:
    """前几天, 前两周."""
    return rolling({**fields, "way": "past"}, anchor)


@builder
def rolling_years(fields: Fields, anchor: Anchor) -> Meaning | None:
    """过去三年, 未来两年."""
    return rolling({**fields, "unit": "year"}, anchor) if number(fields, "n") < 100 else None


@builder
def rolling_half_year(fields: Fields, anchor: Anchor) -> Meaning | None:
    """过去半年, 未来半年."""
    return rolling({**fields, "unit": "half"}, anchor)


@builder
def these_units(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "These two weeks", 这两周: up to today in the past tense, from today on else."""
    way = "past" if anchor.tense is Tense.PAST else "ahead"
    return rolling({**fields, "way": way}, anchor)
