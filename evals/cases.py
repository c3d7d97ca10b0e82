"""Evaluation cases as typed, validated data, read from YAML suites. Grading lives in `evals.graders`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from core.errors import OperatorFixableError

Phrases = tuple[str, ...]
Number = int | float


class SuiteError(OperatorFixableError):
    """A suite cannot be read; the message names the file, the case and the key."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _phrase(value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError("YAML reads an unquoted yes, no, on, off as true or false: quote the phrase")
    return value.isoformat() if isinstance(value, date) else str(value)


def _groups(value: Any) -> Any:
    """A list whose items are one phrase or several alternatives, as a tuple of groups of alternatives."""
    if not isinstance(value, list | tuple):
        return value
    return tuple(
        tuple(_phrase(item) for item in group) if isinstance(group, list | tuple) else (_phrase(group),)
        for group in value
    )


def _texts(value: Any) -> Any:
    return tuple(_phrase(item) for item in value) if isinstance(value, list | tuple) else value


class HasPhrases(_Strict):
    """Free text that needs one phrase of every group."""

    has: tuple[Phrases, ...]

    _read = field_validator("has", mode="before")(_groups)


FieldValue = HasPhrases | datetime | date | bool | int | float | str | tuple[str, ...] | None


class ExpectedChange(_Strict):
    """One record that is new, gone, or changed in the listed fields."""

    kind: str
    new: bool = False
    deleted: bool = False
    text_has: tuple[Phrases, ...] = ()
    fields: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "kind" in value:
            return value
        if len(value) != 1:
            raise ValueError(f"a change is one `kind: {{field: value}}`, not {sorted(value)}")
        ((kind, listed),) = value.items()
        if not isinstance(listed, dict):
            raise ValueError(f"`{kind}` needs its fields as a mapping")
        named = {key: listed[key] for key in ("new", "deleted") if key in listed}
        fields = {key: _field_value(key, item) for key, item in listed.items() if key not in _NOT_FIELDS}
        return {"kind": kind, **named, "text_has": _groups(listed.get("text_has", [])), "fields": fields}

    @model_validator(mode="after")
    def _is_one_thing(self) -> "ExpectedChange":
        if self.new and self.deleted:
            raise ValueError("a record cannot be expected both new and deleted")
        if not self.fields and not self.text_has:
            raise ValueError(f"`{self.kind}` lists nothing that tells which record is meant")
        return self

    def __str__(self) -> str:
        listed = ", ".join(f"{name}={value}" for name, value in self.fields.items())
        return f"{self.kind} ({listed})" if listed else f"{self.kind} (text {self.text_has})"


_NOT_FIELDS = {"new", "deleted", "text_has"}


def _field_value(name: str, value: Any) -> FieldValue:
    if isinstance(value, dict):
        if set(value) != {"has"}:
            raise ValueError(f"`{name}` knows only the key `has`, not {sorted(value)}")
        return HasPhrases.model_validate(value)
    if isinstance(value, list):
        return tuple(_phrase(item) for item in value)
    return value  # type: ignore[no-any-return]


class AnswerExpectation(_Strict):
    """What the answer of a turn must and must not hold."""

    numbers: tuple[Number, ...] = ()
    records: tuple[str, ...] | None = None
    records_include: tuple[str, ...] = ()
    records_exclude: tuple[str, ...] = ()
    records_in_order: tuple[str, ...] | None = None
    says: tuple[Phrases, ...] = ()
    never_says: tuple[str, ...] = ()
    never_numbers: tuple[Number, ...] = ()

    _says = field_validator("says", mode="before")(_groups)
    _lists = field_validator(
        "records", "records_include", "records_exclude", "records_in_order", "never_says", mode="before"
    )(_texts)


class DraftExpectation(_Strict):
    """What a saved follow-up draft must be."""

    to: tuple[str, ...] | None = None
    language: str | None = None
    has: tuple[Phrases, ...] = ()
    never_has: tuple[str, ...] = ()
    max_words: int | None = None

    _has = field_validator("has", mode="before")(_groups)
    _lists = field_validator("to", "never_has", mode="before")(_texts)


class Expectation(_Strict):
    """What holds after a turn, or after the last one. None or empty = not asked for."""

    changes: tuple[ExpectedChange, ...] | None = None
    answer: AnswerExpectation | None = None
    asks: tuple[str, ...] | None = None
    refuses: bool = False
    unknown: bool = False
    draft: DraftExpectation | None = None

    _names = field_validator("asks", mode="before")(_texts)

    @property
    def changes_nothing(self) -> bool:
        """Whether the turn has to leave every record as it was."""
        return self.asks is not None or self.refuses or self.unknown


class CaseTurn(_Strict):
    """One message, the answer to requests for a yes, and the answer to a question."""

    say: str
    confirm: bool = True
    pick: str | None = None
    expect: Expectation | None = None


class Case(_Strict):
    """One conversation of one user against one world. `source` is the suite's file, for messages."""

    id: str
    world: str
    speaker: str = Field(alias="as")
    now: datetime | None = None
    tags: tuple[str, ...] = ()
    turns: tuple[CaseTurn, ...] = Field(min_length=1)
    expect: Expectation | None = None
    source: Path = Path()

    _tags = field_validator("tags", mode="before")(_texts)

    @property
    def final(self) -> Expectation:
        """What holds at the end: an unlisted `changes` is the list of the last turn that had one, else nothing."""
        expect = self.expect or Expectation()
        if expect.changes is not None:
            return expect
        listed = [turn.expect.changes for turn in self.turns if turn.expect and turn.expect.changes is not None]
        return expect.model_copy(update={"changes": listed[-1] if listed else ()})

    @property
    def language(self) -> str:
        """`en` or `zh`: its tag, else the script of its first message."""
        for tag in ("zh", "en"):
            if (tag in self.tags) and not {"zh", "en"} <= set(self.tags):
                return tag
        return "zh" if any("\u4e00" <= char <= "\u9fff" for char in self.turns[0].say) else "en"


def load_cases(paths: Iterable[Path]) -> list[Case]:
    """The cases of all suites, in order; a folder stands for its YAML files.

    Raises:
        SuiteError: a path without suites, unreadable YAML, an unknown key, a wrong value or an id used
            twice; names file, case and key.
    """
    cases = [case for path in _suite_files(paths) for case in _read_suite(path)]
    counts = Counter(case.id for case in cases)
    for case in cases:
        if counts[case.id] > 1:
            files = sorted({str(other.source) for other in cases if other.id == case.id})
            raise SuiteError(f"{', '.join(files)}: the case id {case.id!r} is used {counts[case.id]} times")
    return cases


def _suite_files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        found = sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")]) if path.is_dir() else [path]
        if not found or not found[0].exists():
            raise SuiteError(f"{path}: there is no suite (a YAML file) here")
        files += found
    return files


def _read_suite(path: Path) -> list[Case]:
    try:
        items = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path}: not readable as YAML: {error}") from error
    if not isinstance(items, list):
        raise SuiteError(f"{path}: a suite is a YAML list of cases")
    return [_read_case(path, place, item) for place, item in enumerate(items, start=1)]


def _read_case(path: Path, place: int, item: Any) -> Case:
    name = item.get("id") if isinstance(item, dict) else None
    label = f"case {name!r}" if name else f"item {place}"
    try:
        return Case.model_validate(item if not isinstance(item, dict) else {**item, "source": path})
    except ValidationError as error:
        raise SuiteError(f"{path}: {label}: {_problems(error.errors())}") from error


def _problems(errors: Sequence[Any]) -> str:
    lines = []
    for error in errors:
        key = ".".join(str(part) for part in error["loc"]) or "(case)"
        unknown = error["type"] == "extra_forbidden"
        lines.append(f"{key}: {'unknown key' if unknown else error['msg']}")
    return "; ".join(lines)
