"""What the built-in model knows besides the message: the asker, the day, names, fields and their values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from language.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field that the asker may see: how people call it, its type, and its choices if it has some."""

    name: str
    type: str
    labels: tuple[str, ...]
    choices: tuple[str, ...] = ()
    custom: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """One asker at one moment.

    `fields` lists the visible fields by kind; `values` the texts that occur in fields whose values people
    name in questions (industry, segment, source, competitor, …), by (kind, field).
    """

    lexicon: Lexicon
    today: date
    asker_id: str
    asker_name: str
    role: str
    base_currency: str = "USD"
    fiscal_first_month: int = 1
    fields: Mapping[str, tuple[FieldInfo, ...]] = field(default_factory=dict)
    values: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
