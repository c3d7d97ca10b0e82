"""`dealhand import` and `dealhand export`: folders of files in and out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from cli.exit_codes import INCOMPLETE
from cli.terminal import literal, open_console, visible
from core.settings import load_settings
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from crm_store.transfer import ImportReport, export_folder, import_folder

import_app, export_app = typer.Typer(add_completion=False), typer.Typer(add_completion=False)

Folder = Annotated[Path, typer.Argument(help="Folder of the files.")]
AsUser = Annotated[str, typer.Option("--as", metavar="EMAIL", help="Whose rights apply; everything if left out.")]
_SHOWN_REJECTIONS = 50


@import_app.command()
def import_files(
    folder: Folder,
    as_user: AsUser = "",
    create_fields: Annotated[bool, typer.Option(help="Make custom fields of unknown columns.")] = False,
) -> None:
    """Take in a folder of CSV or XLSX files. Importing the same files again changes nothing.

    Exit code 1 when rows or files were left aside; the output names file, line, column and reason.
    """
    console = open_console()
    store = open_store(load_settings().resolved_database_url)
    try:
        principal = find_principal(store, as_user) if as_user else SYSTEM
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            bars: dict[str, object] = {}

            def advance(file: str, rows: int) -> None:
                if file not in bars:
                    bars[file] = progress.add_task(escape(visible(file)), total=None)
                progress.update(bars[file], completed=rows)  # type: ignore[arg-type]

            report = import_folder(store, principal, folder, on_progress=advance, create_fields=create_fields)
    finally:
        store.close()
    _print_report(report, console)
    raise typer.Exit(INCOMPLETE if report.rejections or report.unknown_files or not report.files else 0)


@export_app.command()
def export_files(folder: Folder, as_user: AsUser = "") -> None:
    """Write all records that someone may see as a folder of CSV files."""
    store = open_store(load_settings().resolved_database_url)
    try:
        report = export_folder(store, find_principal(store, as_user) if as_user else SYSTEM, folder)
    finally:
        store.close()
    for file, rows in report.rows.items():
        typer.echo(f"{file}: {rows:,}")


def _print_report(report: ImportReport, console: Console) -> None:
    if report.files:
        console.print(_counts(report))
    for line in _remarks(report):
        console.print(literal(line), soft_wrap=True)


def _counts(report: ImportReport) -> Table:
    table = Table("file")
    for name in ("read", "created", "updated", "unchanged", "rejected"):
        table.add_column(name, justify="right")
    for file in report.files:
        counts = (file.read, file.created, file.updated, file.unchanged, file.rejected)
        table.add_row(literal(file.file), *(f"{count:,}" for count in counts))
    return table


def _remarks(report: ImportReport) -> Iterator[str]:
    for rejection in report.rejections[:_SHOWN_REJECTIONS]:
        where = ":".join(filter(None, (rejection.file, str(rejection.line or ""), rejection.column)))
        yield f"{where}: {rejection.reason}"
    if len(report.rejections) > _SHOWN_REJECTIONS:
        yield f"… and {len(report.rejections) - _SHOWN_REJECTIONS:,} more"
    for name in report.unknown_files:
        yield f"{name}: no kind of record is known for this file; it was left aside."
    for offered in report.offered_fields:
        yield (
            f"{offered.file}: the column “{offered.column}” could become the field {offered.name} "
            f"({offered.type}) of each {offered.kind}: import again with --create-fields"
        )
    if not report.files:
        yield "There was no file to take in: CSV or XLSX files named after their records, such as accounts.csv."
    if report.effect_id:
        yield f"undo: {report.effect_id}"
