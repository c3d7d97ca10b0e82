"""The chart of an answer where a shape says more than a number: bars, a line over time, a funnel over stages."""

from typing import Literal

from analytics.figures import Answer, named_groups, number_of, unit_of
from analytics.metric import Unit
from analytics.wording import say
from core.parts import Chart, Series

MOST_BARS = 20


def chart(answer: Answer) -> Chart | None:
    """The groups as bars, or as a line over time; None for too few or too many."""
    if answer.outcome.metric.shape == "funnel":
        return _funnel(answer)
    groups = [(name, value.value) for name, value in named_groups(answer) if value.value is not None]
    if not 2 <= len(groups) <= MOST_BARS:
        return None
    unit = answer.outcome.metric.unit
    return Chart(
        shape=_shape(answer),
        title=answer.label,
        labels=tuple(name for name, _ in groups),
        series=(Series(name=answer.label, values=tuple(number_of(unit, value) or 0.0 for _, value in groups)),),
        unit=unit_of(unit, answer.outcome.currency),
    )


def _shape(answer: Answer) -> Literal["line", "funnel", "bar"]:
    """Lines over time, a funnel over the stages where they are counted or summed, else bars."""
    by, unit = answer.part.by, answer.outcome.metric.unit
    if by is not None and by.unit:
        return "line"
    staged = by is not None and by.attribute.ref == "stage" and unit in (Unit.MONEY, Unit.COUNT)
    return "funnel" if staged else "bar"


def _funnel(answer: Answer) -> Chart | None:
    """How many records came to each group, from the first on."""
    groups = named_groups(answer)
    if len(groups) < 2:
        return None
    label = say(answer.view.language, "records_counted")
    series = Series(name=label, values=tuple(float(value.n) for _, value in groups))
    return Chart(shape="funnel", title=answer.label, labels=tuple(name for name, _ in groups), series=(series,))
