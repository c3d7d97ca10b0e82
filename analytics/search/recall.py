"""Searches interactions: scope and permissions in SQL, then retrievers, then the best passages with people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from analytics.history import Said, with_people
from analytics.search.lexical import LexicalRetriever, passage_of
from analytics.search.retriever import Passage, Retriever, fuse
from analytics.view import View
from crm_store.interactions import Interaction, InteractionContact
from crm_store.query import in_period, names_of
from language.dates import Period

MOST_CANDIDATES = 3000

_INTERACTION: Any = Interaction
_LINK: Any = InteractionContact


@dataclass(frozen=True, slots=True)
class Recall:
    """What is looked for, and where."""

    query: str = ""
    account_id: str = ""
    deal_id: str = ""
    contact_id: str = ""
    user_id: str = ""
    period: Period | None = None
    type: str = ""
    direction: str = ""
    limit: int = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """An interaction that was found, with the passage that answers best."""

    said: Said
    passage: str
    score: float


def recall(
    view: View, wanted: Recall, retrievers: Sequence[tuple[float, Retriever]] = ((1.0, LexicalRetriever()),)
) -> tuple[list[Hit], int]:
    """The best hits, and how many interactions lie in the scope.

    Without a query the latest of the scope. Newer ones come first among equals.
    """
    candidates = _candidates(view, wanted)
    if not wanted.query.strip():
        found = with_people(view, candidates[: wanted.limit])
        return [Hit(each, "", 0.0) for each in found], len(candidates)
    people = {each.record.id: each for each in with_people(view, candidates)}
    fused = fuse(
        [(weight, retriever.score(wanted.query, _passages(view, people))) for weight, retriever in retrievers]
    )
    newest = {each.id: place for place, each in enumerate(candidates)}
    best = sorted(fused, key=lambda key: (-round(fused[key], 3), newest[key]))[: wanted.limit]
    return [Hit(people[key], _quote(wanted.query, people[key]), fused[key]) for key in best], len(candidates)


def _passages(view: View, people: Mapping[str, Said]) -> list[Passage]:
    records = [said.record for said in people.values()]
    accounts = names_of(view.uow, "account", (each.account_id for each in records))
    deals = names_of(view.uow, "deal", (each.deal_id for each in records))
    return [
        Passage(
            said.record.id,
            said.text,
            " ".join((said.record.subject, _people(said), _where(said, accounts, deals))),
        )
        for said in people.values()
    ]


def _quote(query: str, said: Said) -> str:
    """The sentence that answers best; where only the subject does, the subject with the text."""
    best = passage_of(query, said.text)
    if best != said.text or not said.record.subject:
        return best
    return f"{said.record.subject} — {said.text}" if said.text else said.record.subject


def _candidates(view: View, wanted: Recall) -> Sequence[Interaction]:
    where: list[Any] = []
    for column, value in (
        (_INTERACTION.account_id, wanted.account_id),
        (_INTERACTION.deal_id, wanted.deal_id),
        (_INTERACTION.owner_id, wanted.user_id),
        (_INTERACTION.type, wanted.type),
        (_INTERACTION.direction, wanted.direction),
    ):
        if value:
            where.append(column == value)
    if wanted.contact_id:
        where.append(
            _INTERACTION.id.in_(select(_LINK.interaction_id).where(_LINK.contact_id == wanted.contact_id))
        )
    if wanted.period is not None:
        where.append(in_period(view.uow, _INTERACTION.occurred_at, wanted.period, moment=True))
    statement = select(Interaction).where(*where)
    return view.uow.session.scalars(
        statement.order_by(_INTERACTION.occurred_at.desc(), _INTERACTION.id).limit(MOST_CANDIDATES)
    ).all()


def _people(said: Said) -> str:
    return " ".join((*(ref.name for ref in said.contacts), said.by))


def _where(said: Said, accounts: Mapping[str, str], deals: Mapping[str, str]) -> str:
    record = said.record
    return " ".join((accounts.get(record.account_id or "", ""), deals.get(record.deal_id or "", "")))
