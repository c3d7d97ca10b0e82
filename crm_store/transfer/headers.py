"""Which kind of record a file holds and which field a column is; the words are in data/headers.yaml."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from crm_store.nouns import FieldSpec, FieldType, Noun
from crm_store.schema import NOUNS
from crm_store.transfer.folding import fold, fold_header

OWN_ID = "dealhand_id"
QUOTA_COLUMN = "quarterly_quota"


@dataclass
class Columns:
    """Where the fields of a kind are in the rows of a file.

    `exact` marks a file that Dealhand wrote. `foreign` holds reference fields given by another system's
    numbers; `name_parts` the columns of given and family name; `unknown` the columns no field fits.
    """

    noun: Noun
    header: tuple[str, ...]
    fields: dict[str, tuple[FieldSpec, int]] = field(default_factory=dict)
    foreign: dict[str, tuple[FieldSpec, int]] = field(default_factory=dict)
    file_id: int | None = None
    quota: int | None = None
    name_parts: tuple[int, int] | None = None
    unknown: dict[str, int] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """Whether Dealhand wrote the file."""
        return OWN_ID in self.header

    def header_of(self, field_name: str) -> str:
        """The file's own name of the column that holds a field."""
        for columns in (self.fields, self.foreign):
            if field_name in columns:
                return self.header[columns[field_name][1]]
        return NOUNS[self.noun.kind].field(field_name).header if field_name in self.noun_fields else field_name

    @property
    def noun_fields(self) -> frozenset[str]:
        """Names of the kind's built-in fields."""
        return frozenset(spec.name for spec in self.noun.fields)


def find_kind(path: Path) -> str | None:
    """The kind of record that a file's name speaks of, or None."""
    stem = fold_header(path.stem)
    for noun in NOUNS.values():
        if noun.csv and stem == fold_header(Path(noun.csv).stem):
            return noun.kind
    padded = f"_{stem}_"
    hits = [
        (len(word), kind)
        for kind, words in _data()["files"].items()
        for word in map(fold_header, words)
        if f"_{word}_" in padded or (not word.isascii() and word in stem)
    ]
    return max(hits)[1] if hits else None


def bind(noun: Noun, specs: Sequence[FieldSpec], header: tuple[str, ...]) -> Columns:
    """Finds the column of each field; every column is used at most once."""
    columns = Columns(noun, header)
    free = {fold_header(name): index for index, name in enumerate(header) if name}
    if OWN_ID in free:
        columns.file_id = free.pop(OWN_ID)
    if noun.kind == "user" and QUOTA_COLUMN in free:
        columns.quota = free.pop(QUOTA_COLUMN)
    for tier in _tiers(noun):
        for spec in specs:
            found = next((word for word in tier(spec) if word in free), None)
            if found is not None and spec.name not in columns.fields:
                columns.fields[spec.name] = (spec, free.pop(found))
    _bind_foreign(columns, free)
    columns.unknown = {header[index]: index for index in sorted(free.values())}
    return columns


def _tiers(noun: Noun) -> Iterator[Any]:
    aliases: Mapping[str, Sequence[str]] = _data()["columns"].get(noun.kind, {})
    yield lambda spec: (fold_header(spec.header), fold_header(spec.name))
    yield lambda spec: (fold_header(spec.label.en), fold_header(spec.label.zh))
    yield lambda spec: [fold_header(word) for word in aliases.get(spec.name, ())]


def _bind_foreign(columns: Columns, free: dict[str, int]) -> None:
    kind = columns.noun.kind
    if columns.file_id is None:
        found = next((word for word in map(fold_header, _data()["file_id"]) if word in free), None)
        columns.file_id = None if found is None else free.pop(found)
    for name, words in _data()["references"].get(kind, {}).items():
        found = next((word for word in map(fold_header, words) if word in free), None)
        if found is not None:
            columns.foreign[name] = (columns.noun.field(name), free.pop(found))
    for given, family in _data()["names"].get(kind, ()):
        pair = (fold_header(given), fold_header(family))
        if "name" not in columns.fields and all(word in free for word in pair):
            columns.name_parts = (free.pop(pair[0]), free.pop(pair[1]))


def full_name(given: str, family: str) -> str:
    """One name of two parts: family first and unspaced where both are Chinese."""
    parts = [part.strip() for part in (given, family) if part.strip()]
    if len(parts) == 2 and all(_is_han(part) for part in parts):
        return parts[1] + parts[0]
    return " ".join(parts)


def stage_names(name: str) -> list[str]:
    """Common names, in the other language, of a stage that is called `name`; or none."""
    folded = fold(name)
    for names in _stages():
        if folded in map(fold, names):
            return [other for other in names if other.isascii() != name.isascii()]
    return []


def is_reference(spec: FieldSpec) -> bool:
    """Whether the field points to other records."""
    return spec.type in (FieldType.REF, FieldType.REFS)


def _is_han(text: str) -> bool:
    return all("\u4e00" <= letter <= "\u9fff" for letter in text)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(_read("data/headers.yaml"))
    return data


@cache
def _stages() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(name) for name in names) for names in yaml.safe_load(_read("data/stages.yaml")))


def _read(name: str) -> str:
    return files("crm_store.transfer").joinpath(name).read_text(encoding="utf-8")
