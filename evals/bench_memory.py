"""How well and how fast the memory finds: a table of embedders, LoCoMo's evidence, and speed at a size.

`python -m evals.bench_memory table [MODEL_FOLDER …]`, or `locomo PATH [MODEL_FOLDER]`, or `speed [PASSAGES]`,
or `gate [LOCOMO_PATH]`.
"""

import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.principals import Principal
from crm_store.store import Store
from crm_store.transfer import import_world
from evals.bench_store import write_world
from memory import feeding
from memory.embedders.bundled import BundledEmbedder
from memory.embedders.protocol import Embedder, Vectors
from memory.embedders.transformer import TransformerEmbedder
from memory.opening import Memory, open_memory
from memory.passages import Note, passages_of
from memory.scoring import Corpus, bm25, cosines, fuse, shares_of
from memory.search import Scope, search
from memory.syncing import sync
from memory.words import query_terms

KINDS = ("en_en", "zh_zh", "en_words", "zh_words", "en_zh", "zh_en")
_SOME_DAY = datetime(2026, 3, 2, tzinfo=UTC)
_QUERIES = (
    "sensors and wash-down",
    "references for procurement",
    "下个月试点结果",
    "rival with good service terms",
)
_LOCOMO_DATE = "%I:%M %p on %d %B, %Y"


@dataclass(frozen=True, slots=True)
class Pool:
    """Passages to search, made as the index makes them."""

    ids: tuple[str, ...]
    documents: tuple[tuple[str, ...], ...]
    vectors: Vectors

    @classmethod
    def of(cls, notes: Iterable[Note], embedder: Embedder) -> "Pool":
        """The pool of these notes."""
        passages = [passage for note in notes for passage in passages_of(note)]
        rows = [
            embedder.embed([each.key for each in passages[at : at + 256]]) for at in range(0, len(passages), 256)
        ]
        ids = tuple(each.interaction_id for each in passages)
        return cls(ids, tuple(tuple(each.terms.split()) for each in passages), np.concatenate(rows))


Ranker = Callable[[Pool, str, Vectors, float], list[float]]


def by_words(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """BM25 alone."""
    wanted = query_terms(query)
    return bm25(wanted, pool.documents, Corpus.of(pool.documents, wanted))


def by_meaning(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """Cosines alone."""
    return [each + 1 for each in cosines(row, pool.vectors)]


def fused(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """What search does, without its floor for unrelated passages."""
    wanted = query_terms(query)
    shares = shares_of(wanted, pool.documents, Corpus.of(pool.documents, wanted))
    return [each + 1 for each in fuse(shares, cosines(row, pool.vectors), floor=-1.0)]


def by_best(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """BM25 divided by its best plus the cosine: the usual fusion, for comparison."""
    lexical = by_words(pool, query, row, floor)
    best = max(lexical, default=0.0) or 1.0
    return [
        one / best + max(0.0, other) + 1 for one, other in zip(lexical, cosines(row, pool.vectors), strict=True)
    ]


def with_floor(pool: Pool, query: str, row: Vectors, floor: float) -> list[float]:
    """What search does: passages that neither words nor meaning speak for are left out."""
    wanted = query_terms(query)
    shares = shares_of(wanted, pool.documents, Corpus.of(pool.documents, wanted))
    return fuse(shares, cosines(row, pool.vectors), floor=floor)


RANKERS: dict[str, Ranker] = {
    "words (BM25)": by_words,
    "meaning (cosine)": by_meaning,
    "BM25 / best + cosine": by_best,
    "fused": fused,
    "fused, with floor": with_floor,
}


def table(embedders: Sequence[Embedder]) -> None:
    """Prints hits at 1 and at 5 for each embedder and ranker, and how many unanswerable questions find nothing."""
    data = yaml.safe_load(files("evals").joinpath("data", "memory_recall.yaml").read_text(encoding="utf-8"))
    notes = [Note(id_, _SOME_DAY, "", text) for id_, text in data["notes"].items()]
    print(f"{len(notes)} notes; cells are found first / among the first five (n)")
    for embedder in embedders:
        pool = Pool.of(notes, embedder)
        print(f"\n{embedder.id}")
        for name, ranker in RANKERS.items():
            print(f"  {name:22s}{_line(data, pool, embedder, ranker)}")


# What ships, measured on evals/data/memory_recall.yaml (docs/memory.md), less what another CPU may round otherwise.
LEAST_FIRST, LEAST_FIVE, LEAST_SILENT = 83, 98, 8


def gate() -> int:
    """Fails, with the numbers shown, where the shipped retriever finds less than it did."""
    data = yaml.safe_load(files("evals").joinpath("data", "memory_recall.yaml").read_text(encoding="utf-8"))
    embedder = BundledEmbedder()
    pool = Pool.of([Note(id_, _SOME_DAY, "", text) for id_, text in data["notes"].items()], embedder)
    twins = {one: other for pair in data["twins"] for one, other in (pair.split("-"), pair.split("-")[::-1])}
    places = [
        _place(pool, fused(pool, query, embedder.embed([query])[0], embedder.floor), target, twins.get(target, ""))
        for kind in KINDS
        for query, target in data["questions"][kind]
    ]
    silent = sum(
        max(with_floor(pool, query, embedder.embed([query])[0], embedder.floor)) <= 0
        for query in data["questions"]["none"]
    )
    first, five = sum(place < 1 for place in places), sum(place < 5 for place in places)
    print(f"memory recall, fused: {first} first and {five} among five of {len(places)} "
          f"(at least {LEAST_FIRST} and {LEAST_FIVE}); {silent} of {len(data['questions']['none'])} unanswerable ones "
          f"find nothing (at least {LEAST_SILENT})")  # fmt: skip
    return int(first < LEAST_FIRST or five < LEAST_FIVE or silent < LEAST_SILENT)


def _line(data: dict[str, Any], pool: Pool, embedder: Embedder, ranker: Ranker) -> str:
    twins = {one: other for pair in data["twins"] for one, other in (pair.split("-"), pair.split("-")[::-1])}
    cells, halves = [], ([0, 0, 0], [0, 0, 0])
    for kind in KINDS:
        places = [
            _place(
                pool,
                ranker(pool, query, embedder.embed([query])[0], embedder.floor),
                target,
                twins.get(target, ""),
            )
            for query, target in data["questions"][kind]
        ]
        for at, place in enumerate(places):
            for column, value in enumerate((1, place < 1, place < 5)):
                halves[at % 2][column] += value
        cells.append(f"{kind} {sum(p < 1 for p in places)}/{sum(p < 5 for p in places)} ({len(places)})")
    silent = sum(
        max(ranker(pool, query, embedder.embed([query])[0], embedder.floor)) <= 0
        for query in data["questions"]["none"]
    )
    cells += [
        f"{label} {one}/{five} ({n})"
        for label, (n, one, five) in zip(("chosen on", "held out"), halves, strict=True)
    ]
    return "  ".join([*cells, f"silent {silent} ({len(data['questions']['none'])})"])


def _place(pool: Pool, scores: Sequence[float], target: str, twin: str) -> int:
    own = max(score for id_, score in zip(pool.ids, scores, strict=True) if id_ == target)
    if own <= 0:
        return len(scores)
    return sum(score > own for id_, score in zip(pool.ids, scores, strict=True) if id_ not in (target, twin))


# Of LoCoMo's evidence, for the fused ranker.
LEAST_ANY_10, LEAST_ALL_20 = 0.809, 0.765


def locomo(path: Path, embedder: Embedder) -> int:
    """Prints any@k and all@k of LoCoMo's annotated evidence, conversation by conversation searched alone.

    1 where the fused ranker finds less than it has to.
    """
    conversations = json.loads(path.read_text(encoding="utf-8"))
    measured: dict[str, list[tuple[list[int], int]]] = {name: [] for name in list(RANKERS)[:4]}
    for conversation in conversations:
        pool = Pool.of(_turns(conversation["conversation"]), embedder)
        known = set(pool.ids)
        for question in conversation["qa"]:
            wanted = {each for each in _evidence(question) if each in known}
            if not wanted:
                continue
            row = embedder.embed([question["question"]])[0]
            for name, places in measured.items():
                scores = RANKERS[name](pool, question["question"], row, embedder.floor)
                places.append((_places(pool, scores, wanted), len(wanted)))
    print(f"{embedder.id}, {len(conversations)} conversations, {len(measured['fused'])} questions with evidence")
    for name, places in measured.items():
        parts = [f"any@{k} {statistics.mean(min(each) < k for each, _ in places):.3f}" for k in (5, 10, 20)]
        parts += [f"all@{k} {statistics.mean(max(each) < k for each, _ in places):.3f}" for k in (10, 20)]
        print(f"  {name:22s}{'  '.join(parts)}")
    any_10 = statistics.mean(min(each) < 10 for each, _ in measured["fused"])
    all_20 = statistics.mean(max(each) < 20 for each, _ in measured["fused"])
    print(f"fused: at least any@10 {LEAST_ANY_10} and all@20 {LEAST_ALL_20} are wanted")
    return int(any_10 < LEAST_ANY_10 or all_20 < LEAST_ALL_20)


def _turns(conversation: dict[str, Any]) -> Iterator[Note]:
    for number in range(1, 100):
        turns = conversation.get(f"session_{number}")
        if turns is None:
            continue
        told = conversation.get(f"session_{number}_date_time", "")
        day = datetime.strptime(told, _LOCOMO_DATE).replace(tzinfo=UTC) if told else _SOME_DAY
        before = ""
        for turn in turns:
            said = f"{turn['speaker']}: {turn.get('text', '')} {turn.get('blip_caption', '')}".strip()
            # One turn is one passage, whatever its length, as LoCoMo counts them.
            yield Note(_turn_id(turn["dia_id"]), day, "", re.sub(r"[.!?\n]+\s*", " ", said), before=before)
            before = said


def _evidence(question: dict[str, Any]) -> set[str]:
    """The turns that answer a question; some entries name several ("D8:6; D9:17"), some write "D30:05"."""
    named = (found for each in question.get("evidence", ()) for found in re.findall(r"D\d+:\d+", str(each)))
    return {_turn_id(each) for each in named}


def _turn_id(written: str) -> str:
    session, turn = written.lstrip("D").split(":")
    return f"D{int(session)}:{int(turn)}"


def _places(pool: Pool, scores: Sequence[float], wanted: set[str]) -> list[int]:
    ranked = [pool.ids[at] for at in np.argsort(-np.asarray(scores), kind="stable") if scores[at] > 0]
    return [ranked.index(each) if each in ranked else len(pool.ids) for each in wanted]


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
        memory.embedder.embed(["warm"])
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
            _timed_searches(label, store, rep, memory, scopes)
        memory.close()
        store.close()


def _timed_searches(label: str, store: Store, rep: Principal, memory: Memory, scopes: Sequence[Scope]) -> None:
    on_the_clock, of_processor = [], []
    for at, scope in enumerate(scopes):
        with store.unit_of_work(rep, writes=False) as uow:
            began, used = time.perf_counter(), time.process_time()
            found = search(uow, memory, _QUERIES[at % len(_QUERIES)], scope)
            on_the_clock.append((time.perf_counter() - began) * 1000)
            of_processor.append((time.process_time() - used) * 1000)
    for what, taken in (("clock", sorted(on_the_clock[2:])), ("processor", sorted(of_processor[2:]))):
        half, most = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
        print(
            f"search {label}, {what}: p50 {half:.1f} ms, p95 {most:.1f} ms, n = {len(taken)}, "
            f"about {found.searched:,} passages in the scope"
        )


def _timed(label: str, number: int, action: Callable[[], object]) -> None:
    began, used = time.perf_counter(), time.process_time()
    action()
    seconds, of_processor = time.perf_counter() - began, time.process_time() - used
    print(
        f"{label}: {number / seconds:,.0f} passages/s on the clock, {number / of_processor:,.0f} a second of processor "
        f"time, n = {number:,}, {seconds:.1f} s"
    )


def main(arguments: Sequence[str]) -> None:
    """Runs what the first argument names."""
    what, *rest = arguments or ["table"]
    if what == "table":
        table([BundledEmbedder(), *(TransformerEmbedder(folder) for folder in rest)])
    elif what == "locomo" and rest:
        sys.exit(locomo(Path(rest[0]), TransformerEmbedder(rest[1]) if rest[1:] else BundledEmbedder()))
    elif what == "gate":
        sys.exit(max(gate(), locomo(Path(rest[0]), BundledEmbedder()) if rest else 0))
    elif what == "speed":
        speed(int(rest[0]) if rest else 100_000)
    else:
        print(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
