"""The gates of `make evals`: they pass as things are, and fail with the numbers shown where something got worse."""

from functools import partial

import pytest

from analytics.next_best_action.experience import Experience
from evals.bench_memory import recall
from evals.bench_memory.pool import by_words
from evals.next_best_action import __main__ as next_best_action
from evals.next_best_action import measure
from evals.next_best_action.simulator import Company


def test_the_gate_of_the_memory_passes_and_shows_its_numbers(capsys):
    assert recall.gate() == 0
    told = capsys.readouterr().out
    assert f"of 116 (at least {recall.LEAST_FIRST} and {recall.LEAST_FIVE})" in told


@pytest.mark.parametrize(("worse", "shown"), [
    ({"fused": by_words}, "43 first and 50 among five of 116 (at least"),
    ({"with_floor": recall.fused}, "0 of 12 unanswerable ones find nothing (at least"),
])  # fmt: skip
def test_worse_recall_or_abstention_fails_the_gate_of_the_memory(monkeypatch, capsys, worse, shown):
    for name, ranker in worse.items():
        monkeypatch.setattr(recall, name, ranker)
    assert recall.gate() == 1
    assert shown in capsys.readouterr().out


@pytest.fixture
def small_companies(monkeypatch):
    """Companies too small to pass the gate's numbers, in which a fault shows all the same."""
    monkeypatch.setattr(measure, "Company", partial(Company, deals=150, asked=12))
    monkeypatch.setattr(next_best_action, "GATE_SEEDS", (400,))


def test_worse_ranking_fails_the_gate_of_next_best_actions(small_companies, monkeypatch, capsys):
    monkeypatch.setattr(Experience, "says_something", False)
    assert next_best_action.main(["gate"]) == 1
    told = capsys.readouterr().out
    assert "MISSED ranking:" in told
    assert "at least 0.6 is wanted" in told


def test_a_claim_where_nothing_matters_fails_the_gate_of_next_best_actions(small_companies, monkeypatch, capsys):
    monkeypatch.setattr(Experience, "says_something", True)
    assert next_best_action.main(["gate"]) == 1
    assert "claims where nothing matters, none is wanted" in capsys.readouterr().out
