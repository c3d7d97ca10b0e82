"""Searches interactions by the memory; the best come with people and the words to quote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from analytics.history import Said, with_people
from analytics.view import View
from crm_store.interactions import Interaction
from crm_store.query import day_start
from language.dates import Period
from memory.scope import Scope, conditions

if TYPE_CHECKING:
    from memory.opening import Memory

# What is much weaker than the best is no answer beside it.
BESIDE_BEST = 0.4

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


@dataclass(frozen=True, slots=True)
class Recalled:
    """The best hits, how many interactions were searched, and the query as it was read.

    `read_as` has its misspelt words and what they were taken for.
    """

    hits: list[Hit]
    searched: int
    query: str = ""
    read_as: Mapping[str, str] = field(default_factory=dict)


def recall(view: View, wanted: Recall, memory: "Memory | None" = None) -> Recalled:
    """What was said about something; without a query the latest of the scope. Newer ones come first among equals."""
    if not wanted.query.strip():
        newest = view.uow.session.scalars(_newest_first(view, wanted).limit(wanted.limit)).all()
        return Recalled([Hit(each, "", 0.0) for each in with_people(view, newest)], _count(view, wanted))
    from memory.search import search

    found = search(view.uow, memory, wanted.query, _scope(view, wanted), limit=wanted.limit)
    least = BESIDE_BEST * max((hit.score for hit in found.hits), default=0.0)
    quotes = {hit.interaction_id: hit for hit in found.hits if hit.score >= least}
    rows = view.uow.session.scalars(select(Interaction).where(_INTERACTION.id.in_(quotes))).all() if quotes else ()
    said = {each.record.id: each for each in with_people(view, rows)}
    hits = [
        Hit(said[id_], _whole(said[id_]) if each.by_subject else each.quote, each.score)
        for id_, each in quotes.items()
    ]
    return Recalled(hits, _count(view, wanted), found.query, found.read_as)


def _count(view: View, wanted: Recall) -> int:
    within = select(func.count()).select_from(Interaction).where(*_conditions(view, wanted))
    return view.uow.session.scalar(within) or 0


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


def _whole(said: Said) -> str:
    """The subject with the text, for what only the subject speaks of."""
    return " — ".join(filter(None, (said.record.subject, said.text)))


def _newest_first(view: View, wanted: Recall) -> Any:
    statement = select(Interaction).where(*_conditions(view, wanted))
    return statement.order_by(_INTERACTION.occurred_at.desc(), _INTERACTION.id)
