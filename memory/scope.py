"""Where a search looks: the scope as SQL conditions, and the passages in it that the asker may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select

from crm_store.accounts import Account
from crm_store.deals import Deal
from crm_store.interactions import Interaction, InteractionContact
from crm_store.unit_of_work import UnitOfWork
from crm_store.users import User
from memory.tables import passages, vectors

_I: Any = Interaction
_A: Any = Account
_D: Any = Deal
_U: Any = User
_LINK: Any = InteractionContact


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look; empty means everything that the asker may read."""

    account_id: str = ""
    deal_id: str = ""
    contact_id: str = ""
    user_id: str = ""
    type: str = ""
    direction: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(slots=True)
class PassageRow:
    """A passage with its interaction and the names around it that the asker may see.

    `seq` is its number in the index, or below 0 where it is read from its interaction; `vectors` are those of its
    sentences, empty where they are not known.
    """

    id: str
    occurred_at: datetime
    account: str | None
    deal: str | None
    owner: str | None
    seq: int
    text: str
    terms: str
    vectors: bytes


_COLUMNS = (
    _I.id, _I.occurred_at, _A.name.label("account"), _D.name.label("deal"), _U.name.label("owner"),
)  # fmt: skip


def conditions(scope: Scope) -> list[Any]:
    """The scope as SQL conditions on interactions."""
    equal = (
        (_I.account_id, scope.account_id),
        (_I.deal_id, scope.deal_id),
        (_I.owner_id, scope.user_id),
        (_I.type, scope.type),
        (_I.direction, scope.direction),
    )
    where: list[Any] = [column == value for column, value in equal if value]
    if scope.contact_id:
        where.append(_I.id.in_(select(_LINK.interaction_id).where(_LINK.contact_id == scope.contact_id)))
    if scope.since is not None:
        where.append(_I.occurred_at >= scope.since)
    if scope.before is not None:
        where.append(_I.occurred_at < scope.before)
    return where


def interaction_rows(where: Iterable[Any]) -> Select[Any]:
    """A SELECT of interactions with the names around them; the session adds the asker's rights to each part."""
    return _named(select(*_COLUMNS).select_from(Interaction)).where(*where)


def over(statement: Select[Any], where: Iterable[Any]) -> Select[Any]:
    """A SELECT from interactions, to which the session adds the asker's rights, joined with their passages."""
    joined = statement.select_from(Interaction).join(passages, passages.c.interaction_id == _I.id)
    return joined.where(*where)


def passage_rows(where: Iterable[Any], *more: Any) -> Select[Any]:
    """A SELECT for `read_rows`, with `more` columns at the end."""
    return _all_passage_rows().add_columns(*more).where(*where)


@cache
def _all_passage_rows() -> Select[Any]:
    """Built once: it is part of every search."""
    own = (passages.c.seq, passages.c.text, passages.c.terms, vectors.c.vectors)
    return _named(over(select(*_COLUMNS, *own), ()).join(vectors, vectors.c.seq == passages.c.seq))


def read_rows(rows: Iterable[Any]) -> list[PassageRow]:
    """What a SELECT of `passage_rows` gave."""
    return [PassageRow(*each[:9]) for each in rows]


def has_more_than(uow: UnitOfWork, where: Sequence[Any], number: int) -> bool:
    """Whether more passages than that lie in the scope; counting them all takes half a second where they are many."""
    one_more = over(select(passages.c.seq), where).limit(1).offset(number)
    return uow.session.execute(one_more).first() is not None


def count_passages(uow: UnitOfWork, scope: Scope) -> int:
    """How many passages lie in the scope."""
    return uow.session.scalar(over(select(func.count()), conditions(scope))) or 0


def _named(statement: Select[Any]) -> Select[Any]:
    joined = statement.outerjoin(Account, _A.id == _I.account_id).outerjoin(Deal, _D.id == _I.deal_id)
    return joined.outerjoin(User, _U.id == _I.owner_id)
