"""Word lists and rules about names, read once from the data files: nicknames, everyday words, titles, company
words, scores."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from language.resources import load_data

_SHORTEST_NAME = 4


def scoring(section: str) -> Mapping[str, Any]:
    """One section of `data/names/scoring.yaml`."""
    content: Mapping[str, Any] = load_data("names/scoring")[section]
    return content


@cache
def words(file: str, key: str) -> frozenset[str]:
    """A list of words from `data/names/<file>.yaml` as a set."""
    return frozenset(str(word) for word in load_data(f"names/{file}")[key])


@cache
def longest_first(file: str, key: str) -> tuple[str, ...]:
    """A list of words from `data/names/<file>.yaml`, longest first, for cutting prefixes and suffixes."""
    return tuple(sorted(words(file, key), key=lambda word: (-len(word), word)))


@cache
def everyday_words() -> frozenset[str]:
    """Common English words, chat and sales words: in lower case they are names only with support."""
    return _read_words("common") | _read_words("chat")


@cache
def known_words() -> frozenset[str]:
    """Every English word of the lists, everyday or not: none of them is tried as a misspelt name."""
    return everyday_words() | _read_words("known")


def is_no_word(form: str) -> bool:
    """Whether letters in Latin script are no English word of the lists, and long enough to be a name."""
    return (
        len(form) >= _SHORTEST_NAME and form.isascii() and form.isalpha() and form.casefold() not in known_words()
    )


@cache
def known_names() -> frozenset[str]:
    """Given names, surnames and places: none of them is a misspelling of another name."""
    return _read_words("proper_names") | frozenset(formal_names())


@cache
def nickname_families() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Each family of given names: its full names (spelling variants), and its short forms."""
    text = (files("language") / "data" / "nicknames.txt").read_text(encoding="utf-8")
    families = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            formal, _, short = line.partition(":")
            families.append((frozenset(formal.replace("=", " ").split()), frozenset(short.split())))
    return tuple(families)


@cache
def formal_names() -> Mapping[str, frozenset[int]]:
    """For every given name or short form, the families it stands in."""
    found: dict[str, set[int]] = {}
    for number, (formal, short) in enumerate(nickname_families()):
        for name in formal | short:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


@cache
def title_groups() -> Mapping[str, frozenset[int]]:
    """For every job title (squashed), the numbers of the groups of equal titles it stands in."""
    found: dict[str, set[int]] = {}
    for number, group in enumerate(load_data("names/titles")["groups"]):
        for title in group:
            found.setdefault(title.replace(" ", ""), set()).add(number)
    return {title: frozenset(numbers) for title, numbers in found.items()}


def _read_words(name: str) -> frozenset[str]:
    return frozenset((files("language") / "data" / "words" / f"{name}.txt").read_text(encoding="utf-8").split())
