"""What a message takes back and says anew: "with Tom, no sorry, with Ben", "Thursday.. no, Friday".

Which records and fields that changes is told by those who read them.
"""

from language.builtin.clauses import Outline
from language.builtin.words import Word

_REACH_BEFORE = 5
_REACH_AFTER = 7
_KINDS = frozenset({"contact", "day", "duration"})


def taken_back(outline: Outline) -> set[int]:
    """The offsets of people, days and lengths that a correction right behind them replaces by others."""
    found: set[int] = set()
    for hit in outline.hits:
        if hit.tag not in ("correction", "retake"):
            continue
        after = _things(outline, hit.first, hit.after + _REACH_AFTER)
        for kind in _KINDS:
            new = next((word for word in after if kind in word.kinds), None)
            old = [word for word in _things(outline, hit.first - _REACH_BEFORE, hit.first) if kind in word.kinds]
            if new is not None and old and old[-1].canon != new.canon:
                found |= {old[-1].start}
    return found


def _things(outline: Outline, first: int, after: int) -> list[Word]:
    return [word for word in outline.words[max(first, 0) : after] if word.kinds & _KINDS]
