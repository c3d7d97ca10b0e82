"""What each date rule builds from its fields: times of day."""

import re
from datetime import time

from language.dates.builders import Fields, builder, number
from language.dates.types import Anchor, Meaning


@builder
def clock(fields: Fields, anchor: Anchor) -> Meaning | None:
    """10:30, 3pm, 3:15 p.m."""
    parts = [int(part) for part in re.findall(r"\d+", fields["clock"])[:2]]
    mark = re.search(r"([ap])\.?m", fields["clock"].lower())
    half_day = f"{mark[1]}m" if mark else fields.get("part")
    return _at(parts[0], parts[1] if len(parts) > 1 else 0, half_day)


@builder
def hour(fields: Fields, anchor: Anchor) -> Meaning | None:
    """ "At 3" is in the afternoon, "at 9" in the morning: hours before 8 count as p.m. unless marked."""
    wanted = number(fields, "hour")
    half_day = fields.get("part") or ("pm" if 0 < wanted < 8 else "am")
    return _at(wanted, number(fields, "minute", 0), half_day)


@builder
def half_past(fields: Fields, anchor: Anchor) -> Meaning | None:
    """三点半."""
    return hour({**fields, "minute": 30}, anchor)


@builder
def part(fields: Fields, anchor: Anchor) -> Meaning | None:
    """A part of the day: noon is a time, morning and evening are none."""
    return Meaning(at=time(12) if fields["part"] == "noon" else None)


def _at(hours: int, minutes: int, half_day: str | None) -> Meaning | None:
    if half_day == "pm" and hours < 12:
        hours += 12
    elif half_day == "am" and hours == 12:
        hours = 0
    return Meaning(at=time(hours, minutes)) if hours < 24 and minutes < 60 else None
