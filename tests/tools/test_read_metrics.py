"""query_metric as people ask it: whose figures, which period, what stays hidden, comparisons."""

import pytest

from analytics.metric import METRICS
from core.errors import InvalidArgumentError
from tests.asking import Asker, names, text_of, where


@pytest.fixture
def ask(northstar_store) -> Asker:
    return Asker(northstar_store)


def figures(result):
    return [part for part in result.parts if part.type == "figure"]


@pytest.mark.parametrize(("words", "metric"), [
    ("pipeline", "pipeline_value"),
    ("Weighted pipeline", "weighted_pipeline"),
    ("bookings", "closed_won"),
    ("forecast", "commit_forecast"),
    ("best case", "best_case_forecast"),
    ("attainment", "quota_attainment"),
    ("gap to quota", "gap"),
    ("赢单率", "win_rate"),
    ("覆盖率", "coverage"),
    ("销售周期", "sales_cycle"),
    ("加权", "weighted_pipeline"),
    ("win_rate_by_value", "win_rate_by_value"),
])  # fmt: skip
def test_metrics_go_by_their_names_in_both_languages(ask, words, metric):
    assert figures(ask("tom", "query_metric", metric=words))[0].metric == metric


@pytest.mark.parametrize(("user", "scope", "said"), [
    ("marcus", "", "Marcus Lee"),
    ("marcus", "me", "Marcus Lee"),
    ("marcus", "my team", "AMER"),
    ("dana", "", "AMER"),
    ("dana", "me", "Dana Whitfield's team"),
    ("dana", "Marcus", "Marcus Lee"),
    ("admin", "", "everyone's"),
    ("admin", "company", "the whole company"),
    ("admin", "华东", "华东"),
    ("admin", "陈立", "陈立's team"),
])  # fmt: skip
def test_the_answer_says_whose_figure_it_is(ask, user, scope, said):
    [figure] = figures(ask(user, "query_metric", metric="pipeline_value", scope=scope))
    assert said in figure.text
    assert said in figure.filter_in_words


def test_an_unqualified_question_means_the_same_as_naming_oneself(ask):
    asked = [
        figures(ask("priya", "query_metric", metric="pipeline_value", scope=scope))[0]
        for scope in ("", "me", "Priya Nair")
    ]
    assert len({figure.value for figure in asked}) == 1
    assert len({figure.query_hash for figure in asked}) == 1


@pytest.mark.parametrize(
    "metric", ["quota", "quota_attainment", "gap", "coverage", "commit_forecast", "expected_landing"]
)
def test_a_colleagues_quota_and_forecast_are_as_unknown_as_those_of_someone_without(ask, metric):
    hidden = ask("marcus", "query_metric", metric=metric, scope="Priya Nair")
    missing = ask("marcus", "query_metric", metric=metric, scope="Maya Brooks")
    assert [part.type for part in hidden.parts] == [part.type for part in missing.parts] == ["not_known"]
    assert text_of(hidden).replace("Priya Nair", "X") == text_of(missing).replace("Maya Brooks", "X")
    assert not hidden.records


def test_the_teams_attainment_is_not_made_of_ones_own_quota_alone(ask):
    assert ask("marcus", "query_metric", metric="quota_attainment", scope="my team").parts[0].type == "not_known"
    grouped = ask("marcus", "query_metric", metric="quota", scope="my team", group_by="owner")
    assert [part.type for part in grouped.parts] == ["not_known"]
    assert "450,000" not in text_of(grouped)


@pytest.mark.parametrize(("user", "metric"), [
    ("sam", "pipeline_value"), ("sam", "quota"), ("sam", "average_deal_size"), ("sam", "commit_forecast"),
    ("maya", "win_rate"), ("maya", "pipeline_value"), ("tom", "no such metric"),
])  # fmt: skip
def test_metrics_on_what_is_hidden_do_not_exist(ask, user, metric):
    result = ask(user, "query_metric", metric=metric)
    [part] = result.parts
    assert part.type == "not_known"
    offered = part.text.split("There are:")[1]
    label = METRICS.get(metric).label.en if metric in METRICS.names() else metric
    assert f" {label}," not in offered
    assert metric not in result.content["unknown"].split("Metrics:")[1]


def test_counts_that_need_no_hidden_field_are_open_to_support(ask):
    assert figures(ask("sam", "query_metric", metric="open_deal_count"))[0].value == 55
    with pytest.raises(InvalidArgumentError):
        ask("sam", "query_metric", metric="open_deal_count", filters=[where("amount", ">", "1")])


def test_two_periods_are_compared(ask):
    result = ask("dana", "query_metric", metric="closed_won", period="Q4 2025", compare_to="Q3 2025")
    first, second = figures(result)
    assert (first.value, second.value) == (254800, 467200)
    assert "212,400" in result.content["difference"]
    assert "45.5%" in result.content["difference"]
    assert len(names(result.records)) == first.n + second.n


def test_two_people_are_compared(ask):
    result = ask("dana", "query_metric", metric="pipeline_value", scope="Marcus", compare_to="Priya")
    assert [figure.value for figure in figures(result)] == [1099000, 1643200]


def test_quota_figures_need_whole_quarters(ask):
    with pytest.raises(InvalidArgumentError, match="quarter"):
        ask("dana", "query_metric", metric="gap", period="May 2026")
    with pytest.raises(InvalidArgumentError, match="filtered"):
        ask("dana", "query_metric", metric="gap", filters=[where("segment", "=", "Enterprise")])


def test_a_quota_that_is_reached_is_said(ask):
    result = ask("marcus", "query_metric", metric="coverage")
    assert result.parts[0].type == "text"
    assert "already reached" in result.parts[0].text


def test_figures_carry_what_is_needed_to_check_them(ask):
    [figure] = figures(ask("priya", "query_metric", "zh", metric="commit_forecast", period="Q1"))
    assert figure.value == 223600
    assert figure.unit == "USD"
    assert figure.formula == "已赢单 + 未关闭的承诺商机"
    assert figure.as_of == "2026年3月10日周二"
    assert (figure.n, figure.n_of) == (2, 2)
    assert figure.query_hash


def test_groups_over_time_come_in_order_with_a_line(ask):
    result = ask("dana", "query_metric", metric="closed_won", period="2025", group_by="quarter")
    kinds = [part.type for part in result.parts]
    assert kinds == ["table", "chart", "figure"]
    assert [row[0] for row in result.parts[0].rows[:-1]] == ["2025-Q2", "2025-Q3", "2025-Q4"]
    assert result.parts[1].shape == "line"


@pytest.mark.parametrize("metric", ["pipeline_value", "open_deal_count", "win_rate"])
def test_deals_of_a_team_out_of_reach_are_not_counted_as_none(ask, metric):
    for user, other in (("dana", "张伟"), ("marcus", "李娜"), ("chenli", "Marcus Lee")):
        [part] = ask(user, "query_metric", metric=metric, scope=other).parts
        assert part.type == "not_known"
        assert other in part.text
    assert figures(ask("dana", "query_metric", metric="open_deal_count", scope="Marcus Lee"))
