"""The time of day of a thing to do: "Tuesday at 3", "in two hours", 周二下午3点."""

import re
from datetime import time

from language.builtin.clock_words import find_clocks
from language.builtin.spoken import spoken_date
from language.dates import DateMention

_LENGTH = (
    r"(?:(?:\d+|an?|half an|one|two|three|four|five|six|ten|fifteen|twenty|thirty|forty|forty-five)\s*"
    r"(?:and a half\s+)?(?:hours?|hrs?|minutes?|mins?))"
)
_LENGTH_ZH = r"(?:(?:\d+|[一二两三四五六七八九十半]+)个?半?(?:小时|钟头|分钟|刻钟))"
# A wait in front of what is to be done, and one before the word that asks for the reminder or at the end.
_WAIT = re.compile(
    rf"^(?:in\s+(?P<wait>{_LENGTH})\s+(?:to\s+)?|(?P<zh>{_LENGTH_ZH})(?:后|之后|以后))(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_AROUND = re.compile(
    rf"\bin\s+(?P<wait>{_LENGTH})(?:\s*[,，]?\s*(?:please\s+)?remind\b|\s*[.!]?\s*$)"
    rf"|(?P<zh>{_LENGTH_ZH})(?:后|之后|以后)[,，]?(?:请|再|记得)?提醒",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"^at\s+(?P<clock>[\d:.]+\s*(?:[ap]\.?m\.?)?)\s+(?:to\s+)?(?P<rest>\S.*)$", re.IGNORECASE | re.DOTALL
)


def without_wait(title: str, said: str) -> tuple[str, str]:
    """A title without the wait that it begins or ends with, and the wait as the server reads it.

    Args:
        title: "in 2 hours to call Ann", or "call Ann" where the wait stands before the word that asks for it.
        said: The whole of what was said about it.
    """
    found = _WAIT.match(title)
    if found is not None:
        return found["rest"], f"in {found['wait'] or found['zh']}"
    around = _AROUND.search(said)
    if around is None:
        return title, ""
    wait = around["wait"] or around["zh"]
    return re.sub(rf"\s*\bin\s+{re.escape(wait)}[.!]?$", "", title, flags=re.IGNORECASE), f"in {wait}"


def without_clock(title: str) -> tuple[str, str]:
    """A title without the time of day that it begins with, where no day is said; and the time: "at 19:30"."""
    found = _CLOCK.match(title)
    clocks = find_clocks(f"at {found['clock']}") if found is not None else []
    return (found["rest"], f"at {clocks[0]:%H:%M}") if found is not None and len(clocks) == 1 else (title, "")


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
