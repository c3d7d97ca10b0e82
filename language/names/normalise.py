"""Names made comparable: folding, cutting into tokens with offsets, sound keys, pinyin, parts of a person's
name."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import jellyfish

from language.names.vocabulary import longest_first, words
from language.resources import load_data
from language.script import CJK, has_cjk, to_simplified

_TOKEN = re.compile(rf"[{CJK}]|&|(?:[^\W_{CJK}])+(?:['’ʼ](?:[^\W\d_{CJK}])+)*")
_DIGITS = {
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "first": "1st",
    "second": "2nd",
    "third": "3rd",
}
_NON_RHOTIC = re.compile(r"(?<=[aeiou])r(?![aeiouy])")


class Token(NamedTuple):
    """One word or Chinese character: where it stands in the original, and its folded text."""

    start: int
    end: int
    text: str
    is_cjk: bool


def fold(text: str) -> str:
    """The text as names are compared: one width, lower case, no accents, simplified characters, single blanks."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", to_simplified(text))
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
        text = to_simplified(unicodedata.normalize("NFKC", text))
    return " ".join(text.casefold().split())


def squash(text: str) -> str:
    """The folded text without blanks, hyphens, apostrophes and points; "&" reads "and", "two" reads "2"."""
    return "".join(token.text for token in tokenise(text))


def words_of(text: str) -> list[str]:
    """The folded words (and single Chinese characters) of a name."""
    return [token.text for token in tokenise(text)]


def tokenise(text: str) -> list[Token]:
    """The words and single Chinese characters of `text`, folded, with offsets in the original; possessive 's
    is cut off."""
    tokens = []
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        raw = found[0]
        if len(raw) == 1 and has_cjk(raw):
            tokens.append(Token(start, end, to_simplified(raw), True))
            continue
        if len(raw) > 2 and raw[-2] in "'’ʼ" and raw[-1] in "sS":
            end -= 2
            raw = raw[:-2]
        if folded := _fold_word(raw):
            tokens.append(Token(start, end, folded, False))
    return tokens


@lru_cache(maxsize=65536)
def sound_key(word: str) -> str:
    """A coarse key of how a Latin word sounds; equal for what a speech recogniser mixes up ("coppaline",
    "copperline")."""
    if not word.isascii() or not word.isalpha():
        return ""
    return jellyfish.metaphone(_NON_RHOTIC.sub("", word)).replace(" ", "")


def pinyin(name: str, *, is_person: bool = False) -> list[str]:
    """The syllables of a Chinese name without tones; for a person the first one as it is read in surnames."""
    syllables = [_syllable(char) for char in name]
    if is_person and name:
        syllables[0] = load_data("names/surnames")["readings"].get(name[0], syllables[0])
    return [syllable for syllable in syllables if syllable]


def split_person_name(name: str) -> tuple[str, str]:
    """Given name and surname as written; a single name counts as the given name. "Lee, Anna" and Chinese order
    are read."""
    name = " ".join(name.split())
    if has_cjk(name) and " " not in name:
        size = 2 if name.startswith(longest_first("surnames", "compound")) and len(name) > 2 else 1
        return (name[size:], name[:size]) if len(name) > 1 else (name, "")
    if "," in name:
        surname, _, given = name.partition(",")
        return given.strip(), surname.strip()
    parts = name.split(" ")
    first = len(parts) - 1
    while first > 1 and parts[first - 1].casefold().rstrip("'’") in words("surnames", "particles"):
        first -= 1
    return (" ".join(parts[:first]), " ".join(parts[first:])) if first > 0 else (name, "")


@lru_cache(maxsize=65536)
def _fold_word(raw: str) -> str:
    if raw == "&":
        return "and"
    folded = fold(raw)
    folded = folded if folded.isalnum() else "".join(char for char in folded if char.isalnum())
    return _DIGITS.get(folded, folded)


@lru_cache(maxsize=16384)
def _syllable(char: str) -> str:
    if not has_cjk(char):
        return char.casefold() if char.isalnum() else ""
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(char)[0])
