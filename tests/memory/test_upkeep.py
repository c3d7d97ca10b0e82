"""The index follows what is said: fed in the background after a turn, bounded, never in the way."""

import time

import pytest
from filelock import FileLock

from agent import Turn, build_runtime, run_turn
from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.principals import SYSTEM
from memory import feeding, opening, serving, upkeep
from memory.chroma import LOCK_FILE
from memory.embedders.protocol import EmbedderUnavailableError
from memory.feeder import Feeder
from memory.opening import Memory
from memory.search import search
from memory.syncing import sync
from tests.memory.hashed_embedder import HashedEmbedder

MARCUS = "marcus@northstar.example"
LOG = "Called Sara Brandt at Orion Foods, she asked whether the beekeeping module survives wash-down."


@pytest.fixture
def quick_embedder(monkeypatch):
    embedder = HashedEmbedder()
    monkeypatch.setattr(opening, "open_embedder", lambda settings: embedder)
    return embedder


def log_something(store):
    with store.unit_of_work(SYSTEM) as uow:
        account = uow.all("account")[0]
        now = uow.now
        uow.create("interaction", {"type": "note", "occurred_at": now, "account": account.id, "body": LOG})
        uow.commit()


def test_what_a_turn_logged_is_in_the_index_soon_after(northstar_url, clock, tmp_path, quick_embedder):
    settings = Settings(home=tmp_path, database_url=northstar_url, memory_feed=True)
    runtime = build_runtime(settings, clock=clock)
    feeding.rebuild(runtime.store, Memory(quick_embedder))
    reply = run_turn(runtime, Turn(MARCUS, "Called Acme Robotics, they asked about the beekeeping module."))
    assert reply.undo
    assert runtime.feeder is not None
    assert runtime.feeder.close(30)
    with runtime.store.unit_of_work(find_principal(runtime.store, MARCUS), writes=False) as uow:
        [hit] = search(uow, Memory(quick_embedder), "beekeeping module", limit=1).hits
    assert "beekeeping" in hit.quote
    runtime.close()


def test_a_turn_that_changes_nothing_starts_no_thread(northstar_url, clock, tmp_path, quick_embedder):
    settings = Settings(home=tmp_path, database_url=northstar_url, memory_feed=True)
    runtime = build_runtime(settings, clock=clock)
    run_turn(runtime, Turn(MARCUS, "How many open deals do I have?"))
    assert quick_embedder.texts == 0
    runtime.close()


def test_a_process_gets_ready_by_making_a_missing_index_and_loading_the_model(
    northstar_url, clock, tmp_path, quick_embedder, monkeypatch
):
    loaded = []
    monkeypatch.setattr(quick_embedder, "load", lambda: loaded.append(True), raising=False)
    monkeypatch.setattr(serving, "_embedder", lambda *spec: quick_embedder)
    runtime = build_runtime(Settings(home=tmp_path, database_url=northstar_url, memory_feed=True), clock=clock)
    assert not feeding.status(runtime.store, Memory(quick_embedder)).exists
    runtime.get_ready()
    assert runtime.feeder is not None
    eventually(lambda: loaded)
    assert feeding.status(runtime.store, Memory(quick_embedder)).interactions == 728
    runtime.close()


def eventually(holds):
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_who_searches_by_chroma_fills_it_too(northstar_store, tmp_path, quick_embedder):
    settings = Settings(home=tmp_path / "own", memory_chroma_url="local")
    feeding.rebuild(northstar_store, Memory(quick_embedder))
    chroma = serving.shared_chroma(settings)
    sync(northstar_store, Memory(quick_embedder, chroma))
    log_something(northstar_store)
    feeder = Feeder(northstar_store, settings)
    feeder.nudge()
    assert feeder.close(30)
    assert feeding.status(northstar_store, Memory(quick_embedder)).not_in_chroma == 0
    chroma.close()


def test_a_failing_embedder_fails_nothing_and_loses_nothing(northstar_store, tmp_path, quick_embedder, caplog):
    feeding.rebuild(northstar_store, Memory(quick_embedder))
    log_something(northstar_store)

    def refuse(texts):
        raise EmbedderUnavailableError("no embeddings today")

    embed, quick_embedder.embed = quick_embedder.embed, refuse
    feeder = Feeder(northstar_store, Settings(home=tmp_path))
    feeder.nudge()
    assert feeder.close(30)
    assert "no embeddings today" in caplog.text
    quick_embedder.embed = embed
    assert feeding.status(northstar_store, Memory(quick_embedder)).waiting == 1
    assert upkeep.keep_up(northstar_store, Memory(quick_embedder)).fed.entries == 1


def test_a_slow_embedder_holds_up_neither_who_nudges_nor_who_closes(northstar_store, tmp_path, quick_embedder):
    feeding.rebuild(northstar_store, Memory(quick_embedder))
    log_something(northstar_store)
    embed = quick_embedder.embed

    def wait(texts):
        time.sleep(1)
        return embed(texts)

    quick_embedder.embed = wait
    feeder = Feeder(northstar_store, Settings(home=tmp_path))
    feeder.nudge()
    assert not feeder.close(0.05)
    assert feeder.close(30)
    assert feeding.status(northstar_store, Memory(quick_embedder)).waiting == 0


def test_a_large_store_without_an_index_waits_for_the_command(northstar_store, memory, monkeypatch):
    monkeypatch.setattr(upkeep, "MOST_BY_ITSELF", 5)
    assert upkeep.keep_up(northstar_store, memory).waits_for_rebuild
    monkeypatch.setattr(upkeep, "MOST_BY_ITSELF", 50_000)
    assert upkeep.keep_up(northstar_store, memory).fed.passages > 0
    assert upkeep.keep_up(northstar_store, memory) == upkeep.Upkeep()


def test_another_owner_of_the_chroma_folder_is_no_error(northstar_store, chroma_memory, tmp_path):
    feeding.rebuild(northstar_store, chroma_memory)
    log_something(northstar_store)
    folder = tmp_path / "home" / "chroma"
    folder.mkdir(parents=True)
    with FileLock(folder / LOCK_FILE, is_singleton=False):
        done = upkeep.keep_up(northstar_store, chroma_memory)
    assert done.fed.entries == 1
    assert done.in_chroma == 0
