"""Where a shape says more than a number: bars, a line, a funnel and a waterfall, as data and as a picture."""

import io

import pytest
from PIL import Image

from analytics.charts import WIDTH, render_png
from core.parts import Chart, Table
from tests.asking import Asker, where

SHAPES = {
    "bar": ({"metric": "pipeline_value", "group_by": "source"}, 5),
    "line": ({"metric": "closed_won", "period": "2025", "group_by": "month"}, 8),
    "funnel": ({"metric": "pipeline_value", "group_by": "stage"}, 4),
    "waterfall": ({"metric": "waterfall", "period": "Q1 2026"}, 5),
}


@pytest.fixture
def ask(northstar_store) -> Asker:
    return Asker(northstar_store)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_data_of_the_answer_and_can_be_drawn(ask, shape, language):
    arguments, bars = SHAPES[shape]
    result = ask("dana", "query_metric", language=language, **arguments)
    [chart] = [part for part in result.parts if isinstance(part, Chart)]
    table = next(part for part in result.parts if isinstance(part, Table))
    assert chart.shape == shape
    assert len(chart.labels) == bars
    assert set(chart.labels) <= {row[0] for row in table.rows}
    assert all(len(series.values) == bars for series in chart.series)
    picture = Image.open(io.BytesIO(render_png(chart)))
    assert (picture.format, picture.width) == ("PNG", WIDTH)
    # Something is drawn in the lower half, too: not the title alone.
    assert len(picture.crop((0, picture.height // 2, WIDTH, picture.height)).convert("RGB").getcolors(100_000)) > 2


def test_a_waterfall_is_drawn_from_start_to_end(ask):
    result = ask("dana", "query_metric", metric="waterfall", period="Q1 2026")
    [chart] = [part for part in result.parts if isinstance(part, Chart)]
    start, *changes, end = chart.series[0].values
    assert start + sum(changes) == pytest.approx(end)


def test_months_without_anything_are_0_between_those_with_something(ask):
    result = ask("dana", "query_metric", metric="won_count", period="2025", group_by="month")
    [chart] = [part for part in result.parts if isinstance(part, Chart)]
    months = [f"2025-{number:02d}" for number in range(5, 13)]
    assert list(chart.labels) == months
    assert chart.series[0].values[months.index("2025-08")] == 0
    rates = ask("dana", "query_metric", metric="win_rate", period="2025", group_by="month")
    [line] = [part for part in rates.parts if isinstance(part, Chart)]
    assert all(0 <= value <= 100 for value in line.series[0].values)


def test_a_breakdown_into_nothing_shows_no_empty_table(ask):
    result = ask(
        "dana", "query_metric", metric="won_count", group_by="owner", filters=[where("amount", ">", "90m")]
    )
    assert [part.type for part in result.parts] == ["figure"]
