"""What a rule is: a function of a deal's situation that gives an action with its reason, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analytics.next_best_action.suggestion import Reason, worded
from analytics.wording import load_table
from core.parts import RecordRef
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired: the action that it asks for, and why."""

    action: str
    reason: Reason


Check = Callable[[Any], Fired | None]


@dataclass(frozen=True, slots=True)
class ActionRule:
    """A rule over the situation of an open deal, or over a deal that was won ("won")."""

    name: str
    scope: str
    check: Check


ACTION_RULES: Registry[ActionRule] = Registry("next-best-action rule", "analytics.next_best_action.rules")


def action_rule(*, scope: str = "open") -> Callable[[Check], Check]:
    """Makes a function a rule under its own name; its words and strength are in `next_actions.yaml`."""

    def declare(check: Check) -> Check:
        ACTION_RULES.add(check.__name__, ActionRule(check.__name__, scope, check))
        return check

    return declare


def fired(language: str, rule: str, *evidence: RecordRef, to_do: str = "", **values: Any) -> Fired:
    """What a rule gives; without `to_do` it is the one that `next_actions.yaml` names."""
    wanted = to_do or str(load_table("next_actions")[rule]["action"])
    return Fired(wanted, worded(language, rule, values, evidence))
