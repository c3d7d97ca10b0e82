"""search_interactions: what was said, by topic in both languages, within what the asker may read."""

import sqlite3

import pytest

from core.errors import InvalidArgumentError
from tests.asking import Asker, names, text_of


@pytest.fixture
def ask(northstar_store) -> Asker:
    return Asker(northstar_store)


@pytest.mark.parametrize(("user", "language", "arguments", "told"), [
    ("ella", "en", {"query": "security questions", "contact": "Aisha Quinn"}, ["9 March 2026", "120-question"]),
    ("zhangwei", "zh", {"query": "担心", "contact": "卫涛", "deal": "远航电机二期项目"}, ["PLC", "MES"]),
    ("lina", "zh", {"query": "信息安全", "deal": "长风化工扩容"}, ["吴丽", "冯艳"]),
    ("lina", "en", {"query": "security", "deal": "长风化工扩容"}, ["吴丽", "冯艳"]),
    ("tom", "zh", {"query": "价格", "account": "Acme Foods"}, ["expensive"]),
    ("tom", "en", {"query": "ERP integration", "account": "Tallgrass"}, ["MES"]),
])  # fmt: skip
def test_topics_are_found_across_words_and_languages(ask, user, language, arguments, told):
    text = text_of(ask(user, "search_interactions", language, **arguments))
    for words in told:
        assert words in text


def test_quotes_come_with_people_kind_and_day_and_cite_them(ask):
    result = ask("ella", "search_interactions", query="security questionnaire", contact="Aisha Quinn")
    assert "Aisha Quinn with Ella Novak, meeting, Mon 9 March 2026: “" in text_of(result)
    assert {"contact", "interaction"} <= {record.kind for record in result.records}


def test_nothing_found_is_said_with_how_much_was_searched(ask):
    result = ask("tom", "search_interactions", query="blockchain", account="Acme Foods")
    assert result.parts[0].type == "not_known"
    assert str(result.content["searched"]) in result.parts[0].text


def test_where_few_interactions_were_searched_in_vain_they_are_shown(ask):
    result = ask("zhangwei", "search_interactions", "zh", query="食堂装修", deal="云栖智造续约")
    assert [part.type for part in result.parts] == ["not_known", "text"]
    assert "Sensoria" in result.parts[1].text
    assert len(names(result.records, "interaction")) == result.content["searched"]


def test_where_many_were_searched_in_vain_none_is_shown(ask):
    result = ask("tom", "search_interactions", query="blockchain", account="Acme Foods")
    assert [part.type for part in result.parts] == ["not_known"]
    assert result.content["searched"] > 4


def test_without_a_query_the_latest_come_first(ask, northstar_url):
    result = ask("tom", "search_interactions", account="Acme Foods", type="call", since="January", limit=3)
    with sqlite3.connect(northstar_url.removeprefix("sqlite:///")) as database:
        wanted = database.execute(
            "SELECT subject FROM interaction WHERE type = 'call' AND date(occurred_at) >= '2026-01-01'"
            " AND account_id = (SELECT id FROM account WHERE name = 'Acme Foods')"
            " ORDER BY occurred_at DESC LIMIT 3"
        ).fetchall()
    assert names(result.records, "interaction") == [row[0] for row in wanted]


def test_only_what_the_asker_may_read_is_searched(ask, northstar_url):
    with sqlite3.connect(northstar_url.removeprefix("sqlite:///")) as database:
        readable = {row[0] for row in database.execute(
            "SELECT i.id FROM interaction i LEFT JOIN account a ON a.id = i.account_id WHERE a.owner_id IN"
            " (SELECT id FROM user_account WHERE team_id = (SELECT id FROM team WHERE name = 'AMER'))"
        )}  # fmt: skip
    result = ask("marcus", "search_interactions", query="Sensoria", limit=30)
    assert result.content["searched"] == len(readable)
    assert {record.id for record in result.records if record.kind == "interaction"} <= readable


def test_a_kind_of_interaction_that_does_not_exist_is_refused(ask):
    with pytest.raises(InvalidArgumentError, match="telepathy"):
        ask("tom", "search_interactions", type="telepathy")
