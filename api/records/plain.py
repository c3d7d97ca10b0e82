"""Records as JSON: visible fields as plain values, and the names of what they point to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.clock import local_date
from crm_store.nouns import FieldSpec, FieldType
from crm_store.query import Attribute, names_of
from crm_store.unit_of_work import UnitOfWork
from crm_store.values import to_plain

Json = dict[str, Any]


def records_as_json(
    uow: UnitOfWork,
    kind: str,
    rows: Sequence[tuple[Any, tuple[Any, ...]]],
    also: Sequence[Attribute] = (),
) -> tuple[list[Json], dict[str, str]]:
    """The records, and the names by id of those that they point to; ids of hidden records are null."""
    specs = uow.fields(kind)
    ids = [record.id for record, _ in rows]
    linked = {spec.name: uow.linked(spec, ids) for spec in specs if spec.link is not None} if ids else {}
    items = [_plain(uow, kind, specs, linked, record) for record, _ in rows]
    for item, (_, values) in zip(items, rows, strict=True):
        if also:
            item["also"] = {
                each.name: _derived(uow, each, value) for each, value in zip(also, values, strict=True)
            }
    return items, _name_references(uow, specs, items, also)


def record_as_json(uow: UnitOfWork, kind: str, record: Any) -> Json:
    """One record, with the names of what it points to under `names`."""
    items, names = records_as_json(uow, kind, [(record, ())])
    return {**items[0], "names": names}


def _plain(
    uow: UnitOfWork,
    kind: str,
    specs: Sequence[FieldSpec],
    linked: dict[str, dict[str, tuple[str, ...]]],
    record: Any,
) -> Json:
    fields = {}
    for spec in specs:
        value = linked[spec.name].get(record.id, ()) if spec.link is not None else uow.value(spec, record)
        fields[spec.name] = to_plain(spec, value)
    return {
        "id": record.id,
        "kind": kind,
        "name": uow.name_of(kind, record),
        "version": record.version,
        "created_at": record.created_at.isoformat(),
        "updated_at": record.updated_at.isoformat(),
        "fields": fields,
    }


def _derived(uow: UnitOfWork, attribute: Attribute, value: Any) -> Any:
    if attribute.age and value is not None:
        day = local_date(value, uow.principal.timezone) if isinstance(value, datetime) else value
        return (uow.today - day).days
    return to_plain(FieldSpec(attribute.name, attribute.type, attribute.label), value)


def _name_references(
    uow: UnitOfWork, specs: Sequence[FieldSpec], items: Sequence[Json], also: Sequence[Attribute]
) -> dict[str, str]:
    places = [(spec.name, "fields", spec.ref, spec.type) for spec in specs if spec.ref]
    places += [(each.name, "also", each.ref, FieldType.REF) for each in also if each.ref]
    wanted: dict[str, set[str]] = {}
    for name, place, kind, _ in places:
        for item in items:
            wanted.setdefault(kind, set()).update(_ids(item[place][name]))
    names = {
        record_id: name for kind, ids in wanted.items() for record_id, name in names_of(uow, kind, ids).items()
    }
    for name, place, _, sort in places:
        for item in items:
            held = item[place][name]
            if sort is FieldType.REFS:
                item[place][name] = [each for each in held or () if each in names]
            elif held not in names:
                item[place][name] = None
    return names


def _ids(held: Any) -> list[str]:
    if isinstance(held, list):
        return held
    return [held] if held else []
