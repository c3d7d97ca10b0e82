"""Matches rules that are data (a pattern over token tags, and the name of what it builds) on tokens.

Pattern items: `TAG`, `TAG:name`, a literal word, `$class` (one word of a named list), `[optional]`,
`(one | other)`, `!item` (must not follow), `+item` (no blank before it).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from language.tokens import Token

_PIECE = re.compile(r"[\[\]()|]|[^\s\[\]()|]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a rule file: the compiled pattern and the builder that reads its fields."""

    build: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that holds from token `first` up to, not including, token `after`."""

    build: str
    first: int
    after: int
    fields: Mapping[str, Any]


class Grammar:
    """A set of rules, indexed by the tag or word that each may begin with."""

    def __init__(self, rules: Sequence[Sequence[str]], classes: Mapping[str, Sequence[str]]) -> None:
        self._by_start: dict[str, list[Rule]] = {}
        for pattern, build in rules:
            compiler = _Compiler(pattern, classes)
            rule = Rule(build, re.compile(compiler.regex))
            for start in compiler.starts:
                self._by_start.setdefault(start, []).append(rule)

    def matches(self, tokens: Sequence[Token]) -> Iterator[list[Match]]:
        """For each token where some rule holds, all matches that begin there, longest first."""
        encoded, offsets = encode(tokens)
        index = {offset: i for i, offset in enumerate(offsets)} | {len(encoded): len(tokens)}
        for i, token in enumerate(tokens):
            rules = self._by_start.get(token.tag, []) + self._by_start.get("=" + token.canon, [])
            found = [_match(rule, encoded, offsets[i], index, tokens, i) for rule in rules]
            held = sorted((m for m in found if m), key=lambda match: -match.after)
            if held:
                yield held


def encode(tokens: Sequence[Token]) -> tuple[str, list[int]]:
    """The tokens as one string "TAG=canon;" each, a blank where the text has one, and their offsets."""
    parts: list[str] = []
    offsets: list[int] = []
    position = 0
    for token in tokens:
        offsets.append(position)
        part = f"{token.tag}={token.canon};" + (" " if token.blank_after else "")
        parts.append(part)
        position += len(part)
    return "".join(parts), offsets


def _match(
    rule: Rule, encoded: str, offset: int, index: Mapping[int, int], tokens: Sequence[Token], i: int
) -> Match | None:
    found = rule.pattern.match(encoded, offset)
    if not found:
        return None
    fields = {
        name.rstrip("_"): tokens[index[found.start(name)]].value for name in rule.pattern.groupindex if found[name]
    }
    return Match(rule.build, i, index[found.end()], fields)


class _Compiler:
    """Turns one pattern into a regular expression over the encoded tokens; notes what it may begin with."""

    def __init__(self, pattern: str, classes: Mapping[str, Sequence[str]]) -> None:
        self.pieces = _PIECE.findall(pattern)
        self.position = 0
        self.classes = classes
        self.names: set[str] = set()
        self.regex, self.starts, _ = self._options()

    def _options(self) -> tuple[str, set[str], bool]:
        regexes: list[str] = []
        starts: set[str] = set()
        empty = False
        while True:
            regex, begin, nullable = self._sequence()
            regexes.append(regex)
            starts |= begin
            empty |= nullable
            if self.position >= len(self.pieces) or self.pieces[self.position] != "|":
                return "(?:" + "|".join(regexes) + ")", starts, empty
            self.position += 1

    def _sequence(self) -> tuple[str, set[str], bool]:
        regex, starts, nullable = "", set[str](), True
        while self.position < len(self.pieces) and self.pieces[self.position] not in ("]", ")", "|"):
            piece = self.pieces[self.position]
            self.position += 1
            if piece in ("[", "("):
                part, begin, empty = self._options()
                self.position += 1
                part, empty = (part + "?", True) if piece == "[" else (part, empty)
            else:
                part, begin, empty = self._item(piece)
            regex += part
            if nullable:
                starts |= begin
            nullable = nullable and empty
        return regex, starts, nullable

    def _item(self, piece: str) -> tuple[str, set[str], bool]:
        if piece.startswith("!"):
            return f"(?!{self._item(piece[1:])[0]})", set(), True
        if piece.startswith("+"):
            regex, starts, empty = self._item(piece[1:])
            return f"(?<! ){regex}", starts, empty
        if piece.startswith("$"):
            words = self.classes[piece[1:]]
            return self._literal(words), {"=" + word for word in words}, False
        if piece[0].isupper():
            return self._tag(piece)
        return self._literal([piece]), {"=" + piece}, False

    def _tag(self, piece: str) -> tuple[str, set[str], bool]:
        tag, _, name = piece.partition(":")
        name = name or tag.lower()
        while name in self.names:
            name += "_"
        self.names.add(name)
        tags = self.classes.get(tag, [tag])
        return f"(?P<{name}>(?:{'|'.join(tags)})=[^;]*; ?+)", set(tags), False

    @staticmethod
    def _literal(words: Sequence[str]) -> str:
        return f"[A-Z]+=(?:{'|'.join(re.escape(word) for word in words)}); ?+"
