"""The records that can be named, and what finding one yields. Re-exported by `language.lexicon`."""

from dataclasses import dataclass
from typing import NamedTuple

from language.spans import Span

PERSON_KINDS = frozenset({"contact", "user", "lead"})
# In this order records of different kinds stand under one name.
KINDS = ("account", "contact", "deal", "user", "lead", "task", "ticket", "product", "stage")


@dataclass(frozen=True, slots=True)
class Entry:
    """One record that the asker may see, with the names it goes by.

    `aliases` holds given short names, e-mail addresses, domains, numbers and translated stage names; `title`
    is a job title;
    `is_open` is False for closed deals and done tasks; `weight` is a small prior, 0 to 1.
    """

    kind: str
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    account_id: str | None = None
    deal_id: str | None = None
    owner_id: str | None = None
    title: str = ""
    is_open: bool = True
    weight: float = 0.0

    @property
    def home_account(self) -> str | None:
        """The account that this record is or belongs to."""
        return self.id if self.kind == "account" else self.account_id


@dataclass(frozen=True, slots=True)
class Scored:
    """A record that may be meant, how sure that is (0..1), and by which way of naming."""

    entry: Entry
    score: float
    how: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that names something; `candidates` are all records it may mean, best first, across
    kinds."""

    span: Span
    candidates: tuple[Scored, ...]


class Form(NamedTuple):
    """One way to call a record: its words, what it is worth, and whether its word boundaries must be kept."""

    entry: Entry
    score: float
    how: str
    spaced: str
    strict: bool = False

    @property
    def id(self) -> str:
        """The record's id."""
        return self.entry.id

    @property
    def key(self) -> str:
        """The words without blanks, as forms are looked up."""
        return self.spaced.replace(" ", "")
