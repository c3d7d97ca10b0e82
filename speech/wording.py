"""Finds the sentence of a transcript that something came from, by the words they share."""

import re
from collections.abc import Sequence

_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？]+|$|\n)")
_WORD = re.compile(r"[a-z]{3,}|\d+|[一-鿿]{2}", re.IGNORECASE)


def source_of(text: str, texts: Sequence[str]) -> str:
    """The sentence that shares most with the texts, rare words counting more; the whole where none does."""
    sentences = [found[0].strip() for found in _SENTENCE.finditer(text) if found[0].strip()]
    if len(sentences) < 2:
        return text.strip()
    words = [_words(sentence) for sentence in sentences]
    wanted = _words(" ".join(texts))
    scores = [sum(1 / sum(word in other for other in words) for word in wanted & own) for own in words]
    best = max(scores)
    return sentences[scores.index(best)] if best > 0 else text.strip()


def _words(text: str) -> set[str]:
    """Words of three letters or more by their first five, numbers, and pairs of characters."""
    found = {word.casefold()[:5] for word in _WORD.findall(text)}
    runs = re.findall(r"[一-鿿]+", text)
    return found | {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
