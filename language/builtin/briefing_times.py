"""On which days, at what time and in which zone one wants to be briefed, read from the words about it."""

import re
from datetime import timedelta
from functools import cache

from language.builtin.clock_words import find_clocks
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words
from language.dates import find_dates

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMED = {"weekdays": WEEK[:5], "weekends": WEEK[5:], "daily": WEEK}


def days_named(text: str) -> list[str]:
    """The weekdays that a text is about; none where it names none."""
    words = load_words("briefings")
    text = re.sub(words["no_days"], " ", text, flags=re.IGNORECASE)
    groups = [name for name, pattern in words["days"].items() if re.search(pattern, text, re.IGNORECASE)]
    single = {day for day, pattern in words["day_names"].items() if re.search(pattern, text, re.IGNORECASE)}
    # "Monday to Friday" names its days by itself; "weekdays and Saturdays" names one more.
    spans = re.sub(words["days"]["weekdays"], " ", text, flags=re.IGNORECASE) if "weekdays" in groups else text
    single = {day for day in single if re.search(words["day_names"][day], spans, re.IGNORECASE)}
    named = {day for name in groups for day in _NAMED[name]} | single
    return [day for day in WEEK if day in named]


def names_only_days(text: str) -> bool:
    """Whether a text says nothing but days that recur: "Fridays", "Mondays and Thursdays", 周一和周三; not "Friday"."""
    words = load_words("briefings")
    if re.search(words["again_and_again"], text, re.IGNORECASE) is None:
        return False
    rest = text
    for pattern in (*words["days"].values(), *words["day_names"].values(), words["between_days"]):
        rest = re.sub(pattern, " ", rest, flags=re.IGNORECASE)
    return not rest.strip(" ,，、.&") and bool(days_named(text))


def rule_in(text: str) -> str:
    """The rule of a message with a time of day or days: whole where it names both, else what changes."""
    excluded, rest = _excluded(text)
    clocks = find_clocks(rest)
    if len(clocks) > 1:
        return ""
    at = f"{clocks[0]:%H:%M}" if clocks else ""
    days = days_named(rest)
    if days and not at:
        return ""
    if days:
        return f"{as_rule([day for day in days if day not in excluded])} {at}" if set(days) - set(excluded) else ""
    change = f"without {','.join(excluded)}" if excluded else ""
    return " ".join(filter(None, (change, f"at {at}" if at else ""))) if at else ""


def as_rule(days: list[str]) -> str:
    """Days as a rule has them."""
    if days == list(WEEK):
        return "daily"
    return "mon-fri" if days == list(WEEK[:5]) else ",".join(days)


def zone_in(text: str) -> str:
    """The time zone of "at 8 Berlin time", "8am Europe/Berlin", 北京时间8点; empty where none is named."""
    found = next((found for pattern in _zones() if (found := pattern.search(text))), None)
    return found["zone"] if found else ""


def muted_until(reading: Reading, till: str, within: str) -> str:
    """The day on which briefings begin again: the one named, the one after a period, or after a length of time."""
    today = reading.situation.today
    for words in (till, f"in {till}") if till else (within,):
        for found in find_dates(words, today=today):
            if found.on is not None:
                day = found.on + timedelta(days=1) if within else found.on
            elif found.period is not None:
                day = found.period.end + timedelta(days=1) if within else found.period.start
            else:
                continue
            if day > today:
                return day.isoformat()
    return ""


def _excluded(text: str) -> tuple[list[str], str]:
    """The days that "except Friday", 除了周五 leave out, and the text without them."""
    for pattern in load_words("briefings")["except"]:
        found = re.search(pattern, text, re.IGNORECASE)
        if found is not None and days_named(found["out"]):
            return days_named(found["out"]), f"{text[: found.start()]} {text[found.end() :]}"
    return [], text


@cache
def _zones() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in load_words("briefings")["zone_beside"])
