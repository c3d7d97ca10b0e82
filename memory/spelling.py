"""Misspelt words of a query, read as words that stand in the notes. Pure functions."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from rapidfuzz.distance import OSA

from language.script import CJK
from memory.topics import topic_words
from memory.words import fold, latin_words, stop_words

_WORD = re.compile(rf"[^\W_{CJK}]+")
# Below this many letters a word is only taken for a stop word or a word of a topic, or for one with letters swapped.
_SHORT, _LONG = 5, 9
SHORTEST = 4


def read_as(unknown: Collection[str], texts: Iterable[str]) -> dict[str, str]:
    """For each of some unknown words the nearest one of the texts or of topics, "" for a stop word; far ones stay."""
    if not unknown:
        return {}
    counted = Counter(word for text in texts for word in latin_words(fold(text)) if len(word) >= SHORTEST)
    found = {word: _nearest(word, counted) for word in unknown}
    return {word: "" if near in stop_words() else near for word, near in found.items() if near}


def replaced(query: str, words: Mapping[str, str]) -> str:
    """The query with words exchanged or left out; the others stay as they were written."""
    return " ".join(_WORD.sub(lambda found: words.get(fold(found[0]), found[0]), query).split())


def _nearest(word: str, counted: Counter[str]) -> str:
    best: tuple[int, bool, int, str] | None = None
    most = 2 if len(word) >= _LONG else 1
    for other in {*counted, *topic_words(), *stop_words()}:
        if abs(len(other) - len(word)) > most or not _begins_alike(word, other):
            continue
        distance = OSA.distance(word, other, score_cutoff=most)
        if distance > most or (len(word) < _SHORT and not _may_be_short(word, other)):
            continue
        rank = (distance, other not in stop_words(), -counted[other], other)
        best = min(best, rank) if best is not None else rank
    return best[3] if best is not None else ""


def _begins_alike(word: str, other: str) -> bool:
    return word[0] == other[0] or word[:2] == other[1::-1]


def _may_be_short(word: str, other: str) -> bool:
    return other in stop_words() or other in topic_words() or sorted(word) == sorted(other)
