"""References are names in a snapshot, so a rename or a deletion shows in every record that refers to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from evals.graders.evidence import Row, Snapshot, Value, many, record_key, text_of
from evals.graders.rules import rules


@dataclass(frozen=True, slots=True)
class References:
    """What became of the names that records are referred to by."""

    renamed: Mapping[str, str]
    gone: Mapping[str, frozenset[str]]

    @classmethod
    def between(cls, before: Snapshot, after: Snapshot) -> "References":
        """The names that changed, and by kind those of deleted records."""
        renamed: dict[str, str] = {}
        gone: dict[str, frozenset[str]] = {}
        for kind, rows in before.items():
            now = after.get(kind, {})
            gone[kind] = frozenset(_name(kind, row) for record, row in rows.items() if record not in now)
            renamed |= {
                _name(kind, row): _name(kind, now[record])
                for record, row in rows.items()
                if record in now and _name(kind, row) != _name(kind, now[record])
            }
        return cls(renamed, gone)

    def explain(self, old: Value, new: Value) -> bool:
        """Whether a column differs only by renamed or deleted records; a reference to a deleted one is free."""
        names = many(old)
        gone = frozenset().union(*self.gone.values())
        if any(name in gone for name in names):
            kept = {self.renamed.get(name, name) for name in names if name not in gone}
            return kept <= set(many(new))
        return any(name in self.renamed for name in names) and sorted(
            self.renamed.get(name, name) for name in names
        ) == sorted(many(new))

    def went_with(self, kind: str, row: Row) -> bool:
        """Whether a deleted row is a part of a record that was deleted."""
        whole = rules().parts.get(kind)
        return whole is not None and text_of(row.get(whole)) in self.gone.get(whole, frozenset())


def _name(kind: str, row: Row) -> str:
    return text_of(row.get("email")) if kind == "user" else record_key(kind, row)
