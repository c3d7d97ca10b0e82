"""The grader's knowledge about kinds and columns, read once from `evals/data/change_rules.yaml`."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).parent.parent / "data" / "change_rules.yaml"
Follows = dict[str, dict[str, list[str]]]


class ChangeRules(BaseModel):
    """Which columns name a record, tell it apart, and may change on their own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keys: dict[str, list[str]]
    identity: list[str]
    places: list[str]
    text: list[str]
    derived_kinds: list[str]
    free_kinds: list[str]
    always_free: list[str]
    follows: Follows
    emptied: Follows
    moved_with: Follows
    parts: dict[str, str]

    def keys_of(self, kind: str) -> list[str]:
        """Columns by which records of this kind are named."""
        return self.keys.get(kind, self.keys["default"])

    def is_free(self, column: str) -> bool:
        """Whether a column may change at any time."""
        return any(fnmatchcase(column, pattern) for pattern in self.always_free)

    @staticmethod
    def following(table: Follows, kind: str, listed: Iterable[str]) -> set[str]:
        """The columns of `kind` that `table` frees once the listed ones change."""
        rules = table.get(kind, {})
        return {column for name in listed for column in rules.get(name, [])}


@cache
def rules() -> ChangeRules:
    """The rules, read at the first use."""
    return ChangeRules.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
