"""Which name words a misspelt, misheard or familiar word may stand for, and how well; words only, no records."""

from collections.abc import Iterator, Mapping
from copy import copy
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from language.names.normalise import sound_key
from language.names.vocabulary import (
    formal_names,
    known_names,
    known_words,
    nickname_families,
    scoring,
    words,
)


class Alternative(NamedTuple):
    """A name word that may have been meant, what is left of the score (factor 0..1), and why ("typo",
    "phonetic", …)."""

    text: str
    factor: float
    how: str


class Speller:
    """Spelling help over a vocabulary of name words; True in the mapping marks words of people's names."""

    def __init__(self, vocabulary: Mapping[str, bool]) -> None:
        self.vocabulary = vocabulary
        self._by_length: dict[int, list[str]] = {}
        self._by_sound: dict[str, list[str]] = {}
        for word in vocabulary:
            self._by_length.setdefault(len(word), []).append(word)
            self._by_sound.setdefault(sound_key(word), []).append(word)
        self._known: dict[tuple[str, bool], tuple[Alternative, ...]] = {}

    def extended(self, words: Mapping[str, bool]) -> "Speller":
        """The same help over some more words; this very speller when it knows them all."""
        news = {word: is_person for word, is_person in words.items() if self._is_news(word, is_person)}
        if not news:
            return self
        later = copy(self)
        later.vocabulary = {**self.vocabulary, **news}
        later._by_length, later._by_sound, later._known = {**self._by_length}, {**self._by_sound}, {}
        for word in news.keys() - self.vocabulary.keys():
            size, sound = len(word), sound_key(word)
            later._by_length[size] = [*later._by_length.get(size, ()), word]
            later._by_sound[sound] = [*later._by_sound.get(sound, ()), word]
        return later

    def alternatives(self, word: str, *, lenient: bool) -> tuple[Alternative, ...]:
        """At most six words that `word` may stand for, best first, `word` itself not among them.

        Lenient also tries ordinary English words and offers weak look-alikes, for short references that must
        name something.
        """
        key = (word, lenient)
        if key not in self._known:
            if len(self._known) > 20_000:
                self._known.clear()
            self._known[key] = self._find(word, lenient)
        return self._known[key]

    def _find(self, word: str, lenient: bool) -> tuple[Alternative, ...]:
        found = {item.text: item for item in self._familiar(word)}
        if word.endswith("s") and word[:-1] in self.vocabulary:
            found[word[:-1]] = Alternative(word[:-1], scoring("factors")["plural"], "")
        if word not in self.vocabulary and not found and len(word) > 2 and (lenient or not _is_english(word)):
            for item in self._misspelt(word, lenient):
                if item.text not in found:
                    found[item.text] = item
        return tuple(sorted(found.values(), key=lambda item: -item.factor)[:6])

    def _is_news(self, word: str, is_person: bool) -> bool:
        return word not in self.vocabulary or (is_person and not self.vocabulary[word])

    def joined(self, word: str) -> tuple[Alternative, ...]:
        """Company words that sound like two ordinary words heard as one ("hall den" for Halden)."""
        sound = sound_key(word)
        if len(sound) < 3:
            return ()
        heard = [text for text in self._by_sound.get(sound, ()) if not self.vocabulary[text] and len(text) > 4]
        factor = float(scoring("factors")["phonetic"])
        return tuple(Alternative(text, factor, "phonetic") for text in heard if OSA.distance(word, text) <= 2)

    def _familiar(self, word: str) -> list[Alternative]:
        """Nicknames: Bob for Robert, Robert for Bob, Bob for Rob; spelling variants: Karl for Carl."""
        numbers = formal_names().get(word, frozenset())
        found = []
        for number in numbers:
            formal, short = nickname_families()[number]
            for other in formal | short:
                if other != word and self.vocabulary.get(other):
                    sibling = (word in short and other in short) or (word in formal and other in formal)
                    factor = scoring("factors")["nickname_sibling" if sibling else "nickname"]
                    found.append(Alternative(other, factor, "nickname"))
        return found

    def _misspelt(self, word: str, lenient: bool) -> list[Alternative]:
        size, sound = len(word), sound_key(word)
        limit = 3 if size > 8 or (lenient and size > 5) else 2 if size > 5 or lenient else 1
        near: dict[str, int] = {}
        for length in range(size - 2, size + 3):
            choices = self._by_length.get(length, ())
            hits = process.extract(word, choices, scorer=OSA.distance, score_cutoff=limit, limit=12)
            near.update((text, int(distance)) for text, distance, _ in hits)
        if len(sound) > 1:
            for text in self._by_sound.get(sound, ())[:40]:
                near.setdefault(text, OSA.distance(word, text))
        graded = [(text, grade(word, text, distance, sound == sound_key(text))) for text, distance in near.items()]
        return [Alternative(text, *mark) for text, mark in graded if mark and (lenient or mark[0] > 0.7)]


def grade(word: str, meant: str, distance: int, same_sound: bool) -> tuple[float, str] | None:
    """How well `word` stands for `meant` at that edit distance; None when it does not."""
    factors = scoring("factors")
    size = min(len(word), len(meant))
    same_start = word[0] == meant[0]
    if word in known_names() or _is_english(word):
        if same_sound and same_start and size >= 3 and distance <= (2 if size > 4 else 1):
            return float(factors["other_name"]), "phonetic"
        return (float(factors["weak"]), "near") if distance <= 2 and size >= 5 else None
    mark = _grade_misspelling(size, distance, same_sound)
    if mark is None:
        near = (distance <= 2 and size >= 4) or (distance == 3 and size >= 6 and same_start)
        return (float(factors["weak"]), "near") if near else None
    return (mark[0] * (1.0 if same_start else 0.94), mark[1])


def _is_english(word: str) -> bool:
    """Whether it is a word, no name: as it is, or "about", "with", "from" … with two letters exchanged."""
    small = words("support", "function_words")
    return word in known_words() or any(other in small for other in swapped(word))


def swapped(word: str) -> Iterator[str]:
    """The word with two neighbours exchanged, once for each pair: "abuot" is "about"."""
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _grade_misspelling(size: int, distance: int, same_sound: bool) -> tuple[float, str] | None:
    factors = scoring("factors")
    if distance <= 1 and size >= 4:
        return float(factors["typo"]["near" if size >= 6 or same_sound else "short"]), "typo"
    if distance == 2 and (size >= 8 or (size >= 5 and same_sound)):
        return float(factors["typo"]["two"]), "typo" if not same_sound else "phonetic"
    if same_sound and size >= 4 and distance / size <= 0.45:
        return float(factors["phonetic" if distance / size < 0.34 else "sounds_like"]), "phonetic"
    return None
