"""The words of a note: how they are said to the agent, and which sentence something came from."""

import re
from collections.abc import Sequence

# A full stop between figures ends no sentence.
_SENTENCE = re.compile(r"(?:[^.!?。！？\n]|(?<=\d)\.(?=\d))+(?:[.!?。！？]+|$|\n)")
_WORD = re.compile(r"[a-z]{3,}|\d+|[一-鿿]{2}", re.IGNORECASE)
_LEADS = {"en": "Log: ", "zh": "记录："}
_LEAD = re.compile(f"^(?:{'|'.join(_LEADS.values())})", re.MULTILINE)


def as_said(text: str, language: str) -> str:
    """What is said to the agent: a dictated note is something to log; a question is a question."""
    return text if text.rstrip().endswith(("?", "？")) else f"{_LEADS[language]}{text}"


def as_spoken(said: str) -> str:
    """The speaker's own words, without what `as_said` put before them."""
    return _LEAD.sub("", said)


def source_of(text: str, texts: Sequence[str], hints: Sequence[str] = ()) -> str:
    """The sentence that shares most with the texts, rare words counting more; the whole where none does.

    Hints are words that such a sentence often has; they count half.
    """
    sentences = [found[0].strip() for found in _SENTENCE.finditer(text) if found[0].strip()]
    if len(sentences) < 2:
        return text.strip()
    words = [_words(sentence) for sentence in sentences]
    wanted = dict.fromkeys(_words(" ".join(hints)), 0.5) | dict.fromkeys(_words(" ".join(texts)), 1.0)
    scores = [
        sum(wanted[word] / sum(word in other for other in words) for word in wanted.keys() & own) for own in words
    ]
    best = max(scores)
    return sentences[scores.index(best)] if best > 0 else text.strip()


def _words(text: str) -> set[str]:
    """Words of three letters or more by their first five, numbers, and pairs of characters."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    found = {word.casefold()[:5] for word in _WORD.findall(plain)}
    runs = re.findall(r"[一-鿿]+", plain)
    return found | {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
