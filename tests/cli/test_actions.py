"""`dealhand actions`: the catalogue, a company's own actions, and the count of what was suggested."""

import pytest

from tests.cli.conftest import ADMIN, MARCUS, assert_one_line

DEAL = "Redwood gateway upgrade"


@pytest.fixture
def actions(home, dealhand):
    return lambda *arguments: dealhand("actions", *arguments)


def test_the_report_counts_what_was_shown_and_answered(actions, dealhand):
    assert actions("report").said == "Nothing was suggested yet."
    asked = dealhand("ask", "--as", MARCUS, f"What should I do next on {DEAL}?")
    assert "Technical workshop" in asked.out
    dealhand("ask", "--as", MARCUS, f"Remind me on Friday to hold a technical workshop for the {DEAL}")
    done = actions("report")
    assert done.code == 0, done.err
    assert "technical_workshop 1 edited" in done.said
    assert "set_next_step 1 shown" in done.said


def test_an_action_of_ones_own_comes_and_goes(actions):
    added = actions(
        "add", "site_tour", "site tour", "--label-zh", "参观工厂", "--sign", "site tour", "--as", ADMIN
    )
    assert (added.code, added.said) == (0, "Added site_tour.")
    assert "site tour / 参观工厂" in actions("list").said
    assert_one_line(actions("add", "site_tour", "again", "--as", ADMIN), 2, "site_tour")
    assert actions("remove", "site_tour", "--as", ADMIN).code == 0
    assert "site_tour" not in actions("list").out


def test_only_an_administrator_adds_actions(actions):
    assert actions("add", "site_tour", "site tour", "--as", MARCUS).code != 0
    assert "site_tour" not in actions("list").out
