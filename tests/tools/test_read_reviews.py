"""review_deals: what to fix, and what to do next and why."""

import re
import sqlite3

import pytest

from core.errors import InvalidArgumentError
from tests.asking import Asker, names, text_of, where


@pytest.fixture
def ask(northstar_store) -> Asker:
    return Asker(northstar_store)


def test_one_deal_cites_itself_and_the_evidence(ask):
    result = ask("marcus", "review_deals", deal="Redwood gateway upgrade")
    text = text_of(result)
    assert "next step" in text
    assert "78 days" in text
    assert "Call Ines Kowalski" in text
    assert names(result.records)[:2] == ["Redwood gateway upgrade", "Call Ines Kowalski"]
    assert next(step["action"] for step in result.content["next"]) == "call"


@pytest.mark.parametrize("asked", [{"deal": "Redwood gateway upgrade"}, {"scope": "me"}, {"rules": ["H12"]}])
def test_people_read_no_ids_of_rules(ask, asked):
    text = text_of(ask("marcus", "review_deals", **asked))
    assert text
    assert not re.search(r"\bH\d", text)


def test_the_same_in_chinese(ask):
    text = text_of(ask("lina", "review_deals", "zh", deal="长风化工扩容"))
    assert "预计成交日已过" in text
    assert "没有下一步" in text
    assert "下一步建议" in text


def test_commit_deals_without_next_step(ask, northstar_url):
    result = ask("dana", "review_deals", rules=["H2"], filters=[where("forecast_category", "=", "commit")])
    with sqlite3.connect(northstar_url.removeprefix("sqlite:///")) as database:
        expected = {row[0] for row in database.execute(
            "SELECT deal.name FROM deal JOIN stage ON stage.id = stage_id"
            " WHERE stage.status = 'open' AND next_step = '' AND deal.forecast_category = 'commit' AND owner_id IN"
            " (SELECT id FROM user_account WHERE team_id = (SELECT id FROM team WHERE name = 'AMER'))"
        )}  # fmt: skip
    assert set(names(result.records)) == expected


@pytest.mark.parametrize("rules", [["no next step"], ["没有下一步"], ["h2"]])
def test_rules_go_by_id_and_by_title(ask, rules):
    assert ask("dana", "review_deals", rules=rules).content["by_rule"].keys() == {"H2 no next step"}


def test_an_unknown_rule_is_refused(ask):
    with pytest.raises(InvalidArgumentError, match="H14"):
        ask("dana", "review_deals", rules=["H99"])


def test_a_clean_result_is_said_with_the_filter(ask):
    result = ask("dana", "review_deals", rules=["H7"])
    assert result.content["count"] == 0
    assert "AMER" in text_of(result)


def test_a_closed_deal_has_nothing_next(ask):
    result = ask("dana", "review_deals", deal="Halden pilot")
    assert "is closed" in text_of(result)
    assert names(result.records) == ["Halden pilot"]


def test_people_without_deals_may_still_review_leads(ask):
    assert ask("maya", "review_deals").parts[0].type == "not_known"
    assert ask("maya", "review_deals", rules=["H12"]).content["count"] > 0


def test_nothing_hidden_shows_in_evidence(ask):
    text = text_of(ask("sam", "review_deals", rules=[]))
    assert "no amount" not in text
    for competitor in ("Sensoria", "Voltaic"):
        assert competitor not in text_of(ask("sam", "review_deals", deal="Blue Heron expansion"))
