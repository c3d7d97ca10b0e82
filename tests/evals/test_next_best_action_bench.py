"""The evaluation of next best actions: the simulator, the null that stays silent, logs that are read and scored."""

import csv
import random

import pytest

from evals.next_best_action.measure import interval, null_claims, simulate
from evals.next_best_action.next_activity import LogError, compare, read_log
from evals.next_best_action.policies import product
from evals.next_best_action.simulator import ACTIONS, Company


def test_the_right_action_helps_and_in_the_null_none_does():
    company, null = Company(7, deals=20, asked=20), Company(7, matters=False, deals=20, asked=20)
    for case in company.cases:
        best = max(ACTIONS, key=lambda action: company.chance_of(case, action))
        assert best == company.right[case.objection, case.stage]
    for case in null.cases:
        assert len({null.chance_of(case, action) for action in ACTIONS}) == 1


def test_a_seed_gives_the_same_company():
    assert Company(3, deals=15, asked=5).rows == Company(3, deals=15, asked=5).rows
    assert Company(3, deals=15, asked=5).rows != Company(4, deals=15, asked=5).rows


def test_the_product_beats_the_baselines_and_claims_nothing_in_the_null():
    found = simulate((201,))
    assert found.product.mean > found.lead.mean > 0.05
    claims, cases, _ = null_claims((201,))
    assert (claims, cases) == (0, 60)


def test_advice_names_the_cases_it_rests_on_and_says_when_there_are_too_few():
    told = product(Company(201, deals=400, asked=6))
    reasons = [reason for advice in told.advices for each in advice.suggestions for reason in each.reasons]
    resting = [each for each in reasons if each.rule == "experience"]
    assert resting
    for each in resting:
        assert f"{each.numbers['moved']} moved on after" in each.why
        assert "Nearest: Line " in each.why
        assert len(each.evidence) == len(each.numbers["deals"]) <= 3
        assert all(ref.name.split(":")[0] in each.why for ref in each.evidence)
    thin = product(Company(201, deals=12, asked=3))
    assert not any(advice.claims for advice in thin.advices)
    assert all("are too few to compare (at least 60)" in advice.note for advice in thin.advices)


def test_an_interval_holds_its_mean():
    found = interval([0.1, 0.3, 0.2])
    assert found.mean == pytest.approx(0.2)
    assert found.low < found.mean < found.high


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def test_a_log_with_a_rule_is_predicted_better_than_by_popularity(tmp_path):
    chance, rows = random.Random(1), [("case id", "activity", "timestamp")]
    for case in range(120):
        for place, label in enumerate(("open", chance.choice("ab"), "check", "close")):
            rows.append((f"c{case:03}", label, f"2026-01-{1 + case // 6:02}T{case % 6:02}:{place:02}"))
    write(tmp_path / "log.csv", rows)
    log = read_log(tmp_path / "log.csv")
    scores = compare(log)
    assert len(log.train) + log.left_out == 96
    assert scores["popularity"].n == 24 * 5
    assert scores["Markov"].accuracy > scores["popularity"].accuracy
    for name in ("Markov", "back-off n-gram", "habits (the product's)"):
        assert scores[name].accuracy == pytest.approx(0.9, abs=0.05)
        assert scores[name].mrr >= scores[name].accuracy


@pytest.mark.parametrize("rows", [[], [("a", "b")], [("case", "activity", "time"), ("1", "x", "2026")]])
def test_a_file_that_is_no_log_is_refused(tmp_path, rows):
    write(tmp_path / "log.csv", rows)
    with pytest.raises(LogError, match=r"log\.csv"):
        read_log(tmp_path / "log.csv")
