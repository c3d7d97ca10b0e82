"""Whether a text holds a phrase. Case, width, spacing and typographic quotes make no difference."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "−": "-"})
_ACRONYM_MAX = 4


def plain(text: str) -> str:
    """The text for comparison: one width, one case, single spaces."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join(folded.split())


def has_phrase(text: str, phrase: str) -> bool:
    """Whether `phrase` stands in `text`.

    A phrase that begins or ends with a digit is not found inside a longer number (`3/2` in `3/20`, `16,200` in
    `116,200`), and an acronym (`PO`) not inside a word; other phrases are found anywhere.
    """
    return _pattern(phrase).search(plain(text)) is not None


def missing_groups(text: str, groups: Sequence[Sequence[str]]) -> list[str]:
    """The groups of which no phrase stands in the text, in words."""
    return [" / ".join(group) for group in groups if not any(has_phrase(text, phrase) for phrase in group)]


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    wanted = plain(phrase)
    before = after = ""
    if wanted[:1].isdigit():
        before = r"(?<!\d)(?<!\d[.,])"
    if wanted[-1:].isdigit():
        after = r"(?!\d)(?!,\d{3})"
    if phrase.isascii() and phrase.isalpha() and phrase.isupper() and len(phrase) <= _ACRONYM_MAX:
        before, after = r"(?<![a-z])", r"s?(?![a-z])"
    return re.compile(before + re.escape(wanted) + after)
