"""From names as people write them to the one record that is meant, or a question, or near misses."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import AmbiguousRecordError, Candidate, RecordNotFoundError
from core.parts import RecordRef
from crm_store.nouns import Label
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork
from language.lexicon import Entry, Lexicon, Scored
from language.names.decide import decide

_TELLING = {
    "deal": ("stage", "amount", "close_date", "owner", "created_at"),
    "task": ("due", "assignee", "deal", "priority"),
    "ticket": ("subject", "priority", "status", "opened_at"),
    "lead": ("company", "status", "source"),
}
ME = frozenset({"me", "myself", "i", "mine", "我", "本人", "自己", "我自己"})


@dataclass
class Resolver:
    """Finds records for one turn. `accounts` are those named so far: they decide between namesakes."""

    uow: UnitOfWork
    lexicon: Lexicon
    accounts: list[str] = field(default_factory=list)

    def get(self, kind: str, words: str, *, within: Collection[str] = (), only_open: bool = False) -> Any:
        """The one visible record of `kind` that the words (a name or an id) mean.

        Args:
            kind: Kind of record, for example "deal".
            words: A full, partial or misspelt name, or a record id; several ids joined by "|" are asked about.
            within: Ids of accounts that the record has to belong to, when known.
            only_open: Leave closed deals, done tasks and resolved tickets aside while open ones fit.

        Raises:
            AmbiguousRecordError: several records are equally likely.
            RecordNotFoundError: none is close; the error holds near misses.
        """
        words = words.strip()
        by_id = self.uow.find(kind, words) if words.startswith(f"{kind}_") else None
        if by_id is not None:
            return self._known(kind, by_id)
        if len(choices := self._choices(kind, words)) > 1:
            raise AmbiguousRecordError(_label(kind).en, words, choices)
        if kind == "user" and words.casefold() in ME:
            return self.uow.find("user", self.uow.principal.user_id)
        scored = self._scored(kind, words, within, only_open)
        decision = decide(scored)
        if decision.outcome == "one" and decision.chosen is not None:
            return self._record(kind, words, decision.chosen.entry)
        candidates = [self.candidate(each.entry) for each in decision.candidates]
        if decision.outcome == "several":
            raise AmbiguousRecordError(_label(kind).en, words, candidates)
        raise RecordNotFoundError(_label(kind).en, words, candidates[:3])

    def find(self, kind: str, words: str, *, within: Collection[str] = (), only_open: bool = False) -> Any | None:
        """Like `get` for words that may be empty: nothing said is None."""
        return self.get(kind, words, within=within, only_open=only_open) if words.strip() else None

    def candidate(self, entry: Entry) -> Candidate:
        """An entry as a choice in a question, with what tells it from its namesakes."""
        account = self.lexicon.get(entry.account_id) if entry.account_id else None
        hint = account.name if account else ""
        facts = dict(self._facts(entry))
        return Candidate(entry.kind, entry.id, entry.name, ", ".join(filter(None, (hint, entry.title))), facts)

    def ref(self, kind: str, record: Any) -> RecordRef:
        """A citation of a record."""
        return RecordRef(kind=kind, id=record.id, name=self.uow.name_of(kind, record))

    def note_account(self, account_id: str | None) -> None:
        """Remembers that an account is being talked about."""
        if account_id and account_id not in self.accounts:
            self.accounts.append(account_id)

    def _choices(self, kind: str, words: str) -> list[Candidate]:
        """The visible records of ids joined by "|"."""
        ids = words.split("|") if "|" in words else []
        entries = [self.lexicon.get(each) for each in ids if each.startswith(f"{kind}_")]
        return [self.candidate(entry) for entry in entries if entry is not None]

    def _facts(self, entry: Entry) -> Iterator[tuple[str, str]]:
        """The visible fields that tell a record from its namesakes."""
        record = self.uow.find(entry.kind, entry.id)
        for spec in self.uow.fields(entry.kind) if record is not None else ():
            if spec.name in _TELLING.get(entry.kind, ()) and record is not None:
                value = self.uow.value(spec, record)
                named = self.uow.find(spec.ref, value) if spec.ref and value else None
                text = self.uow.name_of(spec.ref, named) if named is not None else str(value or "")
                if text:
                    yield spec.name, text

    def _scored(self, kind: str, words: str, within: Collection[str], only_open: bool) -> Sequence[Scored]:
        scored = self.lexicon.match(words, kinds={kind}, account_ids=tuple(within) or tuple(self.accounts))
        if within:
            scored = [each for each in scored if each.entry.account_id in within] or scored
        if only_open and any(each.entry.is_open for each in scored):
            scored = [each for each in scored if each.entry.is_open]
        return scored

    def _record(self, kind: str, words: str, entry: Entry) -> Any:
        record = self.uow.find(kind, entry.id)
        if record is None:
            raise RecordNotFoundError(_label(kind).en, words)
        return self._known(kind, record)

    def _known(self, kind: str, record: Any) -> Any:
        self.note_account(record.id if kind == "account" else getattr(record, "account_id", None))
        return record


def _label(kind: str) -> Label:
    return NOUNS[kind].label
