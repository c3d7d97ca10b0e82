"""What is suggested, and how: the words of rules come from `analytics/data/next_actions.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analytics.wording import as_language, filled, load_table
from core.parts import RecordRef


@dataclass(frozen=True, slots=True)
class Reason:
    """One source of a suggestion: a rule that fired (`rule` is its name) or experience ("experience", "habit")."""

    rule: str
    what: str
    why: str
    strength: float
    evidence: tuple[RecordRef, ...] = ()
    numbers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An action of the catalogue with its reasons, strongest first; `score` is 0 to 1, more is more pressing.

    `propensity` is how likely it was to stand where it stands, given the random order among equals.
    """

    action: str
    reasons: tuple[Reason, ...]
    score: float
    propensity: float = 1.0

    @property
    def rule(self) -> str:
        """The name of the strongest reason."""
        return self.reasons[0].rule

    @property
    def what(self) -> str:
        """What to do, in words."""
        return self.reasons[0].what

    @property
    def why(self) -> str:
        """Why, the strongest reason first."""
        return " ".join(dict.fromkeys(reason.why for reason in self.reasons[:2] if reason.why))

    @property
    def evidence(self) -> tuple[RecordRef, ...]:
        """The records that the reasons rest on."""
        return tuple(dict.fromkeys(ref for reason in self.reasons for ref in reason.evidence))


def worded(language: str, rule: str, values: Mapping[str, Any], evidence: tuple[RecordRef, ...]) -> Reason:
    """The reason that a rule gives, its sentences filled with `values`."""
    table = load_table("next_actions")
    entry, spoken = table[rule], as_language(language)
    why = filled(entry["why"][spoken], values) if "why" in entry else str(values.get("evidence", ""))
    return Reason(rule, filled(entry["do"][spoken], values), why, float(table["strength"][rule]), evidence)
