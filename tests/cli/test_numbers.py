"""`dealhand metrics`, `forecast` and `snapshot` over the demo world."""

import re

from tests.cli.conftest import assert_one_line

DANA = ("--as", "dana@northstar.example")


def test_metrics_are_listed_and_asked_with_formula_and_hash(home, dealhand):
    listed = dealhand("metrics", "list")
    assert listed.code == 0
    assert "pipeline_value" in listed.said
    assert "forecast_range" in listed.said
    asked = dealhand("metrics", "query", "pipeline_value", *DANA, "--group-by", "owner", "--top", "2")
    assert asked.code == 0, asked.err
    assert "formula" in asked.said
    assert "2 more not shown" in asked.said
    assert re.search(r"query: [0-9a-f]{12}", asked.said)
    again = dealhand("metrics", "query", "pipeline_value", *DANA, "--group-by", "owner", "--top", "2")
    assert again.said == asked.said


def test_the_chart_of_a_breakdown_is_drawn_into_a_file(home, dealhand, tmp_path):
    picture = tmp_path / "pipeline.png"
    drawn = dealhand("metrics", "query", "pipeline_value", *DANA, "--group-by", "stage", "--png", str(picture))
    assert drawn.code == 0, drawn.err
    assert picture.read_bytes().startswith(b"\x89PNG")
    refused = dealhand(
        "metrics", "query", "pipeline_value", *DANA, "--group-by", "stage", "--png", "/nowhere/x.png"
    )
    assert refused.code == 2
    assert "cannot be written" in refused.err


def test_a_forecast_is_shown_adjusted_and_the_adjustment_undone(home, dealhand):
    before = dealhand("forecast", "show", *DANA)
    assert before.code == 0, before.err
    assert "will probably end between" in before.said
    made = dealhand("forecast", "adjust", "Tom Alvarez", "15000", "--reason", "verbal yes", *DANA)
    assert made.code == 0, made.err
    assert "+15,000 USD" in made.said
    assert "verbal yes" in dealhand("forecast", "show", *DANA).said
    refused = dealhand("forecast", "adjust", "Tom Alvarez", "5", "--as", "tom@northstar.example")
    assert_one_line(refused, 2, "may not change")
    assert_one_line(dealhand("forecast", "adjust", "Tom Alvarez", "a lot", *DANA), 2, "a lot")
    handle = re.search(r"eff_\w+", made.said)[0]
    assert dealhand("undo", handle, *DANA).code == 0
    assert "verbal yes" not in dealhand("forecast", "show", *DANA).said


def test_snapshots_and_the_evaluation_of_past_forecasts(home, dealhand):
    assert "Frozen through" in dealhand("snapshot").said
    again = dealhand("snapshot")
    assert "0 states of deals, 0 rows of owners" in again.said
    judged = dealhand("forecast", "evaluate", "--as", "admin@northstar.example")
    assert judged.code == 0, judged.err
    assert "past forecast" in judged.said
