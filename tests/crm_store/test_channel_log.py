"""What channels and the queue keep, on SQLite and on PostgreSQL: each promise of once holds between threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from crm_store.channel_log import ChannelLog
from crm_store.channel_state import ChannelDelivery
from crm_store.directory import find_principal
from crm_store.job_ledger import StoreJobLedger
from jobs.job import Job

MINUTE = timedelta(minutes=1)


@pytest.fixture
def log(store):
    return ChannelLog(store)


def at_once(call, times=6):
    """What `call` gives when that many threads make it at the same moment."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(call, range(times)))


def delivery(log, key, workspace="T1", **more):
    return ChannelDelivery(key=key, workspace=workspace, room="C1", created_at=log.now, updated_at=log.now, **more)


def test_an_event_is_taken_in_once_and_a_state_is_used_once(log):
    assert sorted(at_once(lambda _: log.remember("e1", "T1"))) == [False] * 5 + [True]
    assert sorted(at_once(lambda _: log.consume("e1", MINUTE))) == [False] * 5 + [True]
    assert not log.consume("e1", MINUTE)


def test_one_process_sends_a_message_and_another_goes_on_when_it_lets_go(log):
    log.begin_delivery(delivery(log, "k"))
    got = at_once(lambda n: log.own_delivery("k", f"process {n}", MINUTE))
    assert sorted(got) == [False] * 5 + [True]
    winner = f"process {got.index(True)}"
    assert log.own_delivery("k", winner, MINUTE)
    log.release_delivery("k", winner)
    assert log.own_delivery("k", "another", MINUTE)
    log.note_delivery("k", message="1.2", status="done")
    assert not log.own_delivery("k", "another", MINUTE)
    assert log.begin_delivery(delivery(log, "k")).message == "1.2"
    assert log.knows_message("T1", "C1", "1.2")
    assert not log.knows_message("T2", "C1", "1.2")


def test_one_process_renews_a_token(log):
    log.save_installation("T1", {"n": 1})
    assert sorted(at_once(lambda _: log.claim_renewal("T1", MINUTE))) == [False] * 5 + [True]
    log.save_installation("T1", {"n": 2})
    assert log.find_installation("T1") == {"n": 2}
    assert log.claim_renewal("T1", MINUTE)


def test_stops_of_a_thread_are_counted_and_a_later_word_replaces_an_earlier_one(log, store):
    at_once(lambda _: log.engage("T1", "C1", "1.1"))
    log.stop_thread("T1", "C1", "1.1")
    log.stop_thread("T1", "C1", "1.1")
    assert log.find_thread("T1", "C1", "1.1").stops == 2
    log.add_feedback("T1", "turn_1", "user_1", "bad")
    log.add_feedback("T1", "turn_1", "user_1", "bad", "wrong deals")
    log.add_feedback("T1", "turn_1", "user_2", "good")
    assert [each.reason for each in log.feedback(rating="bad")] == ["wrong deals"]
    assert len(log.feedback()) == 2


def test_a_change_of_a_room_is_seen_by_everyone(log, store):
    assert log.changed_at("room") is None
    log.mark_changed("room", "T1")
    first = ChannelLog(store).changed_at("room")
    log.mark_changed("room", "T1")
    assert ChannelLog(store).changed_at("room") >= first


def test_a_workspace_is_forgotten_with_its_jobs_and_conversations_and_no_other_is(log, store):
    marcus, ledger = find_principal(store, "marcus@northstar.example"), StoreJobLedger(store)
    for team in ("T1", "T_", "T2"):
        log.save_installation(team, {"team": team})
        log.map_person(team, "U1", marcus.user_id, "")
        log.link_room(team, "C1", "deal", "deal_1", marcus.user_id)
        log.engage(team, "C1", "1.1")
        log.begin_delivery(delivery(log, f"slack:{team}:k", team))
        log.remember(f"slack:{team}:event", team)
        log.add_feedback(team, f"turn_{team}", marcus.user_id, "good")
        ledger.record(Job(f"job_{team}", f"slack:{team}:C1:1.1:turn", "slack", "turn", {}, team))
    log.forget_workspace("T_", "slack:T_:")
    assert log.find_installation("T_") is None
    assert log.mapped("T_", "U1") is None
    assert log.find_room("T_", "C1") is None
    assert log.find_delivery("slack:T_:k") is None
    assert ledger.find("job_T_") is None
    for team in ("T1", "T2"):
        assert log.find_installation(team) == {"team": team}
        assert log.mapped(team, "U1") == marcus.user_id
        assert log.find_delivery(f"slack:{team}:k") is not None
        assert ledger.find(f"job_{team}") is not None
    assert {each.workspace for each in log.feedback()} == {"T1", "T2"}


def test_a_key_is_one_job_whoever_puts_it_in_first(store):
    ledger = StoreJobLedger(store)
    got = at_once(lambda n: ledger.record(Job(f"job_{n}", "k", "slack", "turn", {"n": n})))
    assert [is_new for _, is_new in got].count(True) == 1
    assert len({job.id for job, _ in got}) == 1
    (waiting,) = ledger.list_unsent(frozenset({"slack"}))
    assert not ledger.list_unsent(frozenset({"other"}))
    ledger.mark_sent(waiting.id)
    assert not ledger.list_unsent()
    ledger.mark_done(waiting.id)
    assert ledger.record(Job("job_9", "k", "slack", "turn", {}))[1] is False
    assert ledger.find(waiting.id) is None
