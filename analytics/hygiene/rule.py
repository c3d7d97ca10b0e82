"""What a hygiene rule is and gives: a finding with its evidence in words and in records."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from analytics.view import View
from analytics.wording import as_language, filled, load_table
from core.parts import RecordRef
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fires on a record. `also` are further records that show it."""

    rule: str
    record: RecordRef
    evidence: str
    also: tuple[RecordRef, ...] = field(default=())

    def title(self, language: str) -> str:
        """What is wrong, in a few words."""
        return wording(language, self.rule, "title")

    def fix(self, language: str) -> str:
        """The one step that mends it."""
        return wording(language, self.rule, "fix")


Check = Callable[[View, Any], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over case files of open deals ("deal"), or over all visible records of another kind."""

    id: str
    kind: str
    check: Check


RULES: Registry[Rule] = Registry("hygiene rule", "analytics.hygiene")


def rule(id: str, kind: str = "deal") -> Callable[[Check], Check]:
    """Makes a function a hygiene rule under its id."""

    def declare(check: Check) -> Check:
        RULES.add(id, Rule(id, kind, check))
        return check

    return declare


def wording(language: str, rule_id: str, key: str, **values: Any) -> str:
    """A text of a rule with its blanks filled."""
    sentence: str = load_table("hygiene")[rule_id][key][as_language(language)]
    return filled(sentence, values)


def threshold(name: str) -> int:
    """A threshold of the rules."""
    return int(load_table("hygiene")["thresholds"][name])
