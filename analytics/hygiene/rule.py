"""What a hygiene rule is and gives: a finding with its evidence in words and in records."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analytics.view import View
from analytics.wording import as_language, filled, load_table
from core.parts import RecordRef
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fires on a record. `also` are further records that show it; `says` names the message of its fix.

    `own` is the title and the fix of a rule that the company made itself.
    """

    rule: str
    record: RecordRef
    evidence: str
    also: tuple[RecordRef, ...] = field(default=())
    says: str = "say"
    own: tuple[str, str] | None = None

    def title(self, language: str) -> str:
        """What is wrong, in a few words."""
        return self.own[0] if self.own else wording(language, self.rule, "title")

    def fix(self, language: str) -> str:
        """The one step that mends it."""
        return self.own[1] if self.own else wording(language, self.rule, "fix")

    def say(self, language: str) -> str:
        """The message to the agent that makes the fix, or is its first step; what is missing is asked for."""
        other = self.also[0].name if self.also else ""
        sentence: str = load_table("hygiene")["own" if self.own else self.rule][self.says][as_language(language)]
        return sentence.format(name=self.record.name, id=self.record.id, other=other)


Check = Callable[[View, Any], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over case files of open deals ("deal"), or over all visible records of another kind."""

    id: str
    kind: str
    check: Check


_OWN = "own rules"
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


@dataclass(frozen=True, slots=True)
class OwnRules:
    """What a company made of the rules: those it does without, and its own thresholds."""

    off: frozenset[str] = frozenset()
    limits: Mapping[str, int] = field(default_factory=dict)


def own_rules(view: View) -> OwnRules:
    """What the company of the records has set."""
    if _OWN not in view.memo:
        company = next(iter(view.uow.all("company")), None)
        entries = (entry.partition("=") for entry in company.rule_limits) if company else ()
        limits = {name: int(number) for name, _, number in entries if name in _thresholds() and number.isdecimal()}
        view.memo[_OWN] = OwnRules(frozenset(company.rules_off if company else ()), limits)
    found: OwnRules = view.memo[_OWN]
    return found


def threshold(view: View, name: str) -> int:
    """A threshold of the rules: the company's own, else the usual one."""
    return own_rules(view).limits.get(name, _thresholds()[name])


def limits_of(rule_id: str) -> dict[str, int]:
    """The usual thresholds of a rule by name."""
    return {name: _thresholds()[name] for name in load_table("hygiene")[rule_id].get("limits", ())}


def limit_name(name: str, language: str) -> str:
    """What a threshold is called."""
    text: str = load_table("hygiene")["limit_names"][name][as_language(language)]
    return text


def _thresholds() -> Mapping[str, int]:
    found: Mapping[str, int] = load_table("hygiene")["thresholds"]
    return found
