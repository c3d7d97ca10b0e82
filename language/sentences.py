"""Where the sentences of a text begin and end, in English and Chinese."""

import re
from collections.abc import Iterator

from language.script import CJK

# A full stop ends a sentence only before a space, the end or Chinese: not in "18.5k", "v2.3", "a.b@c.example".
_END = re.compile(rf"(?:[!?。！？；\n]|\.(?=[\s.!?\"'”’)\]{CJK}]|$))+[\"'”’)\]]*\s*")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|dr|mr|mrs|ms|prof|approx|incl|vs|fig|tel|ext)\.\s*$", re.IGNORECASE)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The sentences as stretches that together are the whole text; the space behind one belongs to it."""
    start = 0
    for end in _END.finditer(text):
        if end.end() < len(text) and _ABBREVIATED.search(text[start : end.end()]):
            continue
        yield start, end.end()
        start = end.end()
    if start < len(text):
        yield start, len(text)


def sentences(text: str) -> list[str]:
    """The sentences without the space around them; empty ones are left out."""
    return [piece for start, end in sentence_spans(text) if (piece := text[start:end].strip())]
