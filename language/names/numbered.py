"""Numbers that tell names apart: "line 7" is not line 2, 三期 is not 二期."""

import re
from itertools import pairwise

from language.names.normalise import words_of

PHASE = re.compile(r"第?[一二三四五六七八九十\d]+[期批]")


def goes_on_otherwise(name: str, last: str, number: str) -> bool:
    """Whether a name has another number than that one behind a word."""
    behind = {after for word, after in pairwise(words_of(name)) if word == last and after.isdigit()}
    return number.isdigit() and bool(behind) and number not in behind


def is_of_other_number(name: str, text: str) -> bool:
    """Whether a text gives a word of the name another number, and never the name's own."""
    said = set(pairwise(words_of(text)))
    own = [(word, number) for word, number in pairwise(words_of(name)) if number.isdigit()]
    others = [pair for pair in own if any(word == pair[0] and number.isdigit() for word, number in said)]
    return any(pair not in said for pair in others)


def phase_behind(text: str, at: int) -> str:
    """The phase that stands right at a place, or behind a 的: 三期."""
    found = PHASE.match(text[at:].removeprefix("的"))
    return found[0] if found else ""
