"""The first look at a file, before anything is written: is it whole, how does it write days, what is new in it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.errors import InvalidArgumentError
from crm_store.nouns import FieldSpec, FieldType, Label, Noun
from crm_store.transfer.cells import Reading, read_cell
from crm_store.transfer.folding import fold_header
from crm_store.transfer.headers import Columns
from crm_store.transfer.report import OfferedField
from crm_store.transfer.sources import Source

LONG_TEXT_CHARS = 200
_GUESSES = (FieldType.BOOLEAN, FieldType.INTEGER, FieldType.AMOUNT, FieldType.DATE)
_ZERO_ONE = frozenset({"0", "1"})


@dataclass
class Survey:
    """What the whole file tells: rows, the order of day and month, types of unknown columns, new teams."""

    rows: int = 0
    day_first: bool | None = None
    offered: list[OfferedField] = field(default_factory=list)
    named: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class _Guess:
    noun: Noun
    possible: list[FieldType] = field(default_factory=lambda: list(_GUESSES))
    seen: bool = False
    longest: int = 0

    def look(self, cell: str) -> None:
        if not cell.strip():
            return
        self.seen, self.longest = True, max(self.longest, len(cell))
        self.possible = [type_ for type_ in self.possible if _fits(self.noun, type_, cell.strip())]

    @property
    def type(self) -> FieldType:
        if self.seen and self.possible:
            return self.possible[0]
        return FieldType.LONG_TEXT if self.longest > LONG_TEXT_CHARS else FieldType.TEXT


def survey(source: Source, columns: Columns) -> Survey:
    """Reads the file once from beginning to end.

    Raises:
        UnreadableFileError: it breaks off or cannot be read.
    """
    found = Survey()
    guesses = {name: _Guess(columns.noun) for name in columns.unknown}
    dates = [i for spec, i in columns.fields.values() if spec.type in (FieldType.DATE, FieldType.DATETIME)]
    teams = [i for spec, i in columns.fields.values() if spec.ref == "team"]
    votes: set[bool] = set()
    for row in source.rows():
        found.rows += 1
        if len(row.cells) < len(columns.header):
            continue
        for name, guess in guesses.items():
            guess.look(row.cells[columns.unknown[name]])
        votes.update(vote for i in dates for vote in _order(row.cells[i]))
        for i in teams:
            found.named.setdefault("team", set()).add(row.cells[i].strip())
    found.day_first = votes.pop() if len(votes) == 1 else None
    found.offered = [
        OfferedField(source.path.name, columns.noun.kind, name, fold_header(name), guess.type.value)
        for name, guess in guesses.items()
        if fold_header(name)
    ]
    return found


def _fits(noun: Noun, type_: FieldType, cell: str) -> bool:
    if type_ in (FieldType.INTEGER, FieldType.AMOUNT) and _is_code(cell):
        return False
    if type_ is FieldType.BOOLEAN and cell in _ZERO_ONE:
        return False
    spec = FieldSpec("guess", type_, Label("guess", "guess"), custom=True)
    try:
        read_cell(noun, spec, cell, Reading(exact=type_ is not FieldType.DATE, day_first=True))
    except InvalidArgumentError:
        return False
    return type_ is not FieldType.DATE or ":" not in cell


def _is_code(cell: str) -> bool:
    digits = cell.lstrip("-")
    return len(digits) > 15 or (len(digits) > 1 and digits[0] == "0" and digits[1] != ".") or "_" in cell


def _order(cell: str) -> Iterable[bool]:
    parts = cell.replace("-", "/").replace(".", "/").split("/", 2)
    if len(parts) == 3 and all(part.strip().isdigit() for part in parts[:2]) and len(parts[0].strip()) < 3:
        if int(parts[0]) > 12:
            yield True
        elif int(parts[1]) > 12:
            yield False
