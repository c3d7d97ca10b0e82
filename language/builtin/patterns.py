"""Phrases as data: patterns over words and recognised things (names, dates, amounts), found in a message in
one pass.

A pattern is words, `(one | other)`, `[optional]`, `..` (up to four words of one clause), `{kind}` (a
recognised thing), `^` and `$`
(start and end of the message or of a sentence). Brackets in the message are looked through. What a pattern
means is the `tag` and `value` of its entry in `builtin/data`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from jellyfish import damerau_levenshtein_distance

from language.builtin.words import Word
from language.names.vocabulary import known_names, known_words
from language.script import CJK

_PIECE = re.compile(rf"\.\.|\{{[^}}]+\}}|[\[\]()|^$]|[{CJK}]|w/|-->|->|=>|'?[a-z0-9]+(?:'[a-z]+)*|[^\s]")
_OPEN, _KINDS = "\x01", "\x02"
_ANY_KINDS = rf"(?:{_KINDS}[^{_OPEN}]*)?(?={_OPEN}|$)"
_GAP = rf"(?:{_OPEN}[^{_OPEN}.,;:!?。，；：！？\n]+){{0,4}}?"
_SHORTEST_MISSPELT = 4
_SEE_THROUGH = frozenset("()（）")
_SENTENCE_ENDS = frozenset(".!?。！？\n;；")


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern that holds from word `first` up to, not including, word `after`."""

    tag: str
    value: Mapping[str, str]
    first: int
    after: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    tag: str
    value: Mapping[str, str]
    regex: re.Pattern[str]


class PhraseBook:
    """All patterns of some data files, by the word or kind of thing that each may begin with."""

    def __init__(self, entries: Sequence[Mapping[str, Any]]) -> None:
        self._by_start: dict[str, list[_Pattern]] = {}
        self._literals: set[str] = set()
        self._corrections: dict[str, str] = {}
        for entry in entries:
            for source in str(entry["patterns"]).splitlines():
                compiled = _Compiler(source)
                self._literals |= {piece for piece in compiled.pieces if piece.isascii() and piece.isalpha()}
                pattern = _Pattern(entry["tag"], entry.get("value", {}), re.compile(compiled.regex))
                for start in compiled.starts:
                    self._by_start.setdefault(start, []).append(pattern)

    @property
    def words(self) -> frozenset[str]:
        """The English words that patterns may begin with."""
        return frozenset(start for start in self._by_start if start.isascii() and start.isalpha())

    @property
    def literals(self) -> Set[str]:
        """The English words that stand anywhere in patterns."""
        return self._literals

    def spelt_right(self, word: Word) -> Word:
        """The word, or the phrase word that it misspells ("remnd"); names and words of the language stay."""
        if (
            word.kinds
            or len(word.canon) < _SHORTEST_MISSPELT
            or not (word.canon.isascii() and word.canon.isalpha())
        ):
            return word
        right = self._correction(word.canon)
        return replace(word, canon=right) if right else word

    def _correction(self, word: str) -> str:
        if word not in self._corrections:
            self._corrections[word] = ""
            if word not in self._literals and word not in known_words() and word not in known_names():
                near = [each for each in self._literals if each[0] == word[0] and _is_slip(word, each)]
                self._corrections[word] = near[0] if len(near) == 1 else ""
        return self._corrections[word]

    def find(self, words: Sequence[Word]) -> list[Hit]:
        """All hits, in the order of the message; of those of one tag that share a word the longest."""
        text, offsets = _encode(words)
        index = {offset: i for i, offset in enumerate(offsets)} | {len(text): len(words)}
        hits = [hit for i, word in enumerate(words) for hit in self._at(i, word, text, offsets[i], index)]
        kept: list[Hit] = []
        for hit in sorted(hits, key=lambda each: (-(each.after - each.first), each.first)):
            if not any(
                hit.tag == other.tag and hit.first < other.after and other.first < hit.after for other in kept
            ):
                kept.append(hit)
        return sorted(kept, key=lambda each: (each.first, each.after))

    def _at(self, i: int, word: Word, text: str, offset: int, index: Mapping[int, int]) -> Iterator[Hit]:
        for start in (word.canon, *(f"{{{kind}}}" for kind in word.kinds)):
            for pattern in self._by_start.get(start, ()):
                found = pattern.regex.match(text, offset)
                if found and found.end() > offset:
                    yield Hit(pattern.tag, pattern.value, i, index[found.end()])


@cache
def phrase_book() -> PhraseBook:
    """The patterns of all files in `builtin/data/phrases`, compiled on first use."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    folder = files("language.builtin") / "data" / "phrases"
    entries: list[Mapping[str, Any]] = []
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        entries += yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
    return PhraseBook(entries)


def _encode(words: Sequence[Word]) -> tuple[str, list[int]]:
    parts: list[str] = []
    offsets: list[int] = []
    position = 0
    for word in words:
        offsets.append(position)
        kinds = _KINDS + "".join(f"{{{kind}}}" for kind in sorted(word.kinds)) if word.kinds else ""
        part = f"{_OPEN}{word.canon}{kinds}" if word.canon not in _SEE_THROUGH else ""
        parts.append(part)
        position += len(part)
    return "".join(parts), offsets


def _is_slip(word: str, right: str) -> bool:
    return (
        len(right) >= _SHORTEST_MISSPELT
        and abs(len(word) - len(right)) <= 1
        and damerau_levenshtein_distance(word, right) == 1
    )


class _Compiler:
    """Turns one pattern into a regular expression over encoded words; notes what it may begin with."""

    def __init__(self, source: str) -> None:
        self.pieces = self._pieces = _PIECE.findall(source)
        self._at = 0
        self.regex, self.starts, _ = self._options()

    def _options(self) -> tuple[str, set[str], bool]:
        regexes, starts, nullable = [], set[str](), False
        while True:
            regex, begin, empty = self._sequence()
            regexes.append(regex)
            starts |= begin
            nullable |= empty
            if self._at >= len(self._pieces) or self._pieces[self._at] != "|":
                return "(?:" + "|".join(regexes) + ")", starts, nullable
            self._at += 1

    def _sequence(self) -> tuple[str, set[str], bool]:
        regex, starts, nullable = "", set[str](), True
        while self._at < len(self._pieces) and self._pieces[self._at] not in ("]", ")", "|"):
            piece = self._pieces[self._at]
            self._at += 1
            if piece in ("[", "("):
                part, begin, empty = self._options()
                self._at += 1
                part, empty = (part + "?", True) if piece == "[" else (part, empty)
            else:
                part, begin, empty = _item(piece)
            regex += part
            starts |= begin if nullable else set()
            nullable = nullable and empty
        return regex, starts, nullable


def _item(piece: str) -> tuple[str, set[str], bool]:
    if piece == "..":
        return _GAP, set(), True
    if piece == "^":
        return rf"(?<![^{re.escape(''.join(_SENTENCE_ENDS))}])", set(), True
    if piece == "$":
        return rf"(?=$|{_OPEN}[{re.escape(''.join(_SENTENCE_ENDS))}])", set(), True
    if piece.startswith("{"):
        kinds = piece[1:-1].split("|")
        either = "|".join(rf"\{{{kind}\}}" for kind in kinds)
        return (
            rf"{_OPEN}[^{_OPEN}{_KINDS}]*{_KINDS}[^{_OPEN}]*(?:{either})[^{_OPEN}]*",
            {f"{{{k}}}" for k in kinds},
            False,
        )
    return rf"{_OPEN}{re.escape(piece)}{_ANY_KINDS}", {piece}, False
