"""Words in quotation marks, as people give names and texts: "visit with Karl", 'Ivy's decision', 「交付」.

An apostrophe inside a word opens and closes nothing.
"""

import re
from dataclasses import dataclass

_QUOTED = re.compile(
    r"[\"“”„]([^\"“”„]+)[\"“”]|(?<!\w)['‘]([^\n]+?)['’](?!\w)|[「『]([^」』]+)[」』]",
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words between two quotation marks, and where the first mark stands."""

    text: str
    start: int
    end: int


def quoted_in(text: str) -> Quoted | None:
    """The first words in quotation marks; None without any."""
    found = _QUOTED.search(text)
    return Quoted(next(filter(None, found.groups())).strip(), found.start(), found.end()) if found else None
