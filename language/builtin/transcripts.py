"""Talks written down with who says what ("Ravi: the panel is live"): where they stand in a text, and who says what.

What is said in them is data, like any words of others.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from language.builtin.vocabulary import patterns
from language.spans import Span, cut

_LINE = re.compile(
    r"^[ \t>]*(?!(?:from|to|cc|bcc|sent|date|subject|re|fwd?|发件人|收件人|抄送|主题|日期|时间)\s*[:：])"
    r"([^\W\d_][^\n:：,;!?。，]{0,30}?)[ \t]*[:：][ \t]*(\S[^\n]*)$",
    re.MULTILINE | re.IGNORECASE,
)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a talk: the speaker as written and what is said."""

    speaker: str
    span: Span


def lines_spoken(text: str) -> Sequence[Spoken]:
    """The lines of a text that begin with a speaker."""
    return [Spoken(found[1].strip(), cut(text, *found.span(2))) for found in _LINE.finditer(text)]


def find_talk(text: str) -> Iterator[Span]:
    """From the first line of a talk to the end: below words that announce one, or where speakers come back."""
    lines = list(_LINE.finditer(text))
    below = [found for found in lines if text[: found.start()].strip()]
    if len(below) < _FEWEST:
        return
    speakers = [found[1].casefold().strip() for found in below]
    announced = any(each.search(text[: below[0].start()]) for each in patterns("pasted", "talk_cues"))
    if announced or len(set(speakers)) < len(speakers):
        yield cut(text, below[0].start(), len(text))
