"""Compares what the product says of a metric with its plain SQL."""

from datetime import date
from decimal import Decimal

import pytest

from analytics.attributes import attribute
from analytics.evaluate import evaluate
from analytics.measure import Grouping, Slice
from analytics.metric import METRICS, Unit
from analytics.view import View
from crm_store.principals import Role
from language.dates import Period
from language.lexicon import Lexicon
from tests.analytics.reference.asker import Reference
from tests.analytics.reference.deals import DEALS
from tests.analytics.reference.forecast import FORECAST
from tests.analytics.reference.others import OTHERS
from tools.metric_names import UnknownMetricError, find_metric
from tools.registry import ToolContext
from tools.resolver import Resolver

REFERENCE = {**DEALS, **FORECAST, **OTHERS}
_LAST, _YEAR = ("forecast_accuracy", "forecast_bias"), ("velocity", "ltv")
_AMOUNTS = {
    "pipeline_value", "weighted_pipeline", "closed_won", "closed_lost", "open_commit", "win_rate_by_value",
    "average_deal_size", "average_open_deal", "velocity", "ltv", "slippage", "campaign_roi",
}  # fmt: skip
_COUNTS = set(DEALS) - _AMOUNTS
_TICKETS = {"ticket_count", "open_ticket_count", "first_response_time", "resolution_time", "csat"}
# What does not exist for a role (definitions §1).
ABSENT = {
    Role.REP: {"campaign_roi"},
    Role.MANAGER: set(),
    Role.SUPPORT: set(FORECAST) | _AMOUNTS | {"lead_count", "lead_response_time"},
    Role.MARKETER: set(FORECAST) | _AMOUNTS | _COUNTS | _TICKETS,
    Role.ADMIN: set(),
}


def compare_all(view: View, ref: Reference, who: str) -> int:
    """Every metric that the asker has; how many were compared. Those that their role hides must be hidden."""
    role = view.uow.principal.role
    context = ToolContext(view.uow, Resolver(view.uow, Lexicon([])))
    there = {name for name in METRICS.names() if exists(context, name)}
    assert there == set(METRICS.names()) - ABSENT[role], f"what there is for {who}, {role}"
    for name in sorted(there):
        compare(view, ref, name, f"{name} for {who}, {role}")
    return len(there)


def compare(view: View, ref: Reference, name: str, said: str) -> None:
    metric, (days, label) = METRICS.get(name), _period(ref, name)
    people = frozenset(ref.own) if metric.own_only and ref.own is not None else None
    by = Grouping(attribute(view.uow, metric.kind, metric.default_by)) if metric.default_by else None
    period = Period(date.fromisoformat(days[0]), date.fromisoformat(days[1]), label)
    found = evaluate(metric, Slice(view, people, period, by=by))
    expected = REFERENCE[name](ref)
    if not isinstance(expected, dict):
        assert agrees(metric.unit, found.total.value, expected), f"{said}: {found.total.value} is not {expected}"
        return
    stages = {stage.id: stage.name for stage in view.uow.all("stage")}
    groups = {stages.get(group.key, group.key): group.value for group in found.groups if group.n_of or group.value}
    assert set(groups) == set(expected), said
    for key, value in expected.items():
        assert agrees(metric.unit, groups[key], value), f"{said}, {key}: {groups[key]} is not {value}"


def agrees(unit: Unit, found: Decimal | None, expected: float | None) -> bool:
    """Equal but for what rounding each currency to the cent may do to money, and to quotients of it."""
    if found is None or expected is None:
        return found is None and expected is None
    off = {"abs": 0.03} if unit is Unit.MONEY else {"rel": 1e-3, "abs": 1e-6}
    return float(found) == pytest.approx(expected, **off)


def exists(context: ToolContext, name: str) -> bool:
    try:
        return find_metric(context, name).name == name
    except UnknownMetricError:
        return False


def _period(ref: Reference, name: str) -> tuple[tuple[str, str], str]:
    calendar = ref.calendar
    if name in _LAST:
        return calendar.last, calendar.last_label
    return (calendar.year, "the year") if name in _YEAR else (calendar.quarter, calendar.label)
