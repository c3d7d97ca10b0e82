"""The store as a folder of CSV files, for the eyes of one principal; the inverse of `importing`.

Each file has the columns of the kind, with `dealhand_id` first: it tells the importer that texts are to be
taken as they are. References are names, or ids where a name would not be certain. A text that a spreadsheet
would run as a formula gets a `'` in front, which the importer takes off again.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import null, select

from core.errors import PersonFixableError
from crm_store.nouns import FieldSpec, FieldType, Noun
from crm_store.principals import Principal
from crm_store.schema import NOUNS
from crm_store.store import Store
from crm_store.transfer.cells import TEXT_TYPES, guard
from crm_store.transfer.company_file import COMPANY_FILE, RULE_FIELDS
from crm_store.transfer.headers import OWN_ID, is_reference
from crm_store.transfer.lookup import naming_column
from crm_store.unit_of_work import UnitOfWork
from crm_store.values import join_list, to_text

CHUNK_ROWS = 2000


class FolderNotEmptyError(PersonFixableError):
    """The export was to go into a folder that holds something already."""


class FolderNotWritableError(PersonFixableError):
    """The folder of the export cannot be made or written."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """How many rows each file got; kinds without a visible row have no file."""

    rows: Mapping[str, int] = field(default_factory=dict)


def export_folder(store: Store, principal: Principal, folder: Path) -> ExportReport:
    """Writes everything that the principal may see into a new or empty folder, as UTF-8 CSV files.

    Rows and fields that the principal may not see are left out, and so are the names of such records.

    Raises:
        FolderNotEmptyError: there is something in the folder.
        FolderNotWritableError: it cannot be made or written, or the disk is full; what it holds is incomplete.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FolderNotEmptyError(f"{folder} is not empty; choose a new folder for the export.")
        with store.unit_of_work(principal, writes=False) as uow:
            return write_folder(uow, folder)
    except OSError as error:
        raise FolderNotWritableError(f"{folder} cannot be written ({error.strerror}).") from error


def write_folder(uow: UnitOfWork, folder: Path) -> ExportReport:
    """Writes what the unit of work's principal sees in it into an empty folder that is there."""
    written: dict[str, int] = {}
    _write_company(uow, folder)
    names = _Names(uow)
    for noun in NOUNS.values():
        if noun.csv and (count := _write_file(uow, noun, names, folder / noun.csv)):
            written[noun.csv] = count
    return ExportReport(written)


class _Names:
    """The words by which a file names the records that the principal may see."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._words: dict[str, dict[str, str]] = {}
        self._owners: dict[str, dict[str, list[Any]]] = {}

    def word(self, kind: str, record_id: str | None, account_id: str | None) -> str:
        """A name if it is certain in a row of that account, else the id; nothing for a hidden record."""
        if kind not in self._words:
            self._read(kind)
        name = self._words[kind].get(record_id or "")
        if name is None or record_id is None:
            return ""
        holders = self._owners[kind][name]
        here = [holder for holder, account in holders if account_id and account == account_id]
        certain = here == [record_id] or (not here and len(holders) == 1)
        return name if certain and name.strip() == name and name else record_id

    def _read(self, kind: str) -> None:
        model: Any = NOUNS[kind].model
        account = model.account_id if hasattr(model, "account_id") else null()
        words, owners = self._words.setdefault(kind, {}), self._owners.setdefault(kind, {})
        for record_id, name, account_id in self._uow.session.execute(
            select(model.id, getattr(model, naming_column(kind)), account)
        ):
            words[record_id] = str(name)
            owners.setdefault(str(name), []).append((record_id, account_id))


def _write_company(uow: UnitOfWork, folder: Path) -> None:
    for company in uow.all("company"):
        content: dict[str, Any] = {"name": company.name, "base_currency": company.base_currency}
        if company.demo_day:
            content["today"] = company.demo_day.isoformat()
        content |= {name: own for name in RULE_FIELDS if (own := getattr(company, name))}
        (folder / COMPANY_FILE).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _write_file(uow: UnitOfWork, noun: Noun, names: _Names, path: Path) -> int:
    specs = uow.fields(noun.kind)
    rows = _rows(uow, noun, specs, names)
    first, count = next(rows, None), 1
    if first is None:
        return 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([OWN_ID, *(spec.header for spec in specs)])
        writer.writerow(first)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _rows(uow: UnitOfWork, noun: Noun, specs: Sequence[FieldSpec], names: _Names) -> Iterator[list[str]]:
    model: Any = noun.model
    stored = [spec for spec in specs if not spec.custom and spec.link is None]
    account = model.account_id if hasattr(model, "account_id") else null()
    columns = (model.id, account, model.custom, *(getattr(model, spec.column) for spec in stored))
    query = select(*columns).order_by(model.created_at, model.id)
    hidden = _hidden_fields(uow) if noun.kind == "field" else set()
    for chunk in uow.session.execute(query.execution_options(yield_per=CHUNK_ROWS)).partitions():
        linked = {s.name: uow.linked(s, [row[0] for row in chunk]) for s in specs if s.link is not None}
        for record_id, account_id, custom, *values in chunk:
            if record_id in hidden:
                continue
            by_name = {**custom, **{spec.name: value for spec, value in zip(stored, values, strict=True)}}
            by_name.update({name: found.get(record_id, ()) for name, found in linked.items()})
            yield [record_id, *(_cell(spec, by_name.get(spec.name), account_id, names) for spec in specs)]


def _cell(spec: FieldSpec, value: Any, account_id: str | None, names: _Names) -> str:
    if spec.type is FieldType.REFS:
        words = [names.word(spec.ref, each, account_id) for each in value]
        return guard(join_list([word for word in words if word]))
    if is_reference(spec):
        return guard(names.word(spec.ref, value, account_id))
    text = to_text(spec, value)
    return guard(text) if spec.type in (*TEXT_TYPES, FieldType.LIST) else text


def _hidden_fields(uow: UnitOfWork) -> set[str]:
    return {each.id for each in uow.all("field") if uow.principal.role.value in each.hidden_from}
