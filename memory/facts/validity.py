"""Which facts hold and since when: a newer one supersedes an older one, and nothing is deleted.

Facts are read from the interactions that the asker may see, each time anew (docs/decisions/0007-facts.md says why
they are not stored): so they follow every correction, every right and every erasure.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from crm_store.interactions import Interaction, InteractionContact
from crm_store.unit_of_work import UnitOfWork
from memory.facts.extract import Fact, facts_in
from memory.facts.wordings import wordings

MOST_INTERACTIONS = 3000
# A slot that a hidden field of deals would give away is hidden with it.
_GIVES_AWAY = {"budget": "amount", "competitor": "competitor"}

_I: Any = Interaction
_LINK: Any = InteractionContact


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as it was stated: in which interaction, from when on it holds, and until when where it does no more.

    `again` are later interactions that say the same; `superseded_by` is the one that says otherwise.
    """

    fact: Fact
    interaction_id: str
    since: datetime
    until: datetime | None = None
    superseded_by: str = ""
    again: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing later took its place."""
        return self.until is None


def slots() -> tuple[str, ...]:
    """The slots that facts are about."""
    return tuple(wordings().slots)


def slots_asked(words: str) -> tuple[str, ...]:
    """The slots that the words of a question ask for."""
    folded = words.lower()
    return tuple(slot for slot, pattern in wordings().asked.items() if pattern.search(folded))


def slot_label(slot: str, language: str, kind: str = "") -> str:
    """What a slot, or a topic of an objection, is called."""
    known = wordings()
    topic = known.topics.get(kind)
    label = topic.label if topic is not None else known.slots[slot]
    return str(label["zh" if language == "zh" else "en"])


def stated(
    uow: UnitOfWork,
    *,
    account_id: str = "",
    deal_id: str = "",
    contact_id: str = "",
    only: Collection[str] = (),
    as_of: datetime | None = None,
) -> list[Stated]:
    """What the visible interactions of an account, deal or contact say, oldest first, up to `as_of`.

    A deal's are its own interactions and those of its account that belong to no deal.
    """
    wanted = visible_slots(uow, only)
    where = _scope(uow, account_id, deal_id, contact_id)
    newest_first = select(_I.id, _I.occurred_at, _I.summary, _I.body, _I.subject).select_from(Interaction)
    newest_first = newest_first.where(*where, _I.occurred_at <= (as_of or uow.now))
    rows = uow.session.execute(newest_first.order_by(_I.occurred_at.desc(), _I.id).limit(MOST_INTERACTIONS)).all()
    found = [
        Stated(fact, row.id, row.occurred_at)
        for row in reversed(rows)
        for fact in facts_in(text_of(row))
        if fact.slot in wanted and (fact.slot != "objection" or visible_topics(uow, {fact.kind}))
    ]
    return with_validity(found)


def visible_slots(uow: UnitOfWork, only: Collection[str] = ()) -> frozenset[str]:
    """The slots that the asker may see."""
    fields = {spec.name for spec in uow.fields("deal")}
    return frozenset(
        slot for slot in only or slots() if _GIVES_AWAY.get(slot, "") in fields or slot not in _GIVES_AWAY
    )


def visible_topics(uow: UnitOfWork, topics: Collection[str]) -> frozenset[str]:
    """The topics of objections that the asker may see: a rival only where the deal's competitor is no secret."""
    hidden = {"competitor"} - visible_slots(uow, ("competitor",))
    return frozenset(topics) - hidden


def with_validity(facts: Iterable[Stated]) -> list[Stated]:
    """The facts with their ends, from facts in the order of their time; a pure function."""
    found: list[Stated] = []
    current: dict[tuple[str, str], int] = {}
    for each in facts:
        key = _key(each.fact)
        at = current.get(key)
        if at is not None and not each.fact.resolves and _same(found[at].fact, each.fact):
            if each.interaction_id not in (found[at].interaction_id, *found[at].again):
                found[at] = replace(found[at], again=(*found[at].again, each.interaction_id))
            continue
        if at is not None:
            found[at] = replace(found[at], until=each.since, superseded_by=each.interaction_id)
            del current[key]
        if not each.fact.resolves:
            current[key] = len(found)
            found.append(each)
    return found


def text_of(row: Any) -> str:
    """The words of an interaction that facts are read from: summary and body, else the subject."""
    said = "\n".join(filter(None, dict.fromkeys((row.summary, row.body))))
    return said or str(row.subject)


def _scope(uow: UnitOfWork, account_id: str, deal_id: str, contact_id: str) -> Sequence[Any]:
    where: list[Any] = []
    if deal_id:
        deal: Any = uow.find("deal", deal_id)
        at_account = and_(_I.account_id == deal.account_id, _I.deal_id.is_(None)) if deal is not None else None
        where.append(_I.deal_id == deal_id if at_account is None else or_(_I.deal_id == deal_id, at_account))
    elif account_id:
        where.append(_I.account_id == account_id)
    if contact_id:
        where.append(_I.id.in_(select(_LINK.interaction_id).where(_LINK.contact_id == contact_id)))
    return where


def _key(fact: Fact) -> tuple[str, str]:
    """What a fact is about: of some slots there is one value at a time, of others one for each topic or name."""
    if wordings().slots[fact.slot]["one"]:
        return fact.slot, ""
    return fact.slot, fact.kind if fact.slot == "objection" else fact.value.casefold()


def _same(one: Fact, other: Fact) -> bool:
    return one.slot == "objection" or one.value.casefold() == other.value.casefold()
