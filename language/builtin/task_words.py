"""The telling words of a task's title or of what is said of one: without small words, by stem; Chinese by pairs."""

from functools import cache

from language.builtin.frames.verbs import form_of
from language.builtin.vocabulary import load_words
from language.script import to_simplified

_SHORTEST_PLURAL = 4


def telling(text: str) -> set[str]:
    """Stems of English words, pairs of Chinese characters."""
    small = stops()
    found = set()
    for piece in to_simplified(text.casefold()).replace("'s", "").replace("(", " ").replace(")", " ").split():
        word = piece.strip(".,;:!?\"'“”")
        if word and word not in small:
            found |= {_stem(word)} if word.isascii() else _pairs(word)
    return found


def _pairs(text: str) -> set[str]:
    """Pairs of Chinese characters, without those with a small word in them where others are left."""
    pairs = {text[i : i + 2] for i in range(max(1, len(text) - 1))}
    return {pair for pair in pairs if not set(pair) & stops()} or pairs


def _stem(word: str) -> str:
    word = word[:-1] if len(word) > _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss") else word
    verb = form_of(word)
    word = verb.base if verb is not None else word
    for long, short in load_words("task_words")["stems"].items():
        if word.startswith(long):
            return str(short)
    return word


@cache
def stops() -> frozenset[str]:
    """Words that tell nothing about which task is meant."""
    return frozenset(load_words("task_words")["stops"])
