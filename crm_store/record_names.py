"""Names of records by their ids, of several kinds at once, within what the asker may see."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Executable, String, bindparam, cast, select, union_all

from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork

_AT_ONCE = 1000


def names_of_many(uow: UnitOfWork, ids_by_kind: Mapping[str, Iterable[str | None]]) -> dict[str, str]:
    """Names by id of the visible records of several kinds, in one query for each thousand of a kind."""
    wanted = {kind: sorted({each for each in ids if each}) for kind, ids in ids_by_kind.items()}
    found: dict[str, str] = {}
    while some := {kind: ids[:_AT_ONCE] for kind, ids in wanted.items() if ids}:
        rows = uow.session.execute(_names_statement(tuple(some)), some)
        found.update({record_id: str(name) for record_id, name in rows})
        wanted = {kind: wanted[kind][_AT_ONCE:] for kind in some}
    return found


@cache
def _names_statement(kinds: tuple[str, ...]) -> Executable:
    """Ids and names of records of these kinds; the ids of each kind are a parameter of its name."""
    parts = []
    for kind in kinds:
        model: Any = NOUNS[kind].model
        name = getattr(model, NOUNS[kind].field(NOUNS[kind].name_field).column)
        parts.append(select(model.id, cast(name, String)).where(model.id.in_(bindparam(kind, expanding=True))))
    return parts[0] if len(parts) == 1 else union_all(*parts)
