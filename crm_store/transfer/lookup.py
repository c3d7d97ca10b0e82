"""From the words by which a file names a record to its id, among the records that the importer may see."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import InvalidArgumentError
from crm_store.schema import NOUNS
from crm_store.transfer.folding import fold

# The column by which files name a record of a kind, and further columns that may name it.
NAMED_BY = {"user": "email", "product": "sku", "ticket": "number"}
_ALSO_NAMED_BY = {
    "user": ("name",),
    "product": ("name",),
    "account": ("aliases", "domain"),
    "stage": ("aliases",),
    "contact": ("email",),
    "lead": ("email",),
    "ticket": ("subject",),
}


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    account_id: str | None


@dataclass
class _Index:
    exact: dict[str, list[_Entry]] = field(default_factory=dict)
    folded: dict[str, list[_Entry]] = field(default_factory=dict)
    other: dict[str, list[_Entry]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)


class References:
    """Resolves names within one import. `foreign` maps other systems' numbers to the ids they became."""

    def __init__(self) -> None:
        self.foreign: dict[str, dict[str, str]] = {}
        self._indexes: dict[str, _Index] = {}
        self._resolved: dict[tuple[str, str, str | None], str] = {}

    def forget(self, kind: str) -> None:
        """Has the records of a kind read again at the next question."""
        self._indexes.pop(kind, None)
        self._resolved = {key: value for key, value in self._resolved.items() if key[0] != kind}

    def resolve(self, session: Session, kind: str, words: str, account_id: str | None = None) -> str:
        """The id of the record that `words` name: by name, in the account if that is needed to tell.

        Raises:
            InvalidArgumentError: no visible record, or several, have this name.
        """
        key = (kind, words, account_id)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(session, kind, words, account_id)
        return self._resolved[key]

    def _resolve(self, session: Session, kind: str, words: str, account_id: str | None) -> str:
        index = self._index(session, kind)
        folded = fold(words)
        for found in (index.exact.get(words), index.folded.get(folded), index.other.get(folded)):
            chosen = _of_account(found or (), account_id)
            if len(chosen) == 1:
                return chosen.pop()
            if chosen:
                raise InvalidArgumentError(f"There are {len(chosen)} {NOUNS[kind].label.en}s called “{words}”.")
        number = words.strip()
        known = self.foreign.get(kind, {}).get(number, number)
        if known in index.ids:
            return known
        raise InvalidArgumentError(f"There is no {NOUNS[kind].label.en} called “{words}”.")

    def _index(self, session: Session, kind: str) -> _Index:
        if kind not in self._indexes:
            self._indexes[kind] = _read_index(session, kind)
        return self._indexes[kind]


def naming_column(kind: str) -> str:
    """The model's attribute by which files name a record of a kind."""
    noun = NOUNS[kind]
    return NAMED_BY.get(kind) or noun.field(noun.name_field).column


def _of_account(entries: Iterable[_Entry], account_id: str | None) -> set[str]:
    entries = list(entries)
    within = {entry.id for entry in entries if account_id and entry.account_id == account_id}
    return within or {entry.id for entry in entries}


def _read_index(session: Session, kind: str) -> _Index:
    model: Any = NOUNS[kind].model
    others = _ALSO_NAMED_BY.get(kind, ())
    account = [model.account_id] if hasattr(model, "account_id") else []
    columns = [model.id, getattr(model, naming_column(kind)), *(getattr(model, name) for name in others), *account]
    index = _Index()
    for row in session.execute(select(*columns)):
        entry = _Entry(row[0], row[-1] if account else None)
        index.ids.add(entry.id)
        index.exact.setdefault(str(row[1]), []).append(entry)
        index.folded.setdefault(fold(str(row[1])), []).append(entry)
        for value in row[2 : 2 + len(others)]:
            for word in value if isinstance(value, list) else [value]:
                if word:
                    index.other.setdefault(fold(str(word)), []).append(entry)
    return index
