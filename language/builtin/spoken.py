"""Amounts and dates as the server reads them in arguments."""

from language.amounts import AmountMention
from language.dates import DateMention


def spoken_amount(mention: AmountMention, sign: int) -> str:
    """An amount as the server reads it: "+4500", "-10%", "x0.5", "85000 USD"."""
    digits = f"{mention.value:f}"
    if mention.kind == "factor":
        return f"x{digits}"
    if mention.kind == "percent":
        return f"{'-' if (mention.off or sign < 0) else '+'}{digits}%"
    if sign:
        return f"{'+' if sign > 0 else '-'}{digits}"
    return f"{digits} {mention.currency}" if mention.currency else digits


def spoken_date(mention: DateMention, *, sign: int = 1) -> str:
    """A date as the server reads it: an ISO day, "+14d" from the record's own day, or a period in words."""
    if mention.on:
        return mention.on.isoformat()
    if mention.shift is None:
        return mention.span.text
    shift = (
        mention.shift
        if sign > 0 or mention.shift.days < 0 or mention.shift.months < 0
        else mention.shift.reversed()
    )
    if shift.months:
        return f"{shift.months:+d}m"
    return f"{shift.days:+d}d" if shift.days else mention.span.text
