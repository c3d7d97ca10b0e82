"""Files in and out over HTTP: a ZIP of CSV or XLSX files, like the folder of `dealhand import` and `export`."""

import io
import tempfile
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from api.answers import json_answer, object_answer
from api.callers import Mover, served
from api.errors import UnreadableBodyError
from crm_store.transfer import ImportReport, export_folder, import_folder

router = APIRouter(prefix="/v1", tags=["files"])

MOST_FILES = 100
MOST_UNPACKED = 500_000_000
_SUFFIXES = (".csv", ".xlsx", ".json")
_ZIP = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}


@router.get(
    "/export",
    summary="Export my records",
    responses={200: {"description": "A ZIP of CSV files that can be imported again.", "content": _ZIP}},
)
def export(request: Request, caller: Mover) -> Response:
    """Everything that the caller may see, as a ZIP of CSV files."""
    shared = served(request)
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        export_folder(shared.store, caller.principal, Path(folder))
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(folder).iterdir()):
                archive.write(path, path.name)
    headers = {"Content-Disposition": 'attachment; filename="dealhand.zip"', "Cache-Control": "no-store"}
    return Response(packed.getvalue(), media_type="application/zip", headers=headers)


@router.post("/import", summary="Import files", responses=object_answer("Counts, rejected rows, undo handle."))
def import_files(
    request: Request,
    caller: Mover,
    file: Annotated[UploadFile, File(description="One CSV or XLSX file, or a ZIP of them.")],
    create_fields: Annotated[bool, Form(description="Make fields of columns that none fits.")] = False,
) -> Response:
    """Takes files in on the caller's behalf: the same import twice changes nothing the second time."""
    shared = served(request)
    with tempfile.TemporaryDirectory() as folder:
        _unpack(file, Path(folder))
        report = import_folder(shared.store, caller.principal, Path(folder), create_fields=create_fields)
    return json_answer(_report(report))


def _unpack(file: UploadFile, folder: Path) -> None:
    name = Path(file.filename or "").name
    if name.lower().endswith(_SUFFIXES):
        (folder / name.replace("\x00", "")).write_bytes(file.file.read())
        return
    try:
        with zipfile.ZipFile(file.file) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > MOST_UNPACKED:
                raise UnreadableBodyError("The ZIP holds too much; import it in parts.")
            for entry in entries:
                # Only the last part of the name: nothing can be written outside the folder.
                target = Path(entry.filename.replace("\\", "/")).name
                if target.lower().endswith(_SUFFIXES):
                    (folder / target).write_bytes(archive.read(entry))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableBodyError(
            "Send a CSV or XLSX file, or a ZIP of them.", zh="请上传 CSV、XLSX 文件，或其 ZIP 压缩包。"
        ) from error


def _report(report: ImportReport) -> dict[str, Any]:
    return {
        "undo": report.effect_id,
        "files": [asdict(each) for each in report.files],
        "rejections": [asdict(each) for each in report.rejections[:500]],
        "rejected": report.rejected,
        "offered_fields": [asdict(each) for each in report.offered_fields],
        "unknown_files": report.unknown_files,
    }
