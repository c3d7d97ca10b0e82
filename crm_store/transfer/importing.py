"""A folder of files into the store: which file is what, in which order, one transaction a file.

Importing the same folder again changes nothing: rows find their records by natural keys (`matching`). An
empty cell says nothing about a record, except in files that Dealhand itself wrote (`exporting`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import delete, select
from sqlmodel import col

from core.errors import PersonFixableError
from core.ids import new_id
from crm_store.company import Company
from crm_store.deal_states import freeze_deals
from crm_store.journal import Counter
from crm_store.nouns import Noun
from crm_store.principals import SYSTEM, Principal
from crm_store.schema import NOUNS
from crm_store.store import Store
from crm_store.transfer.cells import Reading
from crm_store.transfer.company_file import COMPANY_FILE, import_company_file, import_quotas, upsert
from crm_store.transfer.headers import Columns, bind, find_kind
from crm_store.transfer.loading import FileLoader
from crm_store.transfer.lookup import References
from crm_store.transfer.report import FileReport, ImportReport, Progress, Rejection
from crm_store.transfer.sources import SUFFIXES, Source, UnreadableFileError, open_source
from crm_store.transfer.stage_history import complete_stage_history
from crm_store.transfer.survey import Survey, survey
from crm_store.unit_of_work import Cause, UnitOfWork


class NoFolderError(PersonFixableError):
    """There is no folder to import from."""


@dataclass
class _Import:
    """One run: what all files share."""

    store: Store
    principal: Principal
    progress: Progress
    create_fields: bool
    effect_id: str = field(default_factory=lambda: new_id("eff"))
    references: References = field(default_factory=References)
    report: ImportReport = field(default_factory=ImportReport)
    deals: set[str] = field(default_factory=set)


def import_folder(
    store: Store,
    principal: Principal,
    folder: Path,
    *,
    on_progress: Progress | None = None,
    create_fields: bool = False,
) -> ImportReport:
    """Takes the CSV and XLSX files of a folder into the store, on behalf of the principal.

    Each file is looked through first and then written in one transaction; a file that cannot be read as a
    whole is reported and left out, a row that does not fit is reported and the others go on. Unknown
    columns are offered as custom fields, and created with an inferred type when `create_fields` is set.
    `on_progress(file, rows)` is called after each chunk. The report's `effect_id` undoes the import.

    Raises:
        NoFolderError: it is not there, no folder, or may not be read.
    """
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise NoFolderError(f"{folder} is no folder that can be read ({error.strerror}).") from error
    run = _Import(store, principal, on_progress or _silent, create_fields)
    with _unit_of_work(run) as uow:
        import_company_file(uow, folder, run.report)
        uow.commit()
    for path, kind in _files_in_order(paths, run.report):
        _import_file(run, path, NOUNS[kind])
    with _unit_of_work(run) as uow:
        complete_stage_history(uow, run.deals)
        uow.commit()
    _freeze_the_past(run)
    if run.report.created or run.report.updated:
        run.report.effect_id = run.effect_id
    return run.report


def _files_in_order(paths: list[Path], report: ImportReport) -> list[tuple[Path, str]]:
    order = list(NOUNS)
    found: list[tuple[Path, str]] = []
    for path in paths:
        kind = find_kind(path) if path.suffix.lower() in SUFFIXES else None
        if kind is not None:
            found.append((path, kind))
        elif path.is_file() and path.name != COMPANY_FILE and not path.name.startswith("."):
            report.unknown_files.append(path.name)
    return sorted(found, key=lambda each: order.index(each[1]))


def _import_file(run: _Import, path: Path, noun: Noun) -> None:
    counts = FileReport(path.name, noun.kind)
    run.report.files.append(counts)
    try:
        source = open_source(path)
        with _unit_of_work(run) as uow:
            columns = _bind(uow, noun, source)
            seen = survey(source, columns)
            _offer_fields(run, uow, columns, seen)
            if columns.unknown and run.create_fields:
                columns = _bind(uow, noun, source)
            _create_teams(run, uow, seen)
            loader = FileLoader(uow, columns, run.references, counts, Reading(columns.exact, seen.day_first))
            loader.load(source.rows(), run.progress)
            _forget_next_number(uow, noun.kind)
            import_quotas(uow, source, columns, loader.records)
            uow.commit()
    except UnreadableFileError as error:
        run.report.rejections.append(Rejection(path.name, error.line, "", error.message))
        return
    run.report.rejections.extend(loader.rejections)
    run.references.forget(noun.kind)
    if noun.kind == "deal":
        run.deals.update(loader.records.values())


def _freeze_the_past(run: _Import) -> None:
    """Back-fills what the deals were on every day until now, from their stage history and the audit."""
    if not run.report.created and not run.report.updated:
        return
    with run.store.unit_of_work(SYSTEM, Cause(channel="import", reason="import")) as uow:
        company = uow.session.scalars(select(Company)).first()
        freeze_deals(uow, (company.demo_day if company else None) or uow.today)
        uow.commit()


def _forget_next_number(uow: UnitOfWork, kind: str) -> None:
    """Has the next number of a numbered kind counted anew, as the file may have brought higher ones."""
    uow.session.execute(delete(Counter).where(col(Counter.name) == kind))


@contextmanager
def _unit_of_work(run: _Import) -> Iterator[UnitOfWork]:
    with run.store.unit_of_work(run.principal, Cause(channel="import", reason="import")) as uow:
        uow.effect_id = run.effect_id
        yield uow


def _bind(uow: UnitOfWork, noun: Noun, source: Source) -> Columns:
    own = [each.spec() for each in uow.all("field") if each.kind == noun.kind]
    columns = bind(noun, (*noun.fields, *own), source.header)
    visible = {spec.name for spec in uow.fields(noun.kind)}
    columns.fields = {name: bound for name, bound in columns.fields.items() if name in visible}
    return columns


def _offer_fields(run: _Import, uow: UnitOfWork, columns: Columns, seen: Survey) -> None:
    if not run.create_fields:
        run.report.offered_fields.extend(seen.offered)
        return
    for offer in seen.offered:
        upsert(uow, "field", {"kind": offer.kind, "name": offer.name, "label_en": offer.column,
                              "label_zh": offer.column, "type": offer.type})  # fmt: skip
        run.report.created_fields.append(offer)
    uow.session.info.pop("custom_fields", None)


def _create_teams(run: _Import, uow: UnitOfWork, seen: Survey) -> None:
    for name in sorted(seen.named.get("team", set()) - {""}):
        upsert(uow, "team", {"name": name})
    run.references.forget("team")


def _silent(file: str, rows: int) -> None:
    return None
