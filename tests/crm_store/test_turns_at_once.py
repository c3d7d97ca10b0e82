"""Two processes that begin the same turn at the same moment: one works, the other hears that it is busy."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from crm_store.conversation_log import ConversationLog, TurnBusyError
from crm_store.principals import SYSTEM


def test_the_same_turn_begun_twice_at_once_is_one_turn(store, monkeypatch):
    with store.unit_of_work(SYSTEM) as uow:
        user = uow.create("user", {"name": "Ana", "email": "ana@example.com", "role": "rep"}).id
        uow.commit()
    log, together, looked = ConversationLog(store), Barrier(2), []
    find = ConversationLog._find_turn

    def find_together(session, conversation_id, key):
        found = find(session, conversation_id, key)
        if store.engine.dialect.name == "postgresql" and len(looked) < 2:
            looked.append(key)
            together.wait(10)
        return found

    log.begin_turn(user, "slack", "talk", "first", "hello")
    monkeypatch.setattr(ConversationLog, "_find_turn", staticmethod(find_together))

    def begin(_):
        try:
            return log.begin_turn(user, "slack", "talk", "click", "yes").id
        except TurnBusyError:
            return "busy"

    with ThreadPoolExecutor(2) as pool:
        begun = list(pool.map(begin, range(2)))
    assert begun.count("busy") == 1
