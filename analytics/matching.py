"""Free-text values as people write them, found among those that records have: case, plurals, synonyms, parts."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from analytics.wording import fold_words, load_table

_LINKS = re.compile(r"\s*(?:&|/|,|\+|\band\b|、|和|与)\s*")


def match_values(words: str, known: Sequence[str]) -> list[str]:
    """The known values that the words mean: the same text, else a synonym, else values with all the words."""
    wanted = _key(words)
    if not wanted:
        return []
    same = [value for value in known if _key(value) == wanted]
    if same:
        return same
    meaning = _meanings().get(wanted)
    alike = [value for value in known if meaning is not None and _meanings().get(_key(value)) == meaning]
    if alike:
        return alike
    parts = wanted.split()
    return [value for value in known if _contains(_key(value), wanted, parts)]


def _contains(value: str, wanted: str, parts: Sequence[str]) -> bool:
    if not wanted.isascii():
        return wanted in value
    return set(parts) <= set(value.split())


def _key(text: str) -> str:
    joined = _LINKS.sub(" & ", fold_words(text))
    return " ".join(_stem(word) for word in joined.split())


def _stem(word: str) -> str:
    if not word.isascii() or len(word) < 4:
        return word
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("s", "")):
        if word.endswith(ending) and not word.endswith("ss"):
            return word[: -len(ending)] + replacement
    return word


@cache
def _meanings() -> Mapping[str, int]:
    return {_key(word): number for number, words in enumerate(load_table("value_words")["same"]) for word in words}
