"""When something recurs: local times with weekdays, quiet hours, and daylight saving both ways."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import InvalidArgumentError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMED = {"daily": DAYS, "weekdays": DAYS[:5], "weekends": DAYS[5:]}
_CHANGE = re.compile(
    r"(?:(?P<how>with|without|on)\s+(?P<days>[a-z, -]+?))?\s*(?:\bat\s+(?P<at>\d?\d:\d\d))?", re.IGNORECASE
)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Rule:
    """On these weekdays (0 is Monday) at this time of day."""

    days: tuple[int, ...]
    at: time

    def __str__(self) -> str:
        return f"{days_text(self.days)} {self.at:%H:%M}"


def parse_rule(text: str) -> Rule:
    """The rule in "mon-fri 08:30", "daily 7:45" or "tue,thu 16:00".

    Raises:
        InvalidArgumentError: it cannot be read so.
    """
    words = text.strip().lower().split()
    clock = _TIME.fullmatch(words[-1]) if words else None
    days = _days(" ".join(words[:-1])) if clock else ()
    if clock is None or not days:
        raise InvalidArgumentError(
            f"“{text[:60]}” is no rule; write for example “mon-fri 08:30”, “daily 7:45” or “tue,thu 16:00”.",
            argument="when",
            zh=f"“{text[:60]}”不是时间规则；例如“mon-fri 08:30”。",
        )
    return Rule(days, time(int(clock[1]), int(clock[2])))


def changed_rule(rule: Rule, text: str) -> Rule:
    """The rule with other days or another time: "without fri", "with sat", "on mon,thu", "without fri at 9:00".

    Anything else is a rule of its own.

    Raises:
        InvalidArgumentError: it cannot be read so, or no day would be left.
    """
    found = _CHANGE.fullmatch(text.strip())
    if found is None or not text.strip():
        return parse_rule(text)
    clock = _TIME.fullmatch(found["at"]) if found["at"] else None
    named = set(_days(found["days"].strip().lower())) if found["days"] else set()
    if bool(found["at"]) != (clock is not None) or bool(found["days"]) != bool(named):
        return parse_rule(text)
    how, before = (found["how"] or "").lower(), set(rule.days)
    days = {"with": before | named, "without": before - named, "on": named}.get(how, before)
    if not days:
        raise InvalidArgumentError(
            "No day would be left; to end them say “stop my briefings”.",
            argument="rule",
            zh="这样就没有一天了；如要停止，请说“停止简报”。",
        )
    return Rule(tuple(sorted(days)), time(int(clock[1]), int(clock[2])) if clock else rule.at)


def days_text(days: tuple[int, ...]) -> str:
    """Weekdays in the shortest form: "daily", "mon-fri", "tue,thu"."""
    if days == tuple(range(7)):
        return "daily"
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
    return ",".join(DAYS[day] for day in days)


def occurrences(rule: Rule, after: datetime, upto: datetime, timezone: str) -> Iterator[tuple[date, datetime]]:
    """Local date and moment of each time that falls after `after` and not after `upto`.

    A time that a clock change leaves out is the moment at which the clock would have shown it; one that comes
    twice is the first. Each local date comes once.
    """
    zone = ZoneInfo(timezone)
    day = after.astimezone(zone).date() - timedelta(days=1)
    last = upto.astimezone(zone).date()
    while day <= last:
        if day.weekday() in rule.days:
            moment = at_local(day, rule.at, timezone)
            if after < moment <= upto:
                yield day, moment
        day += timedelta(days=1)


def at_local(day: date, at: time, timezone: str) -> datetime:
    """The moment at which a clock in that zone shows this time on this day, in UTC."""
    return datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)


def parse_quiet(text: str) -> tuple[time, time] | None:
    """Begin and end of quiet hours "22:00-07:00"; None for nothing.

    Raises:
        InvalidArgumentError: it cannot be read so.
    """
    if not text.strip():
        return None
    found = re.fullmatch(rf"\s*{_TIME.pattern}\s*[-–]\s*{_TIME.pattern}\s*", text)
    if found is None:
        raise InvalidArgumentError(
            f"“{text[:40]}” is no time span; write for example 22:00-07:00.", argument="quiet_hours"
        )
    numbers = [int(each) for each in found.groups()]
    return time(numbers[0], numbers[1]), time(numbers[2], numbers[3])


def after_quiet(moment: datetime, quiet: tuple[time, time] | None, timezone: str) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into."""
    if quiet is None:
        return moment
    begin, end = quiet
    local = moment.astimezone(ZoneInfo(timezone))
    over_midnight = begin > end
    clock = local.timetz().replace(tzinfo=None)
    inside = (clock >= begin or clock < end) if over_midnight else begin <= clock < end
    if not inside:
        return moment
    day = local.date() + timedelta(days=1) if over_midnight and clock >= begin else local.date()
    return at_local(day, end, timezone)


def _days(text: str) -> tuple[int, ...]:
    if text in _NAMED:
        return tuple(DAYS.index(day) for day in _NAMED[text])
    found: set[int] = set()
    for part in filter(None, re.split(r"[,\s]+", text)):
        first, _, last = part.partition("-")
        if first[:3] not in DAYS or (last and last[:3] not in DAYS):
            return ()
        begin = DAYS.index(first[:3])
        end = DAYS.index(last[:3]) if last else begin
        found |= {day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)}
    return tuple(sorted(found))
