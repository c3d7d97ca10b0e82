"""Contacts who took part in interactions, as far as the asker sees them."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from crm_store.interactions import InteractionContact
from crm_store.query import names_of
from crm_store.unit_of_work import UnitOfWork

_links: Any = InteractionContact.__table__  # type: ignore[attr-defined]


def contacts_in(uow: UnitOfWork, interaction_ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Ids and names of the visible contacts who took part in each of some interactions, by name.

    Links and names are read apart: joined, SQLite goes through all contacts that the asker may see, which takes ten
    times as long.
    """
    ids = list(dict.fromkeys(interaction_ids))
    links: list[tuple[str, str]] = []
    for start in range(0, len(ids), 1000):
        query = select(_links.c.interaction_id, _links.c.contact_id)
        query = query.where(_links.c.interaction_id.in_(ids[start : start + 1000]))
        links.extend(tuple(each) for each in uow.session.connection().execute(query).all())
    names = names_of(uow, "contact", (contact_id for _, contact_id in links))
    found: dict[str, list[tuple[str, str]]] = {}
    for interaction_id, contact_id in sorted(links, key=lambda link: names.get(link[1], "")):
        if contact_id in names:
            found.setdefault(interaction_id, []).append((contact_id, names[contact_id]))
    return found


def contacts_named(
    uow: UnitOfWork, interaction_ids: Sequence[str], is_meant: Callable[[str], bool]
) -> dict[str, list[str]]:
    """By interaction the names of the visible contacts who took part and whose name is meant."""
    ids = list(dict.fromkeys(interaction_ids))
    slices = [ids[start : start + 1000] for start in range(0, len(ids), 1000)]
    connection, within = uow.session.connection(), _links.c.interaction_id.in_
    took_part: set[str] = set()
    for some in slices:
        took_part.update(connection.execute(select(_links.c.contact_id).where(within(some)).distinct()).scalars())
    names = {key: name for key, name in names_of(uow, "contact", took_part).items() if is_meant(name)}
    found: dict[str, list[str]] = {}
    for some in slices if names else ():
        query = select(_links.c.interaction_id, _links.c.contact_id).where(
            within(some), _links.c.contact_id.in_(list(names))
        )
        for interaction_id, contact_id in connection.execute(query):
            found.setdefault(interaction_id, []).append(names[contact_id])
    return found
