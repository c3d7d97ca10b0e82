"""Names around passages that a query may mean: of the account, the deal, our colleague, the contacts."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from crm_store.participants import contacts_named
from crm_store.unit_of_work import UnitOfWork
from language.names.vocabulary import known_names, known_words
from language.script import has_cjk
from memory.scope import PassageRow
from memory.scoring import Document, Sought
from memory.topics import document
from memory.words import fold, latin_words, passage_terms


def documents_of(
    uow: UnitOfWork, rows: Sequence[PassageRow], wanted: Sequence[Sought], query: str
) -> list[Document]:
    """The terms of each passage, with the wanted ones of names around it, as far as the asker sees them."""
    terms = frozenset(each.term for each in wanted)
    people: Mapping[str, Sequence[str]] = {}
    if may_name_someone(query):
        people = contacts_named(uow, [each.id for each in rows], lambda name: bool(_meant(name, terms)))
    meant: dict[str | None, tuple[str, ...]] = {None: ()}
    found = []
    for each in rows:
        around: tuple[str, ...] = ()
        for name in (each.account, each.deal, each.owner, *people.get(each.id, ())):
            if name not in meant:
                meant[name] = _meant(name or "", terms)
            around += meant[name]
        found.append(document(each.terms, around, terms))
    return found


def may_name_someone(query: str) -> bool:
    """Whether a query has Chinese in it, a word that is a name, or one that is none of English."""
    words = latin_words(fold(query))
    return has_cjk(query) or any(word in known_names() or word not in known_words() for word in words)


def _meant(name: str, terms: Collection[str]) -> tuple[str, ...]:
    return tuple(term for term in _terms_of(name) if term in terms)


@lru_cache(maxsize=50_000)
def _terms_of(name: str) -> tuple[str, ...]:
    return tuple(passage_terms(name))
