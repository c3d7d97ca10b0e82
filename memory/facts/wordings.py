"""The words and patterns of `memory/data/facts.yaml` as compiled expressions, and what they see in a sentence."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import yaml

from language.dates import find_dates
from language.script import has_cjk, to_simplified

# A capitalised name of one to three words, or of two to four Chinese characters.
_NAME = r"(?-i:[A-Z][\w&'’-]+(?:\s+[A-Z][\w&'’-]+){0,2}|[\u4e00-\u9fff]{2,4})"
_REST = r"[^.;。；!！?？\n]{2,160}"
_NO_DAY = date(2000, 1, 3)


@dataclass(frozen=True)
class Sentence:
    """One sentence and where it begins in the text."""

    text: str
    start: int

    @cached_property
    def folded(self) -> str:
        """As it is searched: lower case, simplified characters; as long as the text."""
        lowered = to_simplified(self.text).lower()
        return lowered if len(lowered) == len(self.text) else self.text

    @cached_property
    def asks(self) -> bool:
        """Whether it is a question."""
        return self.text.rstrip().endswith(("?", "？"))


class Terms:
    """An expression for any of some words: whole English words (`*` is any ending), Chinese parts of words."""

    def __init__(self, words: Iterable[object]) -> None:
        longest_first = sorted((str(word).lower() for word in words), key=len, reverse=True)
        self._literals = tuple(word.rstrip("*") for word in longest_first)
        self._pattern = re.compile("|".join(_word(word) for word in longest_first))

    def search(self, text: str) -> re.Match[str] | None:
        """The first of the words in a text in lower case."""
        return next(self.finditer(text), None)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All of the words in a text in lower case."""
        # Looking for the bare letters first is ten times as fast, as most texts hold none of them.
        return self._pattern.finditer(text) if any(each in text for each in self._literals) else iter(())


@dataclass(frozen=True, slots=True)
class Topic:
    """What an objection can be about."""

    words: Terms
    direct: Terms
    label: Mapping[str, str]


class Wordings:
    """Everything that the readers of slots look for."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.slots: Mapping[str, Mapping[str, Any]] = data["slots"]
        self.asked = {slot: Terms(words) for slot, words in data["asked"].items()}
        self.topics = {
            name: Topic(Terms(topic["words"]), Terms(topic["direct"]), topic["label"])
            for name, topic in data["objection"]["topics"].items()
        }
        self.words = {slot: Terms(data[slot]["words"]) for slot in ("budget", "timeline")}
        self.patterns = {
            "budget": _compiled(data["budget"]["states"]),
            **{slot: _compiled(data[slot]["patterns"]) for slot in ("competitor", "champion", "next_step")},
        }
        self.promises = {whose: _compiled(patterns) for whose, patterns in data["promise"].items()}
        self.never = {slot: frozenset(map(str, data[slot]["never"])) for slot in ("competitor", "champion")}
        self._triggers = Terms(data["objection"]["triggers"])
        self._unsure = Terms(word for word in data["unsure"] if not word.startswith(("^", " ")))
        self._unsure_parts = tuple(word for word in data["unsure"] if word.startswith(("^", " ")))
        self._denied = tuple(re.compile(pattern) for pattern in data["denied"].values())
        self._resolved, self._unresolved = Terms(data["resolved"]), Terms(data["unresolved"])

    def is_unsure(self, sentence: Sentence) -> bool:
        """Whether a sentence only supposes."""
        padded = f" {sentence.folded.strip()} "
        parts = any(
            padded.startswith(f" {part[1:]}") if part.startswith("^") else part in padded
            for part in self._unsure_parts
        )
        return parts or self._unsure.search(sentence.folded) is not None

    def is_denied(self, sentence: Sentence, at: int) -> bool:
        """Whether what begins at `at` is denied by the words before it."""
        before = sentence.folded[:at]
        return any(pattern.search(before) for pattern in self._denied)

    def trigger(self, sentence: Sentence) -> tuple[int, int] | None:
        """The first word of worry that is not denied."""
        for match in self._triggers.finditer(sentence.folded):
            if not self.is_denied(sentence, match.start()):
                return match.span()
        return None

    def resolution(self, sentence: Sentence) -> re.Match[str] | None:
        """The words that say that something is out of the way."""
        if self._unresolved.search(sentence.folded):
            return None
        return self._resolved.search(sentence.folded)

    def is_no_name(self, slot: str, name: str) -> bool:
        """Whether a word that stands where a name would is none: a pronoun, a day."""
        return name.casefold() in self.never[slot] or self.day_in(Sentence(name, 0)) is not None

    @staticmethod
    def day_in(sentence: Sentence) -> tuple[int, int] | None:
        """Where the sentence names a day or period ahead."""
        for mention in find_dates(sentence.text, today=_NO_DAY):
            if mention.on is not None or mention.period is not None or mention.shift is not None:
                return mention.span.start, mention.span.end
        return None


@cache
def wordings() -> Wordings:
    """The project's wordings, read once."""
    text = files("memory").joinpath("data", "facts.yaml").read_text(encoding="utf-8")
    return Wordings(yaml.safe_load(text))


def _word(word: str) -> str:
    if has_cjk(word):
        return re.escape(word)
    escaped = re.escape(word).replace(r"\*", r"\w*")
    return rf"(?<![a-z0-9]){escaped}(?![a-z0-9])"


def _compiled(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    filled = (pattern.replace("NAME", _NAME).replace("REST", _REST) for pattern in patterns)
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in filled)
