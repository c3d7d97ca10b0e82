"""Texts as search terms: English stems without accents and stop words, Chinese character pairs. Pure functions."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from language.script import CJK, has_cjk, to_simplified

_TOKEN = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
_POSSESSIVE = re.compile(r"['’]s\b")


@dataclass(frozen=True, slots=True)
class _StopWords:
    en: frozenset[str]
    zh: tuple[str, ...]


def passage_terms(text: str) -> list[str]:
    """The terms under which a text can be found, in order, repeated as often as they occur."""
    return list(_terms(fold(text)))


def query_terms(text: str) -> list[str]:
    """The different terms that a question looks for; question words are left out."""
    folded = fold(text)
    for word in _stop_words().zh:
        folded = folded.replace(word, " ")
    return list(dict.fromkeys(_terms(folded)))


def terms_of(folded: str) -> list[str]:
    """The terms of a folded text, as `passage_terms` gives them."""
    return list(_terms(folded))


def all_terms(folded: str) -> list[str]:
    """Every term of a folded text, stop words included: for phrases that are made of them."""
    found: list[str] = []
    for token in _TOKEN.findall(folded):
        found.extend(_pairs(token) if has_cjk(token) else (_stem(token),))
    return found


def latin_words(folded: str) -> list[str]:
    """The words of a folded text that are not Chinese, as they are written."""
    return [token for token in _TOKEN.findall(folded) if not has_cjk(token)]


def stem(word: str) -> str:
    """The term of one folded English word."""
    return _stem(word)


def stop_words() -> frozenset[str]:
    """English words in lower case that say nothing about what is looked for."""
    return _stop_words().en


def fold(text: str) -> str:
    """Lower case, without accents and width variants, Chinese in simplified characters."""
    if text.isascii():
        return _POSSESSIVE.sub("", text).lower()
    plain = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", text).casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return to_simplified(plain)


def _terms(folded: str) -> Iterator[str]:
    stop = _stop_words().en
    for token in _TOKEN.findall(folded):
        if has_cjk(token):
            yield from _pairs(token)
        elif token not in stop:
            yield _stem(token)


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for start in range(len(run) - 1):
        yield run[start : start + 2]


def _stem(word: str) -> str:
    return word if word.isdecimal() else _stem_of_word(word)


@lru_cache(maxsize=50_000)
def _stem_of_word(word: str) -> str:
    return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("porter")


@cache
def _stop_words() -> _StopWords:
    data = yaml.safe_load(files("memory").joinpath("data", "stop_words.yaml").read_text(encoding="utf-8"))
    longest_first = sorted((str(word) for word in data["zh"]), key=len, reverse=True)
    return _StopWords(frozenset(str(word) for word in data["en"]), tuple(longest_first))
