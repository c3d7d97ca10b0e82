"""All attributes of a kind that the asker may use: visible fields, custom fields and derived ones."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from analytics.attributes import deals, others
from analytics.attributes.shared import Derived
from analytics.wording import load_table
from crm_store.nouns import FieldType, Label
from crm_store.query import Attribute, attribute_of, readable
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork, UnknownFieldError

_DERIVED: Mapping[str, Callable[[UnitOfWork], Iterable[Derived]]] = {
    "account": others.of_accounts,
    "contact": others.of_contacts,
    "deal": deals.derived,
    "lead": others.of_leads,
    "task": others.of_tasks,
    "ticket": others.of_tickets,
    "interaction": others.of_interactions,
    "quota": others.of_quotas,
}


def attributes(uow: UnitOfWork, kind: str) -> dict[str, Attribute]:
    """The attributes of a kind by name; hidden fields, and what is derived from them, are absent."""
    cache: dict[str, dict[str, Attribute]] = uow.session.info.setdefault("attributes", {})
    if kind not in cache:
        cache[kind] = _read(uow, kind)
    return cache[kind]


def attribute(uow: UnitOfWork, kind: str, name: str) -> Attribute:
    """The attribute of that name or synonym.

    Raises:
        UnknownFieldError: there is none, or it is hidden from the asker.
    """
    known = attributes(uow, kind)
    key = name.strip().casefold().replace(" ", "_").replace("-", "_")
    if key in known:
        return known[key]
    synonym = _named(uow, kind, name)
    if synonym is not None:
        return synonym
    near = ", ".join(get_close_matches(key, known, n=3)) or ", ".join(sorted(known))
    raise UnknownFieldError(f"A {kind} has no field “{name}”; there are: {near}.", argument=name)


def _read(uow: UnitOfWork, kind: str) -> dict[str, Attribute]:
    found = {spec.name: attribute_of(kind, spec) for spec in uow.fields(kind)}
    if "created_at" not in found:
        model: Any = NOUNS[kind].model
        found["created_at"] = Attribute(
            "created_at", FieldType.DATETIME, Label("created", "创建时间"), model.created_at
        )
    visible = set(found)
    for each in _DERIVED[kind](uow) if kind in _DERIVED else ():
        needed = set(each.needs) <= visible
        if needed and (not each.attribute.ref or readable(uow, each.attribute.ref)):
            own = found.setdefault(each.attribute.name, each.attribute)
            if own is not each.attribute and each.attribute.own_clause is not None:
                found[own.name] = replace(own, own_clause=each.attribute.own_clause)
    return found


def _named(uow: UnitOfWork, kind: str, name: str) -> Attribute | None:
    """An attribute by its label in either language, or by a synonym of fields.yaml."""
    known = attributes(uow, kind)
    folded = name.strip().casefold().replace("_", " ")
    for each in known.values():
        if folded in (each.label.en.casefold(), each.label.zh):
            return each
    for target, words in load_table("fields").items():
        if folded in words and target in known:
            return known[target]
    return None
