"""`dealhand import` and `dealhand export`: folders of files in and out."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from core.settings import load_settings
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from crm_store.transfer import ImportReport, export_folder, import_folder

import_app, export_app = typer.Typer(), typer.Typer()

Folder = Annotated[Path, typer.Argument(help="Folder of the files.")]
AsUser = Annotated[str, typer.Option("--as", metavar="EMAIL", help="Whose rights apply; everything if left out.")]
_SHOWN_REJECTIONS = 50


@import_app.command()
def import_files(
    folder: Folder,
    as_user: AsUser = "",
    create_fields: Annotated[bool, typer.Option(help="Make custom fields of unknown columns.")] = False,
) -> None:
    """Take in a folder of CSV or XLSX files. Importing the same files again changes nothing."""
    console = Console()
    store = open_store(load_settings().resolved_database_url)
    try:
        principal = find_principal(store, as_user) if as_user else SYSTEM
        with Progress(console=console, transient=True) as progress:
            bars: dict[str, object] = {}

            def advance(file: str, rows: int) -> None:
                if file not in bars:
                    bars[file] = progress.add_task(file, total=None)
                progress.update(bars[file], completed=rows)  # type: ignore[arg-type]

            report = import_folder(store, principal, folder, on_progress=advance, create_fields=create_fields)
    finally:
        store.close()
    _print_report(report, console)
    raise typer.Exit(1 if report.rejections or report.unknown_files else 0)


@export_app.command()
def export_files(folder: Folder, as_user: AsUser = "") -> None:
    """Write all records that someone may see as a folder of CSV files."""
    store = open_store(load_settings().resolved_database_url)
    try:
        report = export_folder(store, find_principal(store, as_user) if as_user else SYSTEM, folder)
    finally:
        store.close()
    console = Console()
    for file, rows in report.rows.items():
        console.print(f"{file}: {rows}")


def _print_report(report: ImportReport, console: Console) -> None:
    table = Table("file", "read", "created", "updated", "unchanged", "rejected")
    for file in report.files:
        counts = (file.read, file.created, file.updated, file.unchanged, file.rejected)
        table.add_row(file.file, *(f"{count:,}" for count in counts))
    console.print(table)
    for rejection in report.rejections[:_SHOWN_REJECTIONS]:
        where = f"{rejection.file}:{rejection.line}" if rejection.line else rejection.file
        console.print(f"{where} {rejection.column}: {rejection.reason}", markup=False)
    if len(report.rejections) > _SHOWN_REJECTIONS:
        console.print(f"… and {len(report.rejections) - _SHOWN_REJECTIONS:,} more")
    for name in report.unknown_files:
        console.print(f"{name}: no kind of record is known for this file; it was left aside.", markup=False)
    for offered in report.offered_fields:
        console.print(
            f"{offered.file}: the column “{offered.column}” could become the field {offered.name} "
            f"({offered.type}) of each {offered.kind}: import again with --create-fields",
            markup=False,
        )
    if report.effect_id:
        console.print(f"undo: {report.effect_id}")
