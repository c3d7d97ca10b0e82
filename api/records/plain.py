"""Records as JSON: visible fields as plain values, and the names of what they point to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.clock import local_date
from crm_store.nouns import FieldSpec, FieldType
from crm_store.query import Attribute
from crm_store.record_names import names_of_many
from crm_store.unit_of_work import UnitOfWork
from crm_store.values import to_plain

Json = dict[str, Any]
Ids = tuple[str, ...]
Reader = tuple[str, Callable[[Any], Any]]


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
    readers = [_reader(spec, linked) for spec in specs]
    items = [_plain(uow, kind, readers, record) for record, _ in rows]
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


def _reader(spec: FieldSpec, linked: Mapping[str, Mapping[str, Ids]]) -> Reader:
    """What gives the plain value of a field for each record of a list: what is the same for all is looked up once."""
    name, column = spec.name, spec.column
    if spec.link is not None:
        ids = linked.get(name, {})
        return name, lambda record: sorted(ids.get(record.id, ()))
    if spec.custom:
        return name, lambda record: to_plain(spec, record.custom.get(name))
    return name, lambda record: to_plain(spec, getattr(record, column))


def _plain(uow: UnitOfWork, kind: str, readers: Sequence[Reader], record: Any) -> Json:
    return {
        "id": record.id,
        "kind": kind,
        "name": uow.name_of(kind, record),
        "version": record.version,
        "created_at": record.created_at.isoformat(),
        "updated_at": record.updated_at.isoformat(),
        "fields": {name: read(record) for name, read in readers},
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
    names = names_of_many(uow, wanted)
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
