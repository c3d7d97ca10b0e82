"""Briefings on the demo world: what they hold, how long they are, whose, and that a past one is made again."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from analytics.hygiene.rule import RULES, wording
from briefings.compose import brief, cited, compose
from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.principals import SYSTEM
from crm_store.query import readable

SETTINGS = Settings()


def briefing(store, who, **more):
    return brief(store, find_principal(store, f"{who}@northstar.example"), SETTINGS, **more)


@pytest.mark.parametrize("who", ["marcus", "priya", "tom", "ella", "zhangwei", "lina"])
def test_a_rep_briefing_has_at_most_12_lines_each_with_records(northstar_store, who):
    found = briefing(northstar_store, who)
    assert len(found.text().splitlines()) <= 12
    assert all(line.records for line in found.lines)
    assert all("_" in ref.id for ref in cited(found))


@pytest.mark.parametrize("who", ["marcus", "dana", "lina", "chenli", "admin"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_rules_go_by_what_they_are_about_not_by_their_ids(northstar_store, who, language):
    text = briefing(northstar_store, who, language=language).text()
    assert any(wording(language, each.id, "title") in text for each in RULES)
    assert not re.search(r"H\d", text)


def test_a_manager_sees_the_team_and_no_one_else(northstar_store):
    text = briefing(northstar_store, "dana").text()
    assert "Priya Nair" in text
    assert "Marcus Lee" in text
    assert "李娜" not in text
    assert "张伟" not in text
    assert "2026-Q1: commit forecast USD" in text


def test_one_line_when_there_is_nothing(northstar_store):
    found = briefing(northstar_store, "maya")
    assert found.text() == "Maya Brooks, Tue 10 March 2026: nothing due, nothing waiting, nothing to fix."


def test_it_is_in_the_language_of_the_person_or_as_asked(northstar_store):
    assert "的简报" in briefing(northstar_store, "lina").text()
    assert "Briefing for 李娜" in briefing(northstar_store, "lina", language="en").text()


def test_every_record_of_a_briefing_is_visible_to_its_reader(northstar_store):
    for who in ("marcus", "dana", "sam", "lina"):
        principal = find_principal(northstar_store, f"{who}@northstar.example")
        found = brief(northstar_store, principal, SETTINGS)
        with northstar_store.unit_of_work(principal, writes=False) as uow:
            for ref in cited(found):
                assert readable(uow, ref.kind)
                assert uow.find(ref.kind, ref.id) is not None, ref


def test_the_same_moment_gives_the_same_text_whatever_happened_since(store, clock):
    moment = clock.now()
    before = {who: briefing(store, who).text() for who in ("marcus", "dana", "lina")}
    clock.advance(timedelta(days=2))
    change_much(store)
    clock.advance(timedelta(days=1))
    assert {who: briefing(store, who).text() for who in before} != before
    assert {who: briefing(store, who, as_of=moment).text() for who in before} == before
    assert {who: briefing(store, who, as_of=moment).text() for who in before} == before


def change_much(store):
    marcus = find_principal(store, "marcus@northstar.example")
    with store.unit_of_work(marcus) as uow:
        deals = [deal for deal in uow.all("deal") if deal.owner_id == marcus.user_id]
        stages = sorted(uow.all("stage"), key=lambda stage: stage.position)
        uow.update("deal", deals[0], {"amount": Decimal(1), "close_date": datetime(2026, 6, 1, tzinfo=UTC).date()})
        uow.update("deal", deals[1], {"stage": stages[3].id, "next_step": "Sign it"})
        for task in uow.all("task")[:3]:
            uow.update("task", task, {"status": "done"})
        made = uow.create(
            "task",
            {
                "title": "Call everyone",
                "due": uow.today,
                "assignee": marcus.user_id,
                "created_by": marcus.user_id,
                "status": "open",
                "priority": "high",
            },
        )
        uow.create(
            "interaction",
            {
                "type": "email",
                "direction": "inbound",
                "occurred_at": uow.now,
                "deal": deals[2].id,
                "account": deals[2].account_id,
                "owner": marcus.user_id,
                "body": "Where is the quote?",
            },
        )
        uow.delete("task", made)
        uow.commit()
    with store.unit_of_work(marcus) as uow:
        gone = next(deal for deal in uow.all("deal") if deal.id == deals[3].id)
        uow.delete("deal", gone)
        uow.commit()


def test_before_the_import_the_dates_of_the_records_count(northstar_store):
    text = briefing(northstar_store, "marcus", as_of=datetime(2026, 2, 2, 14, 0, tzinfo=UTC)).text()
    assert text.startswith("Briefing for Marcus Lee, Mon 2 February 2026")
    assert "March" not in text.replace("Mon 30 March", "").replace("closes", "") or "2026" in text
    assert "Tue 3 March" not in text


def test_composing_changes_nothing(northstar_store):
    principal = find_principal(northstar_store, "dana@northstar.example")
    with northstar_store.unit_of_work(principal, writes=False) as uow:
        before = sorted((deal.id, deal.version) for deal in uow.all("deal"))
    brief(northstar_store, principal, SETTINGS, as_of=datetime(2026, 1, 15, 13, 0, tzinfo=UTC))
    with northstar_store.unit_of_work(principal, writes=False) as uow:
        assert sorted((deal.id, deal.version) for deal in uow.all("deal")) == before


def test_what_is_shared_by_a_run_never_changes_what_one_reads(northstar_store):
    """A manager, reps of two teams and other roles one after the other with one memory, and each with none."""
    shared = {}
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        people = [user.email for user in sorted(uow.all("user"), key=lambda each: each.role)]
    for email in [*people, *reversed(people)]:
        principal = find_principal(northstar_store, email)
        with northstar_store.unit_of_work(principal, writes=False) as uow:
            assert compose(uow, SETTINGS, shared=shared).text() == compose(uow, SETTINGS).text()
    assert shared
