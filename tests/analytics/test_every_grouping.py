"""Every metric can be broken down by everything it allows, and each group equals the metric filtered to that group."""

from random import Random

import pytest

from analytics.attributes import attributes
from analytics.evaluate import evaluate
from analytics.measure import Grouping, Slice
from analytics.metric import METRICS, Metric
from analytics.quota import quota
from analytics.view import View
from crm_store.nouns import FieldType
from crm_store.principals import Role
from crm_store.query import Attribute, Condition
from language.lexicon import Lexicon
from tests.analytics.random_world import fill
from tests.analytics.reference.compare import agrees, exists
from tests.analytics.test_every_metric import ASKERS, seen_by
from tools.registry import ToolContext
from tools.resolver import Resolver

MOST_GROUPS = 4
_DAYS = (FieldType.DATE, FieldType.DATETIME)


@pytest.mark.parametrize("seed", [3, 4])
def test_every_group_equals_the_metric_filtered_to_it(new_world, seed):
    with new_world() as world:
        fill(world, Random(seed))
        database = world.uow.session.connection().connection.driver_connection
        compared = 0
        for asker in (each for each in ASKERS if each[1] in (Role.REP, Role.ADMIN)):
            view, _ = seen_by(world, database, *asker)
            context = ToolContext(view.uow, Resolver(view.uow, Lexicon([])))
            for metric in (METRICS.get(name) for name in METRICS.names() if exists(context, name)):
                for by in broken_down_by(view, metric):
                    compared += compare(view, metric, by)
        assert compared > 1000


def broken_down_by(view: View, metric: Metric) -> list[Attribute]:
    known = attributes(view.uow, metric.kind)
    return [
        each
        for name, each in known.items()
        if each.is_groupable and (not metric.dimensions or name in metric.dimensions)
    ]


def compare(view: View, metric: Metric, by: Attribute) -> int:
    """How many groups were compared; what knows no filters is only computed, as are days and sums."""
    timed = by.type in _DAYS and not by.age
    found = evaluate(metric, Slice(view, by=Grouping(by, "month" if timed else "")))
    if metric.default_by or quota in metric.terms or timed or by.age or by.type is FieldType.AMOUNT:
        return 0
    groups = [each for each in found.groups if each.key is not None][:MOST_GROUPS]
    for group in groups:
        condition = Condition(by, "=", (group.key,))
        alone = evaluate(metric, Slice(view, conditions=(condition,)), found.currency)
        expected = None if alone.total.value is None else float(alone.total.value)
        said = f"{metric.name} by {by.name} = {group.key}"
        assert agrees(metric.unit, group.value, expected), f"{said}: {group.value} is not {expected}"
    return len(groups)
