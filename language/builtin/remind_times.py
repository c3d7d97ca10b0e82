"""The time of day of a thing to do: "Tuesday at 3", "in two hours", 周二下午3点."""

import re
from datetime import time

from language.builtin.clock_words import find_clocks
from language.builtin.spoken import spoken_date
from language.dates import DateMention

_WAIT = re.compile(
    r"^in\s+(?P<wait>(?:\d+|an?|half an|one|two|three|four|five|six|ten|fifteen|twenty|thirty)\s*(?:and a half\s+)?"
    r"(?:hours?|hrs?|minutes?|mins?))\s+(?:to\s+)?(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_WAIT_ZH = re.compile(
    r"^(?P<wait>(?:\d+|[一二两三四五六七八九十半]+)个?半?(?:小时|钟头|分钟|刻钟))(?:后|之后|以后)(?P<rest>\S.*)$",
    re.DOTALL,
)


def without_wait(title: str) -> tuple[str, str]:
    """A title without the wait that it begins with ("in 2 hours to call Ann"), and the wait as the server reads it."""
    found = _WAIT.match(title) or _WAIT_ZH.match(title)
    return (found["rest"], f"in {found['wait']}") if found is not None else (title, "")


def spoken_due(text: str, mention: DateMention) -> str:
    """The day as the server reads it, with the time of day that is said with it."""
    at = mention.at or _beside(text, mention)
    return f"{mention.on.isoformat()} {at:%H:%M}" if mention.on and at else spoken_date(mention)


def _beside(text: str, mention: DateMention) -> time | None:
    """A time of day right behind the day that the date's own rules leave out: 周二下午3点."""
    following = text[mention.span.end : mention.span.end + 12]
    found = re.match(r"[\s,，]*(?:at\s+)?(?P<clock>\S.*)", following, re.DOTALL)
    clocks = (
        find_clocks(found["clock"])
        if found is not None and re.match(r"[\d早上下中晚傍一二两三四五六七八九十]", found["clock"])
        else []
    )
    return clocks[0] if clocks and re.match(r".{0,6}[点:：apm]", following, re.DOTALL) else None
