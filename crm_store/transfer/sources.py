"""Reads CSV and XLSX files as rows of text with their line numbers; knows nothing of records."""

import codecs
import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from core.errors import PersonFixableError

SUFFIXES = (".csv", ".tsv", ".xlsx")
LONGEST_CELL = 10_000_000
_SAMPLE_BYTES = 64 * 1024
_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = (",", ";", "\t")


class UnreadableFileError(PersonFixableError):
    """A file is no table that can be read; the message says why, and at which line if there is one."""

    def __init__(self, message: str, *, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class SourceRow:
    """The cells of one row and the line on which it begins (the header is line 1)."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Source:
    """A table in a file: its header, and its rows as often as they are asked for."""

    path: Path
    header: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ","

    def rows(self) -> Iterator[SourceRow]:
        """The rows after the header; blank ones are left out.

        Raises:
            UnreadableFileError: the file breaks off inside a quoted cell, or is no table.
        """
        lines = _sheet_rows(self.path) if self.path.suffix.lower() == ".xlsx" else self._text_rows()
        next(lines, None)
        for row in lines:
            if any(cell.strip() for cell in row.cells):
                yield row

    def _text_rows(self) -> Iterator[SourceRow]:
        return _text_rows(self.path, self.encoding, self.delimiter)


def open_source(path: Path) -> Source:
    """The table in a CSV file (UTF-8, UTF-16 with a mark, or GB 18030) or the first sheet of an XLSX file.

    Raises:
        UnreadableFileError: empty, binary, in another encoding, without a header, broken, or not to be opened.
    """
    try:
        return _opened(path)
    except OSError as error:
        raise UnreadableFileError(f"{path.name} cannot be opened: {error.strerror}.") from error


def _opened(path: Path) -> Source:
    if path.suffix.lower() == ".xlsx":
        header = next(_sheet_rows(path), None)
        return Source(path, _checked_header(path, header))
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        first_line = file.readline()
    delimiter = max(_DELIMITERS, key=first_line.count)
    header = next(_text_rows(path, encoding, delimiter), None)
    return Source(path, _checked_header(path, header), encoding, delimiter)


def _checked_header(path: Path, row: SourceRow | None) -> tuple[str, ...]:
    if row is None or not any(cell.strip() for cell in row.cells):
        raise UnreadableFileError(f"{path.name} is empty: the first line has to name the columns.", line=1)
    header = tuple(cell.strip() for cell in row.cells)
    while header and not header[-1]:
        header = header[:-1]
    if any("\x00" in name for name in header):
        raise UnreadableFileError(f"{path.name} is not a text file. Save it as CSV (UTF-8) or XLSX.", line=1)
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    if doubled:
        raise UnreadableFileError(f"{path.name} names a column twice: {', '.join(doubled)}.", line=1)
    return header


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if _decodes(path, "utf-16"):
            return "utf-16"
        raise UnreadableFileError(f"{path.name} is broken UTF-16. Save it as CSV (UTF-8).")
    if sample.count(0) * 100 > len(sample) or sample.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFileError(f"{path.name} is not a text file. Save it as CSV (UTF-8) or XLSX.")
    for encoding in _ENCODINGS:
        if _decodes(path, encoding):
            return encoding
    raise UnreadableFileError(f"{path.name} is neither UTF-8 nor GB 18030. Save it as CSV (UTF-8).")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _text_rows(path: Path, encoding: str, delimiter: str) -> Iterator[SourceRow]:
    csv.field_size_limit(LONGEST_CELL)
    start = 1
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                yield SourceRow(start, cells)
                start = reader.line_num + 1
        except (csv.Error, UnicodeError) as error:
            raise UnreadableFileError(
                f"{path.name}, line {start}: the row cannot be read; "
                "a quotation mark is missing, or there is one too many.",
                line=start,
            ) from error


def _sheet_rows(path: Path) -> Iterator[SourceRow]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        try:
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield SourceRow(line, [_cell_text(cell) for cell in cells])
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, OSError) as error:
        raise UnreadableFileError(f"{path.name} is not a readable XLSX file.") from error


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
