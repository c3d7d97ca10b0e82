"""The figures of a period, of everyone asked about and of each owner and team, in the base currency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from analytics.attributes import attribute
from analytics.evaluate import evaluate
from analytics.measure import Cell, Cells, Grouping, Slice, Term
from analytics.metric import METRICS
from analytics.view import View
from core.errors import InvalidArgumentError
from language.dates import Period

_PARTS = ("closed_won", "commit_forecast", "best_case_forecast", "expected_landing", "pipeline_value")


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one owner, team or all (definitions §3); `quota` None: there is none, or no such period has one.

    `adjustment` is what managers added to the commit forecast by hand; it is in no other figure.
    """

    closed: Decimal = Decimal(0)
    commit: Decimal = Decimal(0)
    best_case: Decimal = Decimal(0)
    landing: Decimal = Decimal(0)
    pipeline: Decimal = Decimal(0)
    quota: Decimal | None = None
    adjustment: Decimal = Decimal(0)

    @property
    def weighted(self) -> Decimal:
        """Σ amount × stage probability of the open deals."""
        return self.landing - self.closed

    @property
    def gap(self) -> Decimal | None:
        """Quota − closed won."""
        return None if self.quota is None else self.quota - self.closed

    @property
    def to_go(self) -> Decimal | None:
        """Quota − closed won − open commit."""
        return None if self.quota is None else self.quota - self.commit

    @property
    def coverage(self) -> Decimal | None:
        """Open pipeline ÷ gap; None when nothing is left to cover."""
        gap = self.gap
        return self.pipeline / gap if gap is not None and gap > 0 else None

    @property
    def attainment(self) -> Decimal | None:
        """Closed won ÷ quota."""
        return self.closed / self.quota if self.quota else None

    @property
    def adjusted(self) -> Decimal:
        """The commit forecast with what managers added by hand."""
        return self.commit + self.adjustment


def figures_of(
    view: View, period: Period, people: frozenset[str] | None, adjustments: Iterable[Any] = ()
) -> tuple[Figures, dict[str, Figures], dict[str, Figures]]:
    """The figures of all, by owner id and by team id."""
    adjusted: dict[str, Decimal] = {}
    for each in adjustments:
        adjusted[each.user_id] = adjusted.get(each.user_id, Decimal(0)) + each.amount
    teams = {user.id: user.team_id for user in view.uow.all("user")}
    by_team_adjusted: dict[str, Decimal] = {}
    for user_id, amount in adjusted.items():
        team = teams.get(user_id) or ""
        by_team_adjusted[team] = by_team_adjusted.get(team, Decimal(0)) + amount
    of_owners: dict[Term, Cells] = {}
    by_owner = _grouped(view, period, people, "owner", adjusted, of_owners)
    of_teams = {term: _regrouped(cells, teams) for term, cells in of_owners.items()}
    by_team = _grouped(view, period, people, "team", by_team_adjusted, of_teams)
    return by_owner.pop(""), by_owner, {key: value for key, value in by_team.items() if key}


def _grouped(
    view: View,
    period: Period,
    people: frozenset[str] | None,
    by: str,
    adjusted: dict[str, Decimal],
    known: dict[Term, Cells],
) -> dict[str, Figures]:
    """Figures by group; the empty key holds all. What is `known` is not measured again."""
    values: dict[str, dict[str, Decimal]] = {"": {}}
    part = Slice(view, people, period, by=Grouping(attribute(view.uow, "deal", by)))
    for name in _PARTS:
        outcome = evaluate(METRICS.get(name), part, view.rates.base, known)
        values[""][name] = outcome.total.value or Decimal(0)
        for group in outcome.groups:
            values.setdefault(group.key or "-", {})[name] = group.value or Decimal(0)
    total, quotas = _quotas(view, period, people, by)
    for key in {*quotas, *(key for key, amount in adjusted.items() if amount)}:
        values.setdefault(key, {})
    everything = sum(adjusted.values(), Decimal(0))
    return {
        key: replace(
            Figures(*(found.get(name, Decimal(0)) for name in _PARTS)),
            quota=quotas.get(key) if key else total,
            adjustment=adjusted.get(key, Decimal(0)) if key else everything,
        )
        for key, found in values.items()
    }


def _regrouped(cells: Cells, groups: Mapping[str, str | None]) -> Cells:
    """Cells of owners put together by the group that each owner belongs to."""
    found: Cells = {}
    for owner, cell in cells.items():
        found.setdefault(groups.get(owner), Cell()).add(cell)
    return found


def _quotas(
    view: View, period: Period, people: frozenset[str] | None, by: str
) -> tuple[Decimal | None, dict[str, Decimal]]:
    name = {"owner": "user"}.get(by, by)
    grouping = Grouping(attribute(view.uow, "quota", name))
    try:
        outcome = evaluate(METRICS.get("quota"), Slice(view, people, period, by=grouping))
    except InvalidArgumentError:  # a period that is not made of quarters has no quota
        return None, {}
    return outcome.total.value, {each.key: each.value for each in outcome.groups if each.key and each.value}
