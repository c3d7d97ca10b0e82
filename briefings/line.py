"""What a briefing is made of: lines that cite their records, grouped in sections."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from analytics.view import View
from core.parts import RecordRef
from core.registry import Registry
from core.settings import Settings
from crm_store.principals import Role

BriefingKind = Literal["rep", "manager", "manager_weekly"]
KINDS: tuple[BriefingKind, ...] = ("rep", "manager", "manager_weekly")


@dataclass(frozen=True, slots=True)
class Line:
    """One line with the records it is about. `say` is a message that fixes it in one tap, where one does."""

    text: str
    records: tuple[RecordRef, ...] = ()
    say: str = ""
    indented: bool = False


@dataclass(frozen=True, slots=True)
class Briefing:
    """A composed briefing. The same records, person and moment give the same briefing."""

    kind: BriefingKind
    title: str
    lines: tuple[Line, ...]
    as_of: datetime
    language: str
    is_empty: bool = False

    def text(self, *, with_ids: bool = True) -> str:
        """The briefing as plain text; each line ends with the ids of its records."""
        rows = [] if self.is_empty else [self.title]
        for line in self.lines:
            ids = f" [{', '.join(ref.id for ref in line.records)}]" if with_ids and line.records else ""
            bullet = "" if self.is_empty else ("    " if line.indented else "• ")
            rows.append(f"{bullet}{line.text}{ids}")
        return "\n".join(rows)


@dataclass
class Desk:
    """What sections work with: the person's view, the kind of briefing, thresholds."""

    view: View
    kind: BriefingKind
    settings: Settings

    @property
    def language(self) -> str:
        """The language of the briefing."""
        return self.view.language

    @property
    def me(self) -> str:
        """The person's id."""
        return self.view.uow.principal.user_id

    @property
    def people(self) -> frozenset[str] | None:
        """Whose records a manager's briefing is about: the team tree's; None: everyone's."""
        principal = self.view.uow.principal
        return None if principal.sees_all else principal.command

    def say(self, key: str, **values: Any) -> str:
        """A sentence of the briefing's language with its blanks filled."""
        return say(self.language, key, **values)


Compose = Callable[[Desk], list[Line]]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a briefing, at its place, for some kinds. Its first line is kept when room is short."""

    name: str
    place: int
    kinds: tuple[BriefingKind, ...]
    compose: Compose


SECTIONS: Registry[Section] = Registry("briefing section", "briefings.sections")


def section(name: str, place: int, *kinds: BriefingKind) -> Callable[[Compose], Compose]:
    """Makes a function a section of briefings of these kinds."""

    def declare(function: Compose) -> Compose:
        SECTIONS.add(name, Section(name, place, kinds, function))
        return function

    return declare


def kind_for(role: Role) -> BriefingKind:
    """The briefing that fits a role."""
    return "manager" if role in (Role.MANAGER, Role.ADMIN, Role.SYSTEM) else "rep"


@cache
def load_texts() -> dict[str, Any]:
    """The content of `briefings/data/texts.yaml`, read once."""
    return dict(yaml.safe_load((files("briefings") / "data" / "texts.yaml").read_text(encoding="utf-8")))


def say(language: str, key: str, **values: Any) -> str:
    """The sentence of that key with its blanks filled."""
    sentence: str = load_texts()[key]["zh" if language == "zh" else "en"]
    return sentence.format(**values)
