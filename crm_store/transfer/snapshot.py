"""All records as texts, the way files hold them: for comparing the store before and after something."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from crm_store.custom_fields import CustomField
from crm_store.nouns import FieldSpec, FieldType, Noun
from crm_store.references import link_columns
from crm_store.schema import NOUNS
from crm_store.store import open_engine
from crm_store.transfer.lookup import naming_column
from crm_store.values import to_text

Cell = str | list[str] | None
Rows = dict[str, dict[str, Cell]]
_AS_IT_IS = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.CHOICE)


def snapshot_rows(store_url: str) -> Mapping[str, Mapping[str, Mapping[str, Cell]]]:
    """Every record of every kind, unfiltered: kind -> record id -> column -> text.

    References are given as names (users as e-mail addresses, products as SKUs), several as a list sorted by
    name; times are ISO 8601 in UTC; a value that is missing is None. The store is only read.
    """
    engine = open_engine(store_url)
    try:
        with engine.connect() as connection:
            return snapshot_of(connection)
    finally:
        engine.dispose()


def snapshot_of(connection: Connection) -> dict[str, Rows]:
    """The same over an open connection."""
    custom = _custom_specs(connection)
    names: dict[str, dict[str, str]] = {}
    stored: dict[str, Sequence[Any]] = {}
    for noun in NOUNS.values():
        rows = stored[noun.kind] = connection.execute(select(noun.table)).all()
        names[noun.kind] = _names(noun, rows)
    return {noun.kind: _texts(connection, noun, custom.get(noun.kind, []), stored[noun.kind], names)
            for noun in NOUNS.values()}  # fmt: skip


def _custom_specs(connection: Connection) -> dict[str, list[FieldSpec]]:
    found: dict[str, list[FieldSpec]] = {}
    table = NOUNS["field"].table
    for row in connection.execute(select(table).order_by(table.c.created_at, table.c.name)).mappings():
        found.setdefault(row["kind"], []).append(CustomField(**row).spec())
    return found


def _names(noun: Noun, rows: Sequence[Any]) -> dict[str, str]:
    position = list(noun.table.c.keys()).index(naming_column(noun.kind))
    first = list(noun.table.c.keys()).index("id")
    return {row[first]: str(row[position]) for row in rows}


def _texts(
    connection: Connection,
    noun: Noun,
    custom: Sequence[FieldSpec],
    rows: Sequence[Any],
    names: Mapping[str, Mapping[str, str]],
) -> Rows:
    at = {name: index for index, name in enumerate(noun.table.c.keys())}
    plain = [(spec.header, at[spec.column], _writer(spec, names)) for spec in noun.fields if spec.link is None]
    found: Rows = {}
    for row in rows:
        cells: dict[str, Cell] = {header: write(row[index]) for header, index, write in plain}
        own = row[at["custom"]]
        for spec in custom:
            value = own.get(spec.name)
            cells[spec.header] = None if value in (None, "", []) else to_text(spec, value)
        found[row[at["id"]]] = cells
    for spec in noun.fields:
        if spec.link is not None:
            _add_links(connection, spec, names[spec.ref], found)
    return found


def _writer(spec: FieldSpec, names: Mapping[str, Mapping[str, str]]) -> Callable[[Any], Cell]:
    if spec.type is FieldType.REF:
        known = names[spec.ref]
        return lambda value: None if value is None else known.get(value, value)
    if spec.type in _AS_IT_IS:
        return lambda value: value
    return lambda value: None if value is None else to_text(spec, value)


def _add_links(connection: Connection, spec: FieldSpec, names: Mapping[str, str], found: Rows) -> None:
    here, there = link_columns(spec)
    linked: dict[str, list[str]] = {}
    for record_id, other_id in connection.execute(select(here, there)):
        linked.setdefault(record_id, []).append(names.get(other_id, other_id))
    for record_id, cells in found.items():
        cells[spec.header] = sorted(linked.get(record_id, ()))
