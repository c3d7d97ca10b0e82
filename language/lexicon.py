"""The names of all records that the asker may see, and the records that a text or a short reference means by them.

Pure data: built from entries and renewed when some change, no store, no model. How names are compared is in
`language.names`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property

from language.names import matching, mentions
from language.names.entries import Entry, Mention, Scored
from language.names.index import FormIndex
from language.names.overlap import WordOverlap

__all__ = ["Entry", "Lexicon", "Mention", "Scored"]


class Lexicon:
    """Finds the records that people mean by names, nicknames, titles, parts of names, misspellings, numbers
    and addresses."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._index = FormIndex(entries)

    def renewed(self, ids: Collection[str], entries: Iterable[Entry]) -> "Lexicon":
        """The lexicon after some records changed, at a cost that depends on these alone; this one stays as it is.

        Args:
            ids: The records that changed; of those without an entry now the names are forgotten.
            entries: Their entries as they are now. New ones come last of their kind.
        """
        known = self._index.entries
        now = {entry.id: entry for entry in entries}
        changed = dict.fromkeys(id for id in (*ids, *now) if known.get(id) != now.get(id))
        if not changed:
            return self
        deals = [deal for deal in self._index.deals_named_after(changed) if deal.id not in changed]
        old = [*(known[id] for id in changed if id in known), *deals]
        new = [*(now[id] for id in changed if id in now), *deals]
        later = copy(self)
        later._index = self._index.renewed(old, new)
        later.__dict__.pop("_by_kind", None)
        if "_overlap" in self.__dict__:
            names, places = later._index.names_of_account, later._index.places
            later._overlap = self._overlap.renewed(old, new, names, places)
        return later

    def get(self, id: str) -> Entry | None:
        """The entry with that id, or None."""
        return self._index.entries.get(id)

    def of_kind(self, kind: str) -> Sequence[Entry]:
        """All entries of one kind, in the order given."""
        return self._by_kind.get(kind, [])

    def match(
        self,
        query: str,
        *,
        kinds: Collection[str] | None = None,
        account_ids: Collection[str] = (),
        limit: int = 8,
    ) -> list[Scored]:
        """The records that a short reference may mean, best first; empty when nothing comes near.

        Every telling word of the reference has to be explained by the record, its account or its title: "Anita
        from Kestrel"
        is no other Anita. Records of `account_ids` (known from context) score higher. Feed the result to
        `names.decide`.
        """
        return matching.match(self._index, self._overlap, query, kinds, account_ids, limit)

    def find_mentions(self, text: str) -> list[Mention]:
        """The places in running text that name records, in order and without overlaps, each with all records
        it may mean.

        An everyday word counts as a name only with support around it; an account or deal named in the same
        text lifts its own
        people and deals and drops their namesakes. Works without capitals, punctuation or (Chinese) blanks.
        Tokens past the
        6,000th are not read.
        """
        return mentions.find_mentions(self._index, text)

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self._index.entries.values():
            found.setdefault(entry.kind, []).append(entry)
        return found

    @cached_property
    def _overlap(self) -> WordOverlap:
        return WordOverlap(self._index.entries.values(), self._index.names_of_account)
