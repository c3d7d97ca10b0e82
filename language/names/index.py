"""Look-up tables over all entries: forms by their words, vocabulary for misspellings, titles, addresses, pinyin.

Each table is built when it is first needed. When records change, `renewed` gives new tables that share with the old
ones everything but what is under the names of these records.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache, cached_property
from typing import Any

from language.names.companies import account_names_of, form_score
from language.names.entries import PERSON_KINDS, Entry, Form
from language.names.forms import forms_of, ticket_digits
from language.names.fuzzy import Speller
from language.names.normalise import fold, split_person_name, squash, words_of
from language.names.postings import Places, placed, placed_too, posted, reposted
from language.names.sounds import by_pinyin, by_sound
from language.names.vocabulary import title_groups
from language.resources import load_data
from language.script import has_cjk

_Pairs = Iterable[tuple[str, Any]]
_SPELLED_KINDS = PERSON_KINDS | {"account", "product", "deal", "stage"}
# Words of names from that length on may be misspelt; short ones of stages are too much like ordinary words.
_LEAST_OF_NAME, _LEAST_OF_STAGE = 3, 6


class FormIndex:
    """All forms of the given entries, by the ways they can be looked up. Nothing in it is changed later."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self.accounts = {entry.id: entry for entry in self.entries.values() if entry.kind == "account"}
        self._account_names: dict[str, list[list[str]]] = {}

    def names_of_account(self, account_id: str | None) -> list[list[str]]:
        """The words of each name of an account that its deals' names may start with; none for an unknown
        account."""
        account = self.accounts.get(account_id or "")
        if account is None:
            return []
        if account.id not in self._account_names:
            self._account_names[account.id] = account_names_of(account.name, account.aliases)
        return self._account_names[account.id]

    def deals_named_after(self, account_ids: Collection[str]) -> list[Entry]:
        """The deals of some accounts: how they are called depends on the accounts' names."""
        return [deal for id in account_ids for deal in self.by_account.get(id, ()) if deal.kind == "deal"]

    def renewed(self, old: Sequence[Entry], new: Sequence[Entry]) -> "FormIndex":
        """The index with `new` entries in place of `old` ones; of a changed account all deals are among both."""
        later = copy(self)
        gone = {entry.id for entry in old} - {entry.id for entry in new}
        later.entries = {id: entry for id, entry in self.entries.items() if id not in gone}
        later.entries.update((entry.id, entry) for entry in new)
        later.places = placed_too(self.places, new)
        accounts = {entry.id for entry in (*old, *new) if entry.kind == "account"}
        if accounts:
            later.accounts = {id: entry for id, entry in later.entries.items() if entry.kind == "account"}
            later._account_names = {id: known for id, known in self._account_names.items() if id not in accounts}
        old_forms, new_forms = list(self._forms_of(old)), list(later._forms_of(new))
        for name, pairs_of_forms in _OF_FORMS.items():
            later._repost(name, self, pairs_of_forms(old_forms), pairs_of_forms(new_forms))
        for name, pairs in _OF_ENTRIES.items():
            later._repost(name, self, pairs(old), pairs(new))
        if "cjk_lengths" in self.__dict__:
            later.cjk_lengths = _lengths(new_forms, self.cjk_lengths)
        if "speller" in self.__dict__:
            later._renew_speller(self.speller, _spelled(old, old_forms), _spelled(new, new_forms))
        return later

    @cached_property
    def places(self) -> Places:
        """Where each entry stands among others of the same name."""
        return placed(self.entries.values())

    @cached_property
    def forms(self) -> Mapping[str, list[Form]]:
        """Forms by their words without blanks."""
        return posted(_by_key(self._forms_of(self.entries.values())))

    @cached_property
    def cjk_lengths(self) -> Mapping[str, frozenset[int]]:
        """How many characters Chinese forms may have that start with two given ones."""
        return _lengths(self._all_forms(), {})

    @cached_property
    def speller(self) -> Speller:
        """Finds the name words that a misspelt word may stand for."""
        return Speller(_spelled(self.entries.values(), self._all_forms()))

    @cached_property
    def by_account(self) -> Mapping[str, list[Entry]]:
        """The contacts, deals, tickets and tasks of each account."""
        return posted(_by_account(self.entries.values()))

    @cached_property
    def addresses(self) -> Mapping[str, list[Entry]]:
        """Entries by e-mail address and by domain, in lower case."""
        return posted(_by_address(self.entries.values()))

    @cached_property
    def numbers(self) -> Mapping[str, list[Entry]]:
        """Tickets by the digits of their number."""
        return posted(_by_number(self.entries.values()))

    @cached_property
    def titles(self) -> Mapping[str, list[Form]]:
        """People by job title, squashed: their own words and all titles that mean the same."""
        return posted(_by_title(self.entries.values()))

    @cached_property
    def chinese_surnames(self) -> Mapping[str, list[Entry]]:
        """People with a Chinese name, by surname."""
        return posted(_by_surname(self.entries.values()))

    @cached_property
    def pinyin_forms(self) -> Mapping[str, list[Form]]:
        """Forms of Chinese names as they are written or heard without characters, squashed."""
        return posted(by_pinyin(self._all_forms()))

    @cached_property
    def homophones(self) -> Mapping[str, list[Form]]:
        """Chinese forms by how they sound, for characters that a recogniser got wrong."""
        return posted(by_sound(self._all_forms()))

    def _repost(self, name: str, before: "FormIndex", old: _Pairs, new: _Pairs) -> None:
        """Renews a table; one that was not needed yet is built when it is."""
        if name in before.__dict__:
            self.__dict__[name] = reposted(before.__dict__[name], old, new, self.places)

    def _renew_speller(self, speller: Speller, old: Mapping[str, bool], new: Mapping[str, bool]) -> None:
        """Adds words; where some are no longer in these names, it is found out later which are left in others."""
        del self.__dict__["speller"]
        if old.items() <= new.items():
            self.speller = speller.extended(new)

    def _forms_of(self, entries: Iterable[Entry]) -> Iterator[Form]:
        for entry in entries:
            yield from forms_of(entry, self.names_of_account)

    def _all_forms(self) -> Iterator[Form]:
        return (form for forms in self.forms.values() for form in forms)


def _by_key(forms: Iterable[Form]) -> Iterator[tuple[str, Form]]:
    return ((form.key, form) for form in forms)


def _by_account(entries: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    return ((entry.account_id, entry) for entry in entries if entry.account_id)


def _by_address(entries: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    for entry in entries:
        for alias in entry.aliases:
            if "@" in alias or "." in alias.strip("."):
                yield alias.strip().lower(), entry


def _by_number(entries: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    return ((digits, entry) for entry in entries if entry.kind == "ticket" for digits in ticket_digits(entry))


def _by_title(entries: Iterable[Entry]) -> Iterator[tuple[str, Form]]:
    equal = _titles_by_group()
    for entry in entries:
        if not entry.title:
            continue
        own = squash(entry.title)
        names = {own, own.replace("of", "", 1)} | {
            name for group in title_groups().get(own, ()) for name in equal[group]
        }
        for name in names:
            yield name, Form(entry, form_score("title"), "title", name)


def _by_surname(entries: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    for entry in entries:
        if entry.kind in PERSON_KINDS and has_cjk(entry.name):
            surname = fold(split_person_name(entry.name)[1])
            if surname:
                yield surname, entry


# What stands under which key, for each table that follows single records.
_OF_FORMS: Mapping[str, Callable[[Sequence[Form]], _Pairs]] = {
    "forms": _by_key,
    "pinyin_forms": by_pinyin,
    "homophones": by_sound,
}
_OF_ENTRIES: Mapping[str, Callable[[Sequence[Entry]], _Pairs]] = {
    "by_account": _by_account,
    "addresses": _by_address,
    "numbers": _by_number,
    "titles": _by_title,
    "chinese_surnames": _by_surname,
}


def _lengths(forms: Iterable[Form], known: Mapping[str, frozenset[int]]) -> dict[str, frozenset[int]]:
    lengths = {**known}
    for form in forms:
        if not form.spaced.isascii():
            tokens = form.spaced.split()
            if has_cjk(tokens[0]):
                start = "".join(tokens[:2])
                lengths[start] = lengths.get(start, frozenset()) | {len(tokens)}
    return lengths


def _spelled(entries: Iterable[Entry], forms: Iterable[Form]) -> dict[str, bool]:
    """The words of names that may be misspelt, companies' names of several words as one; True for people's."""
    found = {form.key: False for form in forms if _is_short_company(form) and form.key.isascii()}
    for entry in entries:
        if entry.kind in _SPELLED_KINDS:
            least = _LEAST_OF_STAGE if entry.kind == "stage" else _LEAST_OF_NAME
            for word in words_of(entry.name):
                if len(word) >= least and word.isascii() and word.isalpha():
                    found[word] = found.get(word, False) or entry.kind in PERSON_KINDS
    return found


def _is_short_company(form: Form) -> bool:
    is_name = form.entry.kind == "account" and form.how in ("exact", "alias", "short name")
    return is_name and " " in form.spaced and len(form.key) > 6


@cache
def _titles_by_group() -> list[list[str]]:
    return [[squash(title) for title in group] for group in load_data("names/titles")["groups"]]
