"""Names around passages that a query may mean: of the account, the deal, our colleague, the contacts."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from crm_store.participants import contacts_named
from crm_store.unit_of_work import UnitOfWork
from memory.scope import PassageRow
from memory.scoring import Document, Sought
from memory.topics import document
from memory.words import passage_terms


def documents_of(uow: UnitOfWork, rows: Sequence[PassageRow], wanted: Sequence[Sought]) -> list[Document]:
    """The terms of each passage, with the wanted ones of names around it, as far as the asker sees them."""
    terms = frozenset(each.term for each in wanted)
    people = contacts_named(uow, [each.id for each in rows], lambda name: bool(_meant(name, terms)))
    return [
        document(
            each.terms,
            [
                term
                for name in (each.account, each.deal, each.owner, *people.get(each.id, ()))
                if name
                for term in _meant(name, terms)
            ],
        )
        for each in rows
    ]


def _meant(name: str, terms: Collection[str]) -> tuple[str, ...]:
    return tuple(term for term in _terms_of(name) if term in terms)


@lru_cache(maxsize=50_000)
def _terms_of(name: str) -> tuple[str, ...]:
    return tuple(passage_terms(name))
