"""Look-up tables over all entries, built once: forms by squashed text, vocabulary for misspellings, titles,
addresses, pinyin."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from language.names.companies import account_names_of, form_score
from language.names.entries import PERSON_KINDS, Entry, Form
from language.names.forms import HOW, forms_of, ticket_digits
from language.names.fuzzy import Speller
from language.names.normalise import fold, pinyin, split_person_name, squash, words_of
from language.names.vocabulary import everyday_words, title_groups
from language.resources import load_data
from language.script import has_cjk

_SPELLED_KINDS = PERSON_KINDS | {"account", "product", "deal"}


class FormIndex:
    """All forms of the given entries, by the ways they can be looked up. Never changed after it is built."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self.accounts = {entry.id: entry for entry in self.entries.values() if entry.kind == "account"}
        self.forms: dict[str, list[Form]] = {}
        self.cjk_lengths: dict[str, set[int]] = {}
        self._account_names: dict[str, list[list[str]]] = {}
        for entry in self.entries.values():
            for form in forms_of(entry, self.names_of_account):
                self._add(form)

    def names_of_account(self, account_id: str | None) -> list[list[str]]:
        """The words of each name of an account that its deals' names may start with; none for an unknown
        account."""
        account = self.accounts.get(account_id or "")
        if account is None:
            return []
        if account.id not in self._account_names:
            self._account_names[account.id] = account_names_of(account.name, account.aliases)
        return self._account_names[account.id]

    def _add(self, form: Form) -> None:
        tokens = form.spaced.split()
        key = "".join(tokens)
        self.forms.setdefault(key, []).append(form)
        if not key.isascii() and has_cjk(tokens[0]):
            self.cjk_lengths.setdefault("".join(tokens[:2]), set()).add(len(tokens))

    @cached_property
    def speller(self) -> Speller:
        """Finds the name words that a misspelt word may stand for."""
        words: dict[str, bool] = {}
        for entry in self.entries.values():
            if entry.kind in _SPELLED_KINDS:
                for word in words_of(entry.name):
                    if len(word) > 2 and word.isascii() and word.isalpha():
                        words[word] = words.get(word, False) or entry.kind in PERSON_KINDS
        joined = {
            key: False
            for key, forms in self.forms.items()
            if key.isascii() and len(key) > 6 and any(_is_short_company(form) for form in forms)
        }
        return Speller({**joined, **words})

    @cached_property
    def by_account(self) -> Mapping[str, list[Entry]]:
        """The contacts, deals, tickets and tasks of each account."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            if entry.account_id:
                found.setdefault(entry.account_id, []).append(entry)
        return found

    @cached_property
    def addresses(self) -> Mapping[str, list[Entry]]:
        """Entries by e-mail address and by domain, in lower case."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            for alias in entry.aliases:
                if "@" in alias or "." in alias.strip("."):
                    found.setdefault(alias.strip().lower(), []).append(entry)
        return found

    @cached_property
    def numbers(self) -> Mapping[str, list[Entry]]:
        """Tickets by the digits of their number."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            if entry.kind == "ticket":
                for digits in ticket_digits(entry):
                    found.setdefault(digits, []).append(entry)
        return found

    @cached_property
    def titles(self) -> Mapping[str, list[Form]]:
        """People by job title, squashed: their own words and all titles that mean the same."""
        equal = _titles_by_group()
        found: dict[str, list[Form]] = {}
        for entry in self.entries.values():
            if not entry.title:
                continue
            own = squash(entry.title)
            names = {own, own.replace("of", "", 1)} | {
                name for group in title_groups().get(own, ()) for name in equal[group]
            }
            for name in names:
                found.setdefault(name, []).append(Form(entry, form_score("title"), "title", name))
        return found

    @cached_property
    def chinese_surnames(self) -> Mapping[str, list[Entry]]:
        """People with a Chinese name, by surname."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            if entry.kind in PERSON_KINDS and has_cjk(entry.name):
                surname = fold(split_person_name(entry.name)[1])
                if surname:
                    found.setdefault(surname, []).append(entry)
        return found

    @cached_property
    def pinyin_forms(self) -> Mapping[str, list[Form]]:
        """Forms of Chinese names as they are written or heard without characters, squashed."""
        found: dict[str, list[Form]] = {}
        for key, forms in self.forms.items():
            if not key.isascii():
                for form in forms:
                    for text, score, how in _pinyin_of(form):
                        found.setdefault("".join(text.split()), []).append(
                            Form(form.entry, score, how, text, how == "last name")
                        )
        return found

    @cached_property
    def homophones(self) -> Mapping[str, list[str]]:
        """Squashed Chinese forms by how they sound, for characters that a recogniser got wrong."""
        found: dict[str, list[str]] = {}
        for key, forms in self.forms.items():
            if not key.isascii() and any(form.entry.kind in PERSON_KINDS | {"account", "deal"} for form in forms):
                found.setdefault(" ".join(pinyin(key)), []).append(key)
        return found


def _is_short_company(form: Form) -> bool:
    return form.entry.kind == "account" and form.how in ("exact", "alias", "short name") and " " in form.spaced


def _titles_by_group() -> list[list[str]]:
    return [[squash(title) for title in group] for group in load_data("names/titles")["groups"]]


def _pinyin_of(form: Form) -> Iterable[tuple[str, float, str]]:
    """The Latin spellings of one Chinese form: "zhang wei", "wei zhang", and a surname in its usual variants."""
    is_person = form.entry.kind in PERSON_KINDS
    syllables = pinyin(form.spaced.replace(" ", ""), is_person=is_person and form.how == "exact")
    if form.how not in ("exact", "alias", "short name") or len(syllables) < 2:
        return
    factor = form.score * form_score("pinyin")
    yield " ".join(syllables), factor, HOW["pinyin"]
    if not is_person or form.how != "exact" or not has_cjk(form.entry.name):
        return
    size = len(split_person_name(fold(form.entry.name))[1])
    surname, given = syllables[:size], syllables[size:]
    yield " ".join([*given, *surname]), factor, HOW["pinyin"]
    variants = load_data("names/surnames")["english_variants"].get("".join(surname), [])
    for spelling in ["".join(surname), *variants]:
        yield spelling, form_score("last"), "last name"
    for spelling in variants:
        yield f"{spelling} {' '.join(given)}", factor * 0.95, HOW["pinyin"]
        yield f"{' '.join(given)} {spelling}", factor * 0.95, HOW["pinyin"]
    given_text = "".join(given)
    if len(given) > 1 and given_text not in everyday_words():
        yield given_text, form_score("pinyin_short"), HOW["pinyin"]
