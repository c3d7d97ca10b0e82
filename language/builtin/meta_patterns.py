"""The patterns of `data/meta.yaml`: how people talk about the conversation itself, and how they ask."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from language.builtin.vocabulary import load_words


def sounds_asked(text: str) -> bool:
    """Whether a message asks for something to be told, by its form: "show …", "how many", "…吗"."""
    return any(pattern.search(text.strip()) for pattern in meta_patterns("asked"))


@cache
def meta_patterns(*path: str) -> Sequence[re.Pattern[str]]:
    """The patterns under a key; those that begin with ASK hold at the beginning of a clause (`^` marks them)."""
    words = load_words("meta")
    sources: Any = words
    for key in path:
        sources = sources[key]
    polite = words["ask"]
    marked = (re.sub(r"^\^?ASK", lambda _: f"^{polite}", _expanded(each)) for each in sources)
    return tuple(re.compile(each, re.IGNORECASE) for each in marked)


def _expanded(pattern: str) -> str:
    """A pattern with the shared pieces put in, which may hold pieces themselves."""
    for name, piece in load_words("meta")["pieces"].items():
        pattern = pattern.replace(name, piece)
    return pattern
