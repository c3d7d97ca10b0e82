"""What an import did: counts a file, rejected rows with their reasons, columns that could become fields."""

from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row, or one whole file (line 0), that was not taken in. `column` is as the file's header has it."""

    file: str
    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class OfferedField:
    """A column that no field of the kind fits; it can become a custom field of this name and type."""

    file: str
    kind: str
    column: str
    name: str
    type: str


@dataclass
class FileReport:
    """The counts of one file: `read` = `created` + `updated` + `unchanged` + `rejected`."""

    file: str
    kind: str
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass
class ImportReport:
    """What an import of a folder did. `effect_id` undoes all of it; it is empty when nothing was changed."""

    effect_id: str = ""
    files: list[FileReport] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    offered_fields: list[OfferedField] = field(default_factory=list)
    created_fields: list[OfferedField] = field(default_factory=list)
    unknown_files: list[str] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Rows read in all files."""
        return sum(each.read for each in self.files)

    @property
    def created(self) -> int:
        """Records created."""
        return sum(each.created for each in self.files)

    @property
    def updated(self) -> int:
        """Records of which a cell was different."""
        return sum(each.updated for each in self.files)

    @property
    def unchanged(self) -> int:
        """Rows that say what the store has already."""
        return sum(each.unchanged for each in self.files)

    @property
    def rejected(self) -> int:
        """Rows that were not taken in."""
        return sum(each.rejected for each in self.files)
