"""What a metric is, and the registry of all: its names, formula, unit, terms, and how they are combined."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from statistics import median

from analytics.measure import Term
from core.registry import Registry
from crm_store.nouns import Label


class Unit(StrEnum):
    """What a value counts."""

    MONEY = "money"
    MONEY_PER_DAY = "money_per_day"
    PERCENT = "percent"
    RATIO = "ratio"
    DAYS = "days"
    HOURS = "hours"
    COUNT = "count"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Total:
    """A term's cell with its sums brought into one currency."""

    n: int = 0
    missing: int = 0
    money: Decimal = Decimal(0)
    values: Sequence[float] = ()


Combine = Callable[[Sequence[Total]], Decimal | None]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number with a name (definitions §3).

    `when` is the attribute of the source kind that a period bounds; `needs` are fields that one has to see for
    the metric to exist; `own_only`: other people's are hidden from those who do not lead them; `in_base`: always
    in the base currency; `default_period` is "quarter" or "year back"; `dimensions` limits what it can be broken
    down by (empty: any attribute of the source kind); `default_by` is by what it always is; `counted` are the
    terms whose records are n; `extra` are further figures of each group, in `extra_units` where these differ;
    `reads` are further kinds of records that one has to be able to read; `shape` is how its groups are drawn.
    """

    name: str
    label: Label
    formula: Label
    unit: Unit
    kind: str
    terms: tuple[Term, ...]
    combine: Combine
    words: tuple[str, ...] = ()
    when: str = ""
    needs: tuple[str, ...] = ()
    own_only: bool = False
    in_base: bool = False
    default_period: str = ""
    default_by: str = ""
    dimensions: tuple[str, ...] = ()
    counted: tuple[int, ...] = (0,)
    extra: dict[str, Combine] = field(default_factory=dict)
    extra_units: dict[str, Unit] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    shape: str = ""


METRICS: Registry[Metric] = Registry("metric", "analytics.metrics")


def define(metric: Metric) -> Metric:
    """Registers a metric under its name."""
    return METRICS.add(metric.name, metric)


def money(index: int = 0) -> Combine:
    """The sum of one term."""
    return lambda totals: totals[index].money


def number(index: int = 0) -> Combine:
    """The count of one term."""
    return lambda totals: Decimal(totals[index].n)


def added(*indexes: int) -> Combine:
    """Sums of several terms together."""
    return lambda totals: sum((totals[index].money for index in indexes), Decimal(0))


def middle(index: int = 0) -> Combine:
    """The median of a term's numbers; None without any."""
    return lambda totals: Decimal(str(median(totals[index].values))) if totals[index].values else None


def mean(index: int = 0) -> Combine:
    """The mean of a term's numbers; None without any."""

    def combine(totals: Sequence[Total]) -> Decimal | None:
        values = totals[index].values
        return Decimal(str(sum(values) / len(values))) if values else None

    return combine


def upper_quartile(index: int = 0) -> Combine:
    """The 75th percentile of a term's numbers, by linear interpolation; None without any."""
    return lambda totals: Decimal(str(percentile(totals[index].values, 0.75))) if totals[index].values else None


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies, by linear interpolation between ranks."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """A quotient; None when there is nothing to divide by."""
    return part / whole if whole else None
