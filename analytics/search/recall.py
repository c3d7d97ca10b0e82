"""Searches interactions by the memory's index, else by words; the best come with people and the words to quote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from analytics.history import Said, with_people
from analytics.search.lexical import LexicalRetriever, Passage, passage_of
from analytics.view import View
from crm_store.interactions import Interaction
from crm_store.query import day_start, names_of
from language.dates import Period
from memory.scope import Scope, conditions

if TYPE_CHECKING:
    from memory.opening import Memory

# Without an index, only the newest of the scope are searched.
MOST_CANDIDATES = 3000
# What is much weaker than the best is no answer beside it.
BESIDE_BEST = 0.55

_INTERACTION: Any = Interaction


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


def recall(view: View, wanted: Recall, memory: "Memory | None" = None) -> tuple[list[Hit], int]:
    """The best hits, and how many interactions were searched.

    Without a query the latest of the scope. Newer ones come first among equals.
    """
    if wanted.query.strip() and memory is not None:
        return _by_index(view, wanted, memory)
    candidates = view.uow.session.scalars(_newest_first(view, wanted).limit(MOST_CANDIDATES)).all()
    if not wanted.query.strip():
        found = with_people(view, candidates[: wanted.limit])
        return [Hit(each, "", 0.0) for each in found], len(candidates)
    people = {each.record.id: each for each in with_people(view, candidates)}
    scores = LexicalRetriever().score(wanted.query, _passages(view, people))
    newest = {each.id: place for place, each in enumerate(candidates)}
    best = sorted(scores, key=lambda key: (-round(scores[key], 3), newest[key]))[: wanted.limit]
    return [Hit(people[key], _quote(wanted.query, people[key]), scores[key]) for key in best], len(candidates)


def _by_index(view: View, wanted: Recall, memory: "Memory") -> tuple[list[Hit], int]:
    from memory.search import search

    found = search(view.uow, memory, wanted.query, _scope(view, wanted), limit=wanted.limit)
    least = BESIDE_BEST * max((hit.score for hit in found.hits), default=0.0)
    scores = {hit.interaction_id: hit.score for hit in found.hits if hit.score >= least}
    rows = view.uow.session.scalars(select(Interaction).where(_INTERACTION.id.in_(scores))).all() if scores else ()
    people = {each.record.id: each for each in with_people(view, rows)}
    hits = [Hit(people[id_], _quote(wanted.query, people[id_]), score) for id_, score in scores.items()]
    within = select(func.count()).select_from(Interaction).where(*_conditions(view, wanted))
    return hits, view.uow.session.scalar(within) or 0


def _conditions(view: View, wanted: Recall) -> Sequence[Any]:
    return conditions(_scope(view, wanted))


def _scope(view: View, wanted: Recall) -> Scope:
    period = wanted.period
    return Scope(
        wanted.account_id,
        wanted.deal_id,
        wanted.contact_id,
        wanted.user_id,
        wanted.type,
        wanted.direction,
        day_start(view.uow, period.start) if period is not None else None,
        day_start(view.uow, period.end + timedelta(days=1)) if period is not None else None,
    )


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


def _newest_first(view: View, wanted: Recall) -> Any:
    statement = select(Interaction).where(*_conditions(view, wanted))
    return statement.order_by(_INTERACTION.occurred_at.desc(), _INTERACTION.id)


def _people(said: Said) -> str:
    return " ".join((*(ref.name for ref in said.contacts), said.by))


def _where(said: Said, accounts: Mapping[str, str], deals: Mapping[str, str]) -> str:
    record = said.record
    return " ".join((accounts.get(record.account_id or "", ""), deals.get(record.deal_id or "", "")))
