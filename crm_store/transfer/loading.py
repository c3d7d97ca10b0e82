"""One file into the store in one unit of work: rows become values, find their records, are written in chunks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.errors import InvalidArgumentError
from crm_store.nouns import FieldSpec, FieldType, Noun, Values
from crm_store.schema import NOUNS
from crm_store.transfer.cells import Reading, read_cell, unguard
from crm_store.transfer.defaults import filler
from crm_store.transfer.folding import fold
from crm_store.transfer.headers import Columns, full_name, is_reference
from crm_store.transfer.lookup import References
from crm_store.transfer.matching import Matcher
from crm_store.transfer.report import FileReport, Progress, Rejection
from crm_store.transfer.sources import SourceRow
from crm_store.transfer.writing import BulkWriter, ChangedRecord, NewRecord, fresh_id
from crm_store.unit_of_work import UnitOfWork
from crm_store.values import split_list, to_plain

CHUNK_ROWS = 2000
_NOT_PERMITTED = "You may not write this record."
# References first that help to tell others of the same name apart.
_FIRST = ("account", "deal")


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    values: Values
    file_id: str


class RejectedRowError(Exception):
    """A row that cannot be taken in; never leaves this module."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class FileLoader:
    """Takes the rows of one file into the store and counts what became of them."""

    def __init__(
        self, uow: UnitOfWork, columns: Columns, references: References, counts: FileReport, reading: Reading
    ) -> None:
        self._uow, self._columns, self._references = uow, columns, references
        self._noun, self._reading = columns.noun, reading
        self._specs = {spec.name: spec for spec in uow.fields(columns.noun.kind)}
        self._writer = BulkWriter(uow, columns.noun, list(self._specs.values()))
        self._matcher = Matcher(uow.session, columns.noun)
        self._fill = filler(uow, columns.noun.kind)
        self._seen: dict[bytes, int] = {}
        self._used_ids: set[str] = set()
        self.counts = counts
        self.rejections: list[Rejection] = []
        self.records: dict[int, str] = {}

    def load(self, rows: Iterable[SourceRow], progress: Progress) -> None:
        """Reads all rows, a chunk at a time; rejected ones are counted and the others go on."""
        for chunk in self._chunks(rows):
            self._load_chunk(chunk)
            self.counts.read += len(chunk)
            progress(self.counts.file, self.counts.read)

    def _chunks(self, rows: Iterable[SourceRow]) -> Iterator[Sequence[SourceRow]]:
        if any(spec.ref == self._noun.kind for spec in self._noun.fields):
            yield from _generations(list(rows), self._columns)
            return
        iterator = iter(rows)
        while chunk := list(islice(iterator, CHUNK_ROWS)):
            yield chunk

    def _load_chunk(self, chunk: Sequence[SourceRow]) -> None:
        new: list[NewRecord] = []
        known: list[tuple[str, _Row]] = []
        for source in chunk:
            try:
                row = self._read(source)
                match = self._matcher.claim(row.values, row.file_id if self._reading.exact else "")
                if match is None:
                    new.append(self._new(row))
                else:
                    known.append((match, row))
                self.records[row.line] = record_id = match or new[-1].id
                if row.file_id:
                    self._references.foreign.setdefault(self._noun.kind, {})[row.file_id] = record_id
            except RejectedRowError as error:
                self._reject(source.line, error.column, error.reason)
        self._create(new)
        self._change(known)
        if any(spec.ref == self._noun.kind for spec in self._noun.fields):
            self._references.forget(self._noun.kind)

    def _read(self, source: SourceRow) -> _Row:
        cells = source.cells
        expected = len(self._columns.header)
        if len(cells) < expected or any(cell.strip() for cell in cells[expected:]):
            raise RejectedRowError("", f"The row has {len(cells)} cells, but the header names {expected} columns.")
        values = self._plain_values(cells)
        self._read_references(cells, values)
        if self._columns.name_parts:
            given, family = self._columns.name_parts
            values["name"] = full_name(cells[given], cells[family])
        file_id = "" if self._columns.file_id is None else cells[self._columns.file_id].strip()
        self._require_once(source.line, values, file_id)
        return _Row(source.line, values, file_id)

    def _plain_values(self, cells: Sequence[str]) -> Values:
        values: Values = {}
        for name, (spec, index) in self._columns.fields.items():
            if is_reference(spec) or not (cells[index].strip() or self._reading.exact):
                continue
            try:
                values[name] = read_cell(self._noun, spec, cells[index], self._reading)
            except InvalidArgumentError as error:
                raise RejectedRowError(self._columns.header[index], error.message) from error
        return values

    def _read_references(self, cells: Sequence[str], values: Values) -> None:
        columns = {**self._columns.foreign, **self._columns.fields}
        named = [(spec, index) for spec, index in columns.values() if is_reference(spec)]
        for spec, index in sorted(named, key=lambda each: _rank(each[0])):
            if not (cells[index].strip() or self._reading.exact):
                continue
            try:
                words = unguard(cells[index].strip()) if self._reading.exact else cells[index].strip()
                values[spec.name] = self._resolve(spec, words, values)
            except InvalidArgumentError as error:
                raise RejectedRowError(self._columns.header[index], error.message) from error
        if self._noun.kind == "tag" and values.get("record_id"):
            values["record_id"] = self._tagged(values)

    def _resolve(self, spec: FieldSpec, cell: str, values: Values) -> Any:
        account = values.get("account")
        resolve = self._references.resolve
        if spec.type is FieldType.REFS:
            return tuple(resolve(self._uow.session, spec.ref, name, account) for name in split_list(cell))
        return resolve(self._uow.session, spec.ref, cell, account) if cell else None

    def _tagged(self, values: Values) -> str:
        kind = values.get("record_kind", "")
        if kind not in NOUNS:
            raise RejectedRowError("record_kind", f"There is no kind of record called “{kind}”.")
        try:
            return self._references.resolve(self._uow.session, kind, values["record_id"])
        except InvalidArgumentError as error:
            raise RejectedRowError("record_id", error.message) from error

    def _require_once(self, line: int, values: Values, file_id: str) -> None:
        key = self._matcher.once_key(values, file_id if self._reading.exact else "")
        if key is None:
            return
        if key in self._seen:
            raise RejectedRowError("", f"It is the same {self._noun.label.en} as line {self._seen[key]}.")
        self._seen[key] = line

    def _new(self, row: _Row) -> NewRecord:
        given = {name: value for name, value in row.values.items() if value is not None}
        values = self._fill({n: value for n, value in given.items() if value != "" or not self._specs[n].custom})
        for spec in self._noun.fields:
            if spec.required and values.get(spec.name) in (None, ""):
                raise RejectedRowError(
                    self._columns.header_of(spec.name), f"A new {self._noun.label.en} needs its {spec.label.en}."
                )
        own = row.file_id if self._keeps_ids() and row.file_id.startswith(f"{self._noun.kind}_") else ""
        record_id = own if own and own not in self._used_ids else fresh_id(self._noun)
        self._used_ids.add(record_id)
        return NewRecord(record_id, values, row.line)

    def _keeps_ids(self) -> bool:
        return self._reading.exact and self._uow.principal.sees_all

    def _create(self, records: Sequence[NewRecord]) -> None:
        refused = self._writer.create(records)
        for record in refused:
            del self.records[record.line]
            self._reject(record.line, "", _NOT_PERMITTED)
        self.counts.created += len(records) - len(refused)

    def _change(self, known: Sequence[tuple[str, _Row]]) -> None:
        stored = self._writer.stored([record_id for record_id, _ in known])
        changed = [
            record for record_id, row in known if (record := self._difference(stored[record_id], row)) is not None
        ]
        writable = self._writer.writable([record.row["id"] for record in changed])
        permitted = [record for record in changed if record.row["id"] in writable]
        for record in changed:
            if record.row["id"] not in writable:
                self._reject(record.line, "", _NOT_PERMITTED)
        self._writer.change(permitted)
        self.counts.updated += len(permitted)
        self.counts.unchanged += len(known) - len(changed)

    def _difference(self, stored: Mapping[str, Any], row: _Row) -> ChangedRecord | None:
        before: Values = {}
        values: Values = {}
        for name, value in row.values.items():
            spec = self._specs[name]
            old = self._writer.plain_value(spec, stored)
            if old != to_plain(spec, value) and not (_is_blank(old) and _is_blank(value)):
                before[name], values[name] = old, value
        return ChangedRecord(stored, before, values, row.line) if values else None

    def _reject(self, line: int, column: str, reason: str) -> None:
        self.counts.rejected += 1
        self.rejections.append(Rejection(self.counts.file, line, column, reason))


def _rank(spec: FieldSpec) -> int:
    return _FIRST.index(spec.name) if spec.name in _FIRST else len(_FIRST)


def _is_blank(value: Any) -> bool:
    return value is None or value in ("", [], ())


def _generations(rows: Sequence[SourceRow], columns: Columns) -> Iterator[Sequence[SourceRow]]:
    """Rows whose superiors are in the same file come after them; those in a circle come last."""
    own = [columns.fields[name][1] for name in _own_names(columns.noun) if name in columns.fields]
    above = [i for spec, i in columns.fields.values() if spec.ref == columns.noun.kind]
    waiting = list(rows)
    while waiting:
        names = {fold(row.cells[i]) for row in waiting for i in own if i < len(row.cells)}
        ready = [row for row in waiting if not any(_cell(row, i) in names - _names(row, own) for i in above)]
        yield ready or waiting
        waiting = [row for row in waiting if row not in ready] if ready else []


def _own_names(noun: Noun) -> tuple[str, ...]:
    return ("email", "name") if noun.kind == "user" else (noun.name_field,)


def _names(row: SourceRow, indexes: Sequence[int]) -> set[str]:
    return {_cell(row, i) for i in indexes}


def _cell(row: SourceRow, index: int) -> str:
    return fold(row.cells[index]) if index < len(row.cells) else ""
