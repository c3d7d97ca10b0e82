"""How fast notes are taken in and found in a made-up company of a given size."""

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.principals import Principal
from crm_store.store import Store
from crm_store.transfer import import_world
from evals.bench_store import write_world
from memory import feeding
from memory.opening import Memory, open_memory
from memory.scope import Scope, count_passages
from memory.search import search
from memory.syncing import sync

_QUERIES = (
    "sensors and wash-down",
    "references for procurement",
    "下个月试点结果",
    "rival with good service terms",
)


def speed(passages: int) -> None:
    """Fills a store with that many interactions and prints ingest per second and search times, scoped and not.

    Searches are those of a rep, whose rights are part of each statement.
    """
    with tempfile.TemporaryDirectory(prefix="dealhand-bench-") as name:
        folder = Path(name) / "files"
        folder.mkdir()
        write_world(folder, passages)
        url = f"sqlite:///{name}/store.sqlite3"
        import_world(url, folder)
        store, memory = open_store(url), open_memory(Settings(home=Path(name)))
        _timed("embedder loaded, first text", 1, lambda: memory.embedder.embed(["warm"]))
        _timed("ingest (text, vectors, database)", passages, lambda: feeding.feed(store, memory))
        _timed("Chroma filled from the database", passages, lambda: sync(store, memory))
        chance = random.Random(3)
        rep = find_principal(store, "rep@bench.example")
        with store.unit_of_work(rep, writes=False) as uow:
            accounts = sorted(each.id for each in uow.all("account"))
        for label, scopes in (
            ("one account", [Scope(account_id=chance.choice(accounts)) for _ in range(60)]),
            ("everything", [Scope()] * 20),
        ):
            timed_searches(label, store, rep, memory, scopes)
        memory.close()
        store.close()


def timed_searches(label: str, store: Store, rep: Principal, memory: Memory, scopes: Sequence[Scope]) -> None:
    """Searches in each scope and prints how long it took, on the clock and in processor time."""
    on_the_clock, of_processor = [], []
    for at, scope in enumerate(scopes):
        with store.unit_of_work(rep, writes=False) as uow:
            began, used = time.perf_counter(), time.process_time()
            search(uow, memory, _QUERIES[at % len(_QUERIES)], scope)
            on_the_clock.append((time.perf_counter() - began) * 1000)
            of_processor.append((time.process_time() - used) * 1000)
    with store.unit_of_work(rep, writes=False) as uow:
        held = count_passages(uow, scopes[-1])
    for what, taken in (("clock", sorted(on_the_clock[2:])), ("processor", sorted(of_processor[2:]))):
        half, most = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
        print(
            f"search {label}, {what}: p50 {half:.1f} ms, p95 {most:.1f} ms, n = {len(taken)}, "
            f"about {held:,} passages in the scope"
        )


def _timed(label: str, number: int, action: Callable[[], object]) -> None:
    began, used = time.perf_counter(), time.process_time()
    action()
    seconds, of_processor = time.perf_counter() - began, time.process_time() - used
    rate = (
        f"{number / seconds:,.0f} a second on the clock, {number / of_processor:,.0f} a second of processor time, "
    )
    print(
        f"{label}: {rate if number > 1 else ''}n = {number:,}, {seconds:.1f} s, {of_processor:.1f} s of processor"
    )
