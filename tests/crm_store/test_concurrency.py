"""Two people at once: no update is lost, no call has its effect twice, no number is given twice."""

import threading
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from tests_support import deal_named

from crm_store.directory import find_principal
from crm_store.ledger import find_effect, record_effect
from crm_store.unit_of_work import ConflictError

PRIYA = "priya@northstar.example"


def together(*calls):
    """Runs the calls in threads of their own and gives what each returned or raised."""
    results = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def work(index):
        gate.wait(timeout=20)
        try:
            results[index] = calls[index]()
        except (ConflictError, IntegrityError, OperationalError) as error:
            results[index] = error

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_no_update_is_lost(store):
    """Each adds 1 to the amount it reads under the lock; the sum tells whether one was overwritten."""
    priya = find_principal(store, PRIYA)
    with store.unit_of_work(priya) as uow:
        deal = deal_named(uow, "Kestrel renewal")
        uow.update("deal", deal, {"amount": Decimal(0)})
        uow.commit()
        deal_id = deal.id

    def add_one():
        for _ in range(5):
            with store.unit_of_work(priya) as uow:
                deal = uow.find("deal", deal_id)
                uow.session.refresh(deal, with_for_update=True)
                uow.update("deal", deal, {"amount": deal.amount + 1})
                uow.commit()
        return "done"

    assert together(add_one, add_one) == ["done", "done"]
    with store.unit_of_work(priya, writes=False) as uow:
        assert uow.find("deal", deal_id).amount == 10


def test_a_change_of_what_was_read_before_someone_elses_is_refused(store):
    priya = find_principal(store, PRIYA)
    with store.unit_of_work(priya, writes=False) as uow:
        deal_id, seen = (deal := deal_named(uow, "Kestrel renewal")).id, deal.version

    def set_to(amount):
        def call():
            with store.unit_of_work(priya) as uow:
                uow.update("deal", uow.find("deal", deal_id), {"amount": amount}, expected_version=seen)
                uow.commit()
            return amount

        return call

    results = together(set_to(Decimal(111)), set_to(Decimal(222)))
    assert sorted(type(each).__name__ for each in results) == ["ConflictError", "Decimal"]
    kept = next(each for each in results if isinstance(each, Decimal))
    with store.unit_of_work(priya, writes=False) as uow:
        assert uow.find("deal", deal_id).amount == kept


def test_one_key_has_one_effect_in_sequence(store):
    priya = find_principal(store, PRIYA)
    for _ in range(2):
        with store.unit_of_work(priya) as uow:
            if find_effect(uow, "turn_1:call_1") is None:
                uow.create("task", {"title": "only once", "assignee": priya.user_id})
                record_effect(uow, "turn_1:call_1", {"ok": True})
                uow.commit()
    with store.unit_of_work(priya, writes=False) as uow:
        assert [task.title for task in uow.all("task")].count("only once") == 1
        assert find_effect(uow, "turn_1:call_1") == {"ok": True}


def test_one_key_has_one_effect_at_once(store):
    priya = find_principal(store, PRIYA)

    def call():
        with store.unit_of_work(priya) as uow:
            if (found := find_effect(uow, "turn_2:call_1")) is not None:
                return found
            uow.create("task", {"title": "only once", "assignee": priya.user_id})
            record_effect(uow, "turn_2:call_1", {"by": uow.effect_id})
            uow.commit()
            return {"by": uow.effect_id}

    results = together(*[call] * 4)
    answers = [each for each in results if isinstance(each, dict)]
    assert len({each["by"] for each in answers}) == 1
    with store.unit_of_work(priya, writes=False) as uow:
        assert [task.title for task in uow.all("task")].count("only once") == 1


def test_tickets_get_different_numbers_at_once(store):
    sam = find_principal(store, "sam@northstar.example")

    def call():
        with store.unit_of_work(sam) as uow:
            ticket = uow.create("ticket", {"subject": "broken"})
            uow.commit()
            return ticket.number

    numbers = together(*[call] * 4)
    assert len(set(numbers)) == 4
    assert all(str(number).startswith("T-") for number in numbers)


def test_a_failed_unit_of_work_leaves_nothing(store):
    priya = find_principal(store, PRIYA)

    def work():
        with store.unit_of_work(priya) as uow:
            uow.create("task", {"title": "never", "assignee": priya.user_id})
            uow.update("deal", deal_named(uow, "Kestrel renewal"), {"next_step": "x"}, expected_version=99)

    with pytest.raises(ConflictError):
        work()
    with store.unit_of_work(priya, writes=False) as uow:
        assert "never" not in [task.title for task in uow.all("task")]
