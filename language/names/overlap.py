"""Finds deals, tasks and tickets by the words they share with a reference, in any order. Names of people are
not its job."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy

from language.names.companies import deal_core
from language.names.entries import Entry
from language.names.forms import AccountNames
from language.names.normalise import words_of
from language.names.postings import Places, posted, reposted
from language.names.vocabulary import words
from language.script import has_cjk

OVERLAP_KINDS = frozenset({"deal", "task", "ticket", "product"})
_LARGEST_POSTING = 4000


class WordOverlap:
    """An inverted index over the words (and pairs of Chinese characters) of names."""

    def __init__(self, entries: Iterable[Entry], account_names: AccountNames) -> None:
        self._account_names = account_names
        self._weights: dict[str, float] = {}
        self._postings = posted(self._pairs(entries))

    def renewed(
        self, old: Iterable[Entry], new: Iterable[Entry], account_names: AccountNames, places: Places
    ) -> "WordOverlap":
        """The index with `new` entries in place of `old` ones; `account_names` knows the new names."""
        later = copy(self)
        later._account_names = account_names
        later._weights = {**self._weights}
        later._postings = reposted(self._postings, list(self._pairs(old)), later._pairs(new), places)
        return later

    def shared(
        self, tokens: Sequence[str], kinds: Collection[str] | None
    ) -> Iterator[tuple[Entry, float, set[int]]]:
        """Entries that share words with `tokens`: what share of their name that is (0..1), and the tokens
        shared."""
        ignored = words("support", "ignored_in_query")
        covered: dict[str, set[int]] = {}
        weights: dict[str, float] = {}
        entries: dict[str, Entry] = {}
        for piece, (weight, places) in _pieces(tokens).items():
            found = self._postings.get(piece, ()) if piece not in ignored else ()
            for entry in found if len(found) <= _LARGEST_POSTING else ():
                if kinds is None or entry.kind in kinds:
                    weights[entry.id] = weights.get(entry.id, 0.0) + weight
                    covered.setdefault(entry.id, set()).update(places)
                    entries[entry.id] = entry
        for entry_id, places in covered.items():
            yield entries[entry_id], min(1.0, weights[entry_id] / self._weights[entry_id]), places

    def _pairs(self, entries: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
        for entry in entries:
            if entry.kind in OVERLAP_KINDS:
                pieces = _pieces(_own_words(entry, self._account_names))
                self._weights[entry.id] = sum(weight for weight, _ in pieces.values())
                yield from ((piece, entry) for piece in pieces)


def _own_words(entry: Entry, account_names: AccountNames) -> list[str]:
    """The words of the name; for a deal without its account's, which say nothing about which of its deals is
    meant."""
    if entry.kind != "deal":
        return words_of(entry.name)
    return deal_core(entry.name, account_names(entry.account_id))


def _pieces(tokens: Sequence[str]) -> dict[str, tuple[float, set[int]]]:
    """Words, and pairs of neighbouring Chinese characters, with how telling each is and where it stands."""
    pieces: dict[str, tuple[float, set[int]]] = {}
    weak = words("support", "function_words")
    for i, token in enumerate(tokens):
        if has_cjk(token):
            if i + 1 < len(tokens) and has_cjk(tokens[i + 1]):
                pieces[token + tokens[i + 1]] = (0.5, {i, i + 1})
        else:
            pieces[token] = (0.3 if token in weak else 1.0, {i})
    return pieces
