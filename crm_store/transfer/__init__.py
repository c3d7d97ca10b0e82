"""Files in and out: a folder of CSV or XLSX files becomes records, records become such a folder again.

`importing` reads, `exporting` writes, `snapshot` gives all rows as texts. Single changes are the unit of work's.
"""

from crm_store.transfer.exporting import ExportReport, FolderNotEmptyError, export_folder
from crm_store.transfer.importing import import_folder
from crm_store.transfer.report import FileReport, ImportReport, OfferedField, Rejection
from crm_store.transfer.snapshot import snapshot_rows
from crm_store.transfer.world import import_world

__all__ = [
    "ExportReport",
    "FileReport",
    "FolderNotEmptyError",
    "ImportReport",
    "OfferedField",
    "Rejection",
    "export_folder",
    "import_folder",
    "import_world",
    "snapshot_rows",
]
