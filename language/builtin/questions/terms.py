"""A word list in both languages and where its entries stand in a text. Knows spelling, not meaning.

Text is cut into units: an English word (lower case, without plural and possessive endings), a number, or one
Chinese character.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product

from jellyfish import damerau_levenshtein_distance

from language.builtin.shorthand import written_out
from language.names.fuzzy import swapped
from language.names.normalise import fold
from language.names.vocabulary import known_names, known_words

Reading = tuple[str, str]
LONGEST_TERM = 9
_UNIT = re.compile(r"\bw/o\b|\bw/(?=\s)|[a-z]+(?:\.[a-z](?![a-z]))*|\d+(?:[.,]\d+)*|[\u4e00-\u9fff]|\S")
_POSSESSIVE = re.compile(r"(?<=[a-z])['’]s\b")
_IS = re.compile(r"^(what|who|when|where|how) is ")
_KEEP_S = ("ss", "us", "is", "as", "os")
# From so many letters on a word with two neighbours swapped is recognised, and one with another slip.
_SHORTEST_SWAPPED, _SHORTEST_FUZZY = 3, 5


@dataclass(frozen=True, slots=True)
class Unit:
    """One word, number, sign or Chinese character: where it stands and its comparable form."""

    start: int
    end: int
    form: str


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of a word list in a text: its units [first, after) and everything it may mean, as (role, value)."""

    first: int
    after: int
    readings: tuple[Reading, ...]


@dataclass
class TermIndex:
    """Terms by their first unit, longest first."""

    terms: dict[str, dict[tuple[str, ...], list[Reading]]] = field(default_factory=dict)

    def add(self, term: str, reading: Reading) -> None:
        """Adds a term in its pattern form: `a/b` are alternatives for a word, `[a]` may be left out."""
        for plain in {
            variant for spelled in _spelled_out(term) for variant in (spelled, _IS.sub(r"\1 ", spelled))
        }:
            units = tuple(unit.form for unit in units_of(plain))
            if units:
                readings = self.terms.setdefault(units[0], {}).setdefault(units, [])
                if reading not in readings:
                    readings.append(reading)

    def find(self, units: Sequence[Unit]) -> Iterator[Found]:
        """Every entry that stands in the text; they overlap each other."""
        forms = [unit.form for unit in units]
        for i, form in enumerate(forms):
            group = self.terms.get(form, {})
            for size in range(1, min(LONGEST_TERM, len(forms) - i) + 1 if group else 0):
                readings = group.get(tuple(forms[i : i + size]))
                if readings:
                    yield Found(i, i + size, tuple(readings))

    def words(self) -> frozenset[str]:
        """Every English word in the list that is long enough to be recognised when misspelt."""
        return frozenset(
            word
            for group in self.terms.values()
            for units in group
            for word in units
            if len(word) >= _SHORTEST_SWAPPED and word.isascii() and word.isalpha()
        )


def units_of(text: str) -> list[Unit]:
    """The units of a text; offsets are those of the text."""
    folded = text.lower() if text.isascii() else "".join(_plain(char) for char in text)
    spaced = _POSSESSIVE.sub(lambda found: " " * len(found[0]), folded)
    return [Unit(found.start(), found.end(), _stem(found[0])) for found in _UNIT.finditer(spaced)]


def corrected(units: Sequence[Unit], known: frozenset[str], text: str) -> list[Unit]:
    """The units with misspelt words replaced by the word of the list that was meant; names (in capitals) stay."""
    return [
        unit
        if unit.start and text[unit.start].isupper()
        else Unit(unit.start, unit.end, _nearest(unit.form, known))
        for unit in units
    ]


def index_of(tables: Mapping[str, Mapping[str, Iterable[str]]]) -> TermIndex:
    """An index of word lists: role -> value -> terms."""
    index = TermIndex()
    for role, values in tables.items():
        for value, terms in values.items():
            for term in terms:
                index.add(str(term), (role, str(value)))
    return index


@lru_cache(maxsize=16384)
def _plain(char: str) -> str:
    """A character in lower case, of one width and simplified; one for one, so that offsets stay."""
    plain = fold(char)
    return plain if len(plain) == 1 else char


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    word = written_out(word)
    if not word.isascii() or len(word) < 4 or not word.endswith("s") or word.endswith(_KEEP_S):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


@lru_cache(maxsize=1024)
def _spelled_out(term: str) -> tuple[str, ...]:
    if term.isascii() is False and "/" not in term and "[" not in term:
        return (term,)
    options = []
    for piece in re.findall(r"\[[^\]]+\]|[^\s\[\]]+", term):
        optional = piece.startswith("[")
        words = piece.strip("[]").split("/") if len(piece) > 1 else [piece]
        options.append([*words, ""] if optional else words)
    return tuple(" ".join(word for word in chosen if word) for chosen in product(*options))


@lru_cache(maxsize=4096)
def _nearest(word: str, known: frozenset[str]) -> str:
    if word in known or not word.isascii() or not word.isalpha() or word in _english():
        return word
    if len(word) < _SHORTEST_FUZZY:
        # In so short a word no other slip is told from another word.
        return next((other for other in swapped(word) if len(word) > 2 and other in known), word)
    slips = 1 if len(word) < 8 else 2
    near = [
        other
        for other in known
        if other[0] == word[0]
        and len(other) >= _SHORTEST_FUZZY
        and abs(len(other) - len(word)) <= slips
        and damerau_levenshtein_distance(word, other) <= slips
    ]
    return min(near, key=lambda other: (damerau_levenshtein_distance(word, other), other), default=word)


@cache
def _english() -> frozenset[str]:
    """Words that are no misspelling, in their comparable form."""
    return frozenset(_stem(word) for word in known_words() | known_names())
