"""Tables from a key to all entries or forms under it, and how one follows the records without being built anew."""

from bisect import insort
from collections.abc import Iterable, Mapping
from typing import TypeVar

from language.names.entries import KINDS, Entry, Form

Item = TypeVar("Item", Entry, Form)
# Where a record stands among others: by kind, then as they came.
Places = Mapping[str, tuple[int, int]]


def posted(pairs: Iterable[tuple[str, Item]]) -> dict[str, list[Item]]:
    """The table of some pairs of a key and what stands under it."""
    table: dict[str, list[Item]] = {}
    for key, item in pairs:
        table.setdefault(key, []).append(item)
    return table


def reposted(
    table: Mapping[str, list[Item]],
    old: Iterable[tuple[str, Item]],
    new: Iterable[tuple[str, Item]],
    places: Places,
) -> dict[str, list[Item]]:
    """The table with the old pairs of some records taken out and their new ones put in at their places.

    Lists that change are replaced, because others may be reading the table.
    """
    gone: dict[str, set[str]] = {}
    for key, item in old:
        gone.setdefault(key, set()).add(item.id)
    come: dict[str, list[Item]] = posted(new)
    later = {**table}
    for key in dict.fromkeys((*gone, *come)):
        ids = gone.get(key, set())
        items = [item for item in table.get(key, ()) if item.id not in ids]
        for item in come.get(key, ()):
            insort(items, item, key=lambda each: places[each.id])
        if items:
            later[key] = items
        else:
            del later[key]
    return later


def placed(entries: Iterable[Entry]) -> dict[str, tuple[int, int]]:
    """The places of records that are given in their order."""
    return {entry.id: (_rank(entry), number) for number, entry in enumerate(entries)}


def placed_too(places: Places, entries: Iterable[Entry]) -> dict[str, tuple[int, int]]:
    """Places for further records, too: a known one keeps its own, a new one comes last of its kind."""
    later = {**places}
    for entry in entries:
        later.setdefault(entry.id, (_rank(entry), len(later)))
    return later


def _rank(entry: Entry) -> int:
    return KINDS.index(entry.kind)
