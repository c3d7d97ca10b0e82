"""Suggestions in conversation: shown and logged, taken, dismissed, silenced; the records stay as they are."""

import sqlite3

import pytest

from agent import Turn, run_turn
from crm_store.principals import SYSTEM
from crm_store.suggestion_log import settle
from tests.agent.conftest import MARCUS

DEAL = "Redwood gateway upgrade"


def rows(url, what="action, status, rule"):
    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        return database.execute(f"SELECT {what} FROM suggestion ORDER BY id").fetchall()


def audited(url):
    with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
        return database.execute("SELECT count(*) FROM audit_entry").fetchone()[0]


def test_what_is_shown_is_logged_with_its_chances_and_changes_no_record(say, northstar_url):
    before = audited(northstar_url)
    reply = say(f"What should I do next on {DEAL}?")
    assert audited(northstar_url) == before
    assert not reply.undo
    shown = rows(northstar_url, "status, score, propensity, shown")
    assert len(shown) == 3
    assert all(status == "shown" and 0 < score <= 1 and 0 < chance <= 1 for status, score, chance, _ in shown)
    assert '"seed"' in shown[0][3]
    assert '"candidates"' in shown[0][3]
    say(f"What should I do next on {DEAL}?")
    assert len(rows(northstar_url)) == 3


@pytest.mark.parametrize(
    ("asked", "words", "kind"),
    [(f"What should I do next on {DEAL}?", "do 2", "task"), (f"{DEAL}下一步该做什么？", "采纳第2个", "task")],
)
def test_taking_one_creates_the_task_and_is_logged(say, northstar_url, asked, words, kind):
    say(asked)
    reply = say(words)
    assert [part.record.kind for part in reply.parts if part.type == "change"] == [kind]
    assert ("accepted", "task") in rows(northstar_url, "status, made_kind")


def test_the_same_task_in_other_words_counts_as_edited(say, northstar_url):
    say(f"What should I do next on {DEAL}?")
    say(f"Remind me on Friday to hold a technical workshop for the {DEAL}")
    assert ("technical_workshop", "edited") in rows(northstar_url, "action, status")


def test_taking_it_for_another_day_counts_as_edited(say, northstar_url):
    say(f"What should I do next on {DEAL}?")
    reply = say("do the third on Friday")
    [change] = [part for part in reply.parts if part.type == "change"]
    assert (change.record.kind, change.record.name) == ("task", f"Agree on a next step for {DEAL}")
    assert "Fri 13 March 2026" in [field.after for field in change.fields]
    assert ("edited", "task") in rows(northstar_url, "status, made_kind")


def test_what_is_planned_is_not_suggested_again(say):
    say(f"What should I do next on {DEAL}?")
    say("do 2")
    assert "Technical workshop, to answer" not in text_of(say(f"What should I do next on {DEAL}?"))


def test_a_question_in_between_leaves_the_suggestions_on_the_table(say):
    say(f"What should I do next on {DEAL}?")
    say("why?")
    assert "on your list already" in text_of(say("do it"))
    assert say("do 2").undo
    say("pipeline by stage")
    assert not say("do 3").undo


@pytest.mark.parametrize("yes", ["yes", "Yes, please do.", "sure, next Friday", "安排一下"])
def test_a_yes_takes_the_one_that_was_offered_after_a_log(say, northstar_url, yes):
    say(f"Met Ines Kowalski about the {DEAL}, their IT is worried about data leaving the plant.")
    assert not say("ok").undo
    assert [part.record.kind for part in say(yes).parts if part.type == "change"] == ["task"]
    assert rows(northstar_url, "action, made_kind") == [("security_review", "task")]


def text_of(reply):
    return "\n".join(part.text for part in reply.parts if part.type in ("text", "not_known"))


def test_the_others_can_still_be_answered_by_number(say, northstar_url):
    say(f"What should I do next on {DEAL}?")
    say("ok do 2")
    assert not say("do it").undo
    say(f"What should I do next on {DEAL}?")
    say("dismiss 2")
    say("dismiss the third")
    assert sum(status == "dismissed" for _, status, _ in rows(northstar_url)) == 2


def test_two_dismissals_silence_it_for_30_days(runtime, say, northstar_url, clock):
    first = say(f"What should I do next on {DEAL}?")
    for _ in range(2):
        say("dismiss 2")
        first = say(f"What should I do next on {DEAL}?")
    assert "workshop" not in first.parts[0].text.lower()
    assert rows(northstar_url, "count(*)") != [(0,)]
    assert [
        row for row in rows(northstar_url, "action, status") if row == ("technical_workshop", "dismissed")
    ] != []


def test_which_deals_need_something_today(say):
    for words in ("Which of my deals need me today?", "今天哪些商机需要我？", "今天我该跟进哪些单子"):
        reply = say(words)
        [table] = [part for part in reply.parts if part.type == "table"]
        assert len(table.rows) >= 5
        assert all(record.kind == "deal" for record in table.records)


def test_a_log_with_an_objection_names_the_next_action_and_it_can_be_taken(say, northstar_url):
    log = f"Met Ines Kowalski about the {DEAL}, their IT is worried about data leaving the plant."
    reply = say(log)
    line = next(part.text for part in reply.parts if part.type == "text")
    assert "security" in line
    assert "?" not in line
    assert [part.record.kind for part in reply.parts if part.type == "change"] == ["interaction"]
    done = say("do it")
    assert [part.record.name for part in done.parts if part.type == "change"] == [
        f"Arrange a security review for {DEAL}"
    ]
    assert ("security_review", "accepted") in rows(northstar_url, "action, status")


def test_a_log_without_one_says_nothing_more(say):
    reply = say(f"Met Ines Kowalski about the {DEAL}, a friendly chat.")
    assert {part.type for part in reply.parts} == {"change"}


def test_the_words_mean_nothing_when_nothing_was_suggested(say, northstar_url):
    say("How many open deals do I have?")
    reply = say("dismiss it")
    assert not reply.undo
    assert rows(northstar_url) == []


def test_what_became_of_it_is_noted_when_the_deal_moves(runtime, say, northstar_url):
    say(f"What should I do next on {DEAL}?")
    reply = run_turn(runtime, Turn(MARCUS, f"Move {DEAL} to Negotiation"))
    assert reply.undo
    assert {row[0] for row in rows(northstar_url, "outcome")} == {"moved_on"}
    with runtime.store.unit_of_work(SYSTEM, writes=False):
        assert settle(runtime.store) == 0
