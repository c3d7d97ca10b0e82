"""Writes many records at once, journaled like single changes: one audit and one outbox entry a record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from core.ids import new_id
from crm_store.journal import AuditEntry, OutboxEntry
from crm_store.nouns import FieldSpec, Noun, Values
from crm_store.references import link_columns
from crm_store.unit_of_work import UnitOfWork
from crm_store.values import to_plain

_AUDIT: Any = AuditEntry.__table__  # type: ignore[attr-defined]
_OUTBOX: Any = OutboxEntry.__table__  # type: ignore[attr-defined]
_NOT_INSERTED = frozenset({"id", "created_at", "updated_at", "version", "custom"})


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to create: typed values by field name, from a line of a file (0 for none)."""

    id: str
    values: Values
    line: int = 0


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record to change: only the fields that differ; `row` is the stored row."""

    row: Mapping[str, Any]
    before: Mapping[str, Any]
    values: Values
    line: int = 0


class BulkWriter:
    """Creates and changes records of one kind inside a unit of work, a chunk at a time."""

    def __init__(self, uow: UnitOfWork, noun: Noun, specs: Sequence[FieldSpec]) -> None:
        self._uow, self._noun = uow, noun
        self._specs = {spec.name: spec for spec in specs}
        self._blank = _defaults(noun)

    def create(self, records: Sequence[NewRecord]) -> list[NewRecord]:
        """Inserts the records; gives back those that the principal may not create (they are not kept)."""
        if not records:
            return []
        session, table = self._uow.session, self._noun.table
        rows = {record.id: self._row(record) for record in records}
        session.execute(insert(table), list(rows.values()))
        allowed = self.writable(rows)
        refused = [record for record in records if record.id not in allowed]
        if refused:
            session.execute(delete(table).where(table.c.id.in_([record.id for record in refused])))
        kept = [record for record in records if record.id in allowed]
        self._insert_links(kept)
        self._journal([("created", rows[record.id], {}, self._plain(record.values)) for record in kept])
        return refused

    def change(self, records: Sequence[ChangedRecord]) -> None:
        """Updates the records; that the principal may change them has been asked before (`writable`)."""
        session, table = self._uow.session, self._noun.table
        entries: list[tuple[str, Mapping[str, Any], Values, Values]] = []
        for record in records:
            columns, links = self._columns(record.values, record.row["custom"])
            row = {**record.row, **columns, "version": record.row["version"] + 1, "updated_at": self._uow.now}
            session.execute(update(table).where(table.c.id == row["id"]).values(
                {**columns, "version": row["version"], "updated_at": row["updated_at"]}
            ))  # fmt: skip
            for spec, ids in links.items():
                here, _ = link_columns(spec)
                session.execute(delete(here.table).where(here == row["id"]))
                self._link(spec, [(row["id"], other) for other in ids])
            entries.append(("updated", row, dict(record.before), self._plain(record.values)))
        self._journal(entries)

    def writable(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that the principal may change."""
        wanted = list(ids)
        if self._uow.principal.sees_all and self._noun.kind != "snapshot":
            return set(wanted)
        table = self._noun.table
        rule = self._noun.write(self._uow.principal, table)
        return set(self._uow.session.scalars(select(table.c.id).where(table.c.id.in_(wanted), rule)))

    def stored(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The stored rows of the ids, with the ids that link fields point to under the field's name."""
        if not ids:
            return {}
        table = self._noun.table
        found = self._uow.session.execute(select(table).where(table.c.id.in_(ids))).mappings()
        rows: dict[str, dict[str, Any]] = {row["id"]: dict(row) for row in found}
        for spec in self._specs.values():
            if spec.link is not None:
                linked = self._uow.linked(spec, list(rows))
                for record_id, row in rows.items():
                    row[spec.name] = linked.get(record_id, ())
        return rows

    def plain_value(self, spec: FieldSpec, row: Mapping[str, Any]) -> Any:
        """One field of a stored row as plain value."""
        if spec.custom:
            return row["custom"].get(spec.name)
        return to_plain(spec, row[spec.name if spec.link is not None else spec.column])

    def _row(self, record: NewRecord) -> dict[str, Any]:
        columns, _ = self._columns(record.values, {})
        row = {**{name: value() for name, value in self._blank.items()}, "custom": {}, **columns}
        row.setdefault("created_at", self._uow.now)
        return {**row, "id": record.id, "updated_at": self._uow.now, "version": 1}

    def _columns(
        self, values: Values, custom: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[FieldSpec, tuple[str, ...]]]:
        columns: dict[str, Any] = {}
        links: dict[FieldSpec, tuple[str, ...]] = {}
        own: dict[str, Any] = {}
        for name, value in values.items():
            spec = self._specs[name]
            if spec.custom:
                own[name] = to_plain(spec, value)
            elif spec.link is not None:
                links[spec] = tuple(dict.fromkeys(value))
            else:
                columns[spec.column] = value
        if own:
            columns["custom"] = {**custom, **own}
        return columns, links

    def _plain(self, values: Values) -> Values:
        return {name: to_plain(self._specs[name], value) for name, value in values.items()}

    def _insert_links(self, records: Sequence[NewRecord]) -> None:
        for spec in self._specs.values():
            if spec.link is not None:
                pairs = [
                    (record.id, other)
                    for record in records
                    for other in dict.fromkeys(record.values.get(spec.name) or ())
                ]
                self._link(spec, pairs)

    def _link(self, spec: FieldSpec, pairs: Sequence[tuple[str, str]]) -> None:
        here, there = link_columns(spec)
        if pairs:
            self._uow.session.execute(
                insert(here.table), [{here.key: one, there.key: other} for one, other in pairs]
            )

    def _journal(self, entries: Sequence[tuple[str, Mapping[str, Any], Values, Values]]) -> None:
        if not entries:
            return
        uow, cause, at = self._uow, self._uow.cause, self._uow.clock.now()
        name = self._noun.field(self._noun.name_field).column
        common = {
            "effect_id": uow.effect_id, "at": at, "actor_id": uow.principal.user_id or None,
            "channel": cause.channel, "conversation_id": cause.conversation_id, "turn_id": cause.turn_id,
            "cause": cause.reason, "kind": self._noun.kind, "undoes": "", "undone_by": "",
        }  # fmt: skip
        audit = [
            {
                **common, "action": action, "record_id": row["id"], "record_name": str(row[name] or row["id"]),
                "before": before, "after": after, "version": row["version"],
            }
            for action, row, before, after in entries
        ]  # fmt: skip
        outbox = [_message(uow.effect_id, self._noun.kind, action, row, at) for action, row, _, _ in entries]
        uow.session.execute(insert(_AUDIT), audit)
        uow.session.execute(insert(_OUTBOX), outbox)


def fresh_id(noun: Noun) -> str:
    """An id for a new record of the kind."""
    return new_id(noun.kind)


def _message(effect_id: str, kind: str, action: str, row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "key": f"{effect_id}:{row['id']}:{row['version']}",
        "topic": f"{kind}.{action}",
        "payload": {"kind": kind, "id": row["id"], "version": row["version"]},
        "created_at": at,
        "status": "waiting",
        "attempts": 0,
    }


def _defaults(noun: Noun) -> dict[str, Any]:
    fields = noun.model.model_fields
    return {
        column.key: lambda made=fields[column.key]: made.get_default(call_default_factory=True)
        for column in noun.table.c
        if column.key not in _NOT_INSERTED and not fields[column.key].is_required()
    }
