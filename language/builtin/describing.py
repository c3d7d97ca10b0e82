"""Which of some records a few words describe: those whose own words begin like the words that are said."""

import re
from collections.abc import Iterable

from language.builtin.vocabulary import load_words
from language.script import has_cjk

_WORD = re.compile(r"[^\W_]+")
# Words are the same when they begin alike; this share of what is said has to be in the record's words.
_ALIKE, _SHARE = 4, 0.6
_SHORTEST = 3


def telling(text: str) -> set[str]:
    """The words of a text that tell something; of Chinese, pairs of signs."""
    little = {str(word) for word in load_words("references")["little"]}
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if has_cjk(word):
            found |= {word[i : i + 2] for i in range(len(word) - 1)}
        elif (len(word) >= _SHORTEST or word.isdigit()) and word not in little:
            found.add(word)
    return found


def fitting(said: set[str], records: Iterable[tuple[str, str]], *, least: int, share: float = _SHARE) -> list[str]:
    """The ids of the records, each with its text, that have most of the words said, at least so many."""
    scores = [(_shared(said, telling(text)), record) for record, text in records] if len(said) >= least else []
    best = max((score for score, _ in scores), default=0)
    if best < least or best < share * len(said):
        return []
    return [record for score, record in scores if score == best]


def _shared(said: set[str], words: set[str]) -> int:
    return sum(any(_is_alike(word, other) for other in words) for word in said)


def _is_alike(one: str, other: str) -> bool:
    return one == other or (not has_cjk(one) and len(one) >= _ALIKE and one[:_ALIKE] == other[:_ALIKE])
