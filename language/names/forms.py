"""All forms by which one record is called, by kind: people, companies, deals, tickets, everything else."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from language.names.companies import company_forms, deal_core, deal_parts, form_score
from language.names.entries import PERSON_KINDS, Entry, Form
from language.names.normalise import split_person_name, words_of
from language.script import has_cjk

AccountNames = Callable[[str | None], Sequence[list[str]]]
HOW = {
    "exact": "exact",
    "alias": "alias",
    "legal": "short name",
    "reversed": "exact",
    "short": "short name",
    "short_core": "short name",
    "short_everyday": "partial",
    "inner": "partial",
    "acronym": "acronym",
    "domain": "domain",
    "initials": "initials",
    "first_initial": "initials",
    "first": "first name",
    "last": "last name",
    "given_cjk": "first name",
    "pinyin": "pinyin",
    "pinyin_short": "pinyin",
    "title": "title",
    "deal_core": "partial",
    "deal_part": "partial",
    "number": "number",
}
_NUMBER = re.compile(r"^(?P<prefix>[^\W\d]{1,6})[-_ #]?0*(?P<digits>\d{1,9})$")
_STRICT = frozenset({"initials", "first_initial", "acronym", "deal_part", "first", "last"})


def forms_of(entry: Entry, prefixes: AccountNames) -> Iterator[Form]:
    """Every form of `entry`; `prefixes` gives the names of an account, for deals whose name starts with them."""
    maker = _MAKERS.get(entry.kind) or (_person if entry.kind in PERSON_KINDS else _plain)
    seen: set[str] = set()
    for text, name in maker(entry, prefixes):
        tokens = words_of(text) if name in ("exact", "alias") or not text.isascii() else text.split()
        spaced = " ".join(tokens)
        if spaced and spaced not in seen:
            seen.add(spaced)
            yield Form(entry, form_score(name), HOW[name], spaced, name in _STRICT)


def ticket_digits(entry: Entry) -> Iterator[str]:
    """The digits of a ticket's number, by which it is also called ("ticket 1021", 1021号工单)."""
    for text in (entry.name, *entry.aliases):
        if found := _NUMBER.match(text.strip()):
            yield found["digits"]


def _person(entry: Entry, prefixes: AccountNames) -> Iterator[tuple[str, str]]:
    yield entry.name, "exact"
    yield from _aliases(entry)
    given, surname = split_person_name(entry.name)
    if has_cjk(entry.name):
        if len(given) >= 2:
            yield given, "given_cjk"
        return
    first, last = words_of(given), words_of(surname)
    if not first:
        return
    if last:
        whole = " ".join(last)
        yield f"{first[0]} {whole}", "exact"
        yield f"{whole} {' '.join(first)}", "reversed"
        yield f"{first[0]} {whole[0]}", "initials"
        yield f"{first[0][0]} {whole}", "first_initial"
        yield whole, "last"
    yield first[0], "first"
    if len(first) > 1:
        yield " ".join(first), "first"
        # A surname written first, as in "Ong Wei Jie": the given name is what follows it.
        yield " ".join([*first[1:], *last]), "first"


def _account(entry: Entry, prefixes: AccountNames) -> Iterator[tuple[str, str]]:
    yield from company_forms(entry.name)
    yield from _aliases(entry)
    for alias in entry.aliases:
        if has_cjk(alias) and "." not in alias:
            yield from ((form, how) for form, how in company_forms(alias) if how == "short_core")


def _deal(entry: Entry, prefixes: AccountNames) -> Iterator[tuple[str, str]]:
    yield entry.name, "exact"
    yield from _aliases(entry)
    core = deal_core(entry.name, prefixes(entry.account_id))
    yield from deal_parts(core)


def _ticket(entry: Entry, prefixes: AccountNames) -> Iterator[tuple[str, str]]:
    yield from _plain(entry, prefixes)
    for text in (entry.name, *entry.aliases):
        if found := _NUMBER.match(text.strip()):
            yield f"{found['prefix'].lower()} {found['digits']}", "number"


def _plain(entry: Entry, prefixes: AccountNames) -> Iterator[tuple[str, str]]:
    yield entry.name, "exact"
    yield from _aliases(entry)


def _aliases(entry: Entry) -> Iterator[tuple[str, str]]:
    return ((alias, "alias") for alias in entry.aliases if "@" not in alias)


_Maker = Callable[[Entry, AccountNames], Iterator[tuple[str, str]]]
_MAKERS: Mapping[str, _Maker] = {"account": _account, "deal": _deal, "ticket": _ticket}
