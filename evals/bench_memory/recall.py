"""Questions over notes of a made-up company in two languages: how often the note that answers comes first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from time import process_time
from typing import Any

import yaml

from evals.bench_memory.pool import RANKERS, SOME_DAY, Pool, Ranker, fused, with_floor
from memory.embedders.bundled import BundledEmbedder
from memory.embedders.protocol import Embedder
from memory.passages import Note

KINDS = ("en_en", "zh_zh", "en_words", "zh_words", "en_zh", "zh_en")
# What ships, measured on evals/data/memory_recall.yaml (docs/memory.md), less what another CPU may round otherwise.
LEAST_FIRST, LEAST_FIVE, LEAST_SILENT = 85, 99, 8
LEAST_TOGETHER = 86
_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """Of `n` questions, how many were answered by the first note and by one of the first five."""

    n: int = 0
    first: int = 0
    five: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.n + other.n, self.first + other.first, self.five + other.five)

    def __str__(self) -> str:
        return f"{self.first}/{self.five} ({self.n})"


def table(embedders: Sequence[Embedder]) -> None:
    """Prints hits at 1 and at 5 for each embedder and ranker, and how many unanswerable questions find nothing."""
    print(f"{len(_data()['notes'])} notes; cells are found first / among the first five (n)")
    for told, notes in (("each note by itself", _notes()), (f"{_TOGETHER} notes in one text", _together())):
        for embedder in embedders:
            embedder.load()
            began = process_time()
            pool = Pool.of(notes, embedder)
            rate = len(pool.vectors) / (process_time() - began)
            print(f"\n{embedder.id}, {told}: {len(notes)} texts, {rate:,.0f} sentences a second of processor time")
            for name, ranker in RANKERS.items():
                print(f"  {name:22s}{_line(pool, embedder, ranker)}")


def gate() -> int:
    """1, with the numbers shown, where the shipped retriever finds less than it did."""
    embedder = BundledEmbedder()
    pool, together = Pool.of(_notes(), embedder), Pool.of(_together(), embedder)
    alone = sum(_counted(pool, embedder, fused).values(), Counts())
    mixed = sum(_counted(together, embedder, fused).values(), Counts())
    silent, unanswerable = _silent(pool, embedder, with_floor), len(_data()["questions"]["none"])
    print(
        f"memory recall, fused: {alone.first} first and {alone.five} among five of {alone.n} "
        f"(at least {LEAST_FIRST} and {LEAST_FIVE}); {mixed.first} first in texts of {_TOGETHER} notes "
        f"(at least {LEAST_TOGETHER}); {silent} of {unanswerable} unanswerable ones find nothing "
        f"(at least {LEAST_SILENT})"
    )
    return int(
        alone.first < LEAST_FIRST
        or alone.five < LEAST_FIVE
        or mixed.first < LEAST_TOGETHER
        or silent < LEAST_SILENT
    )


@cache
def _data() -> dict[str, Any]:
    text = files("evals").joinpath("data", "memory_recall.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def _notes() -> list[Note]:
    return [Note(id_, SOME_DAY, "", text) for id_, text in _data()["notes"].items()]


def _together() -> list[Note]:
    """Several notes of one language in one text, as someone tells several things of one visit; "e01+e07+e30"."""
    found = []
    for language, space in (("e", " "), ("z", "")):
        ids = sorted(id_ for id_ in _data()["notes"] if id_.startswith(language))
        Random(1).shuffle(ids)
        for start in range(0, len(ids), _TOGETHER):
            some = ids[start : start + _TOGETHER]
            found.append(Note("+".join(some), SOME_DAY, "", space.join(_data()["notes"][id_] for id_ in some)))
    return found


def _line(pool: Pool, embedder: Embedder, ranker: Ranker) -> str:
    by_kind = _counted(pool, embedder, ranker)
    held_out = sum(_counted(pool, embedder, ranker, lambda place: place % 2 == 1).values(), Counts())
    cells = [f"{kind} {counts}" for kind, counts in by_kind.items()]
    cells += [f"all {sum(by_kind.values(), Counts())}", f"held out {held_out}"]
    silent, unanswerable = _silent(pool, embedder, ranker), len(_data()["questions"]["none"])
    return "  ".join([*cells, f"silent {silent} ({unanswerable})"])


def _counted(
    pool: Pool, embedder: Embedder, ranker: Ranker, chosen: Callable[[int], bool] = lambda place: True
) -> dict[str, Counts]:
    """By kind of question; of every second question of a kind the weights were chosen, the others are held out."""
    twins = {one: other for pair in _data()["twins"] for one, other in (pair.split("-"), pair.split("-")[::-1])}
    found = {}
    for kind in KINDS:
        questions = [each for at, each in enumerate(_data()["questions"][kind]) if chosen(at)]
        ranks = [
            _place(pool, _scores(pool, embedder, ranker, query), target, twins.get(target, ""))
            for query, target in questions
        ]
        found[kind] = Counts(len(ranks), sum(each < 1 for each in ranks), sum(each < 5 for each in ranks))
    return found


def _silent(pool: Pool, embedder: Embedder, ranker: Ranker) -> int:
    return sum(max(_scores(pool, embedder, ranker, query)) <= 0 for query in _data()["questions"]["none"])


def _scores(pool: Pool, embedder: Embedder, ranker: Ranker, query: str) -> list[float]:
    return ranker(pool, query, embedder.embed([query])[0], embedder.floor)


def _place(pool: Pool, scores: Sequence[float], target: str, twin: str) -> int:
    """How many texts come before the one that holds the note; its twin in the other language is no rival."""
    held = [frozenset(id_.split("+")) for id_ in pool.ids]
    own = max(score for each, score in zip(held, scores, strict=True) if target in each)
    if own <= 0:
        return len(scores)
    return sum(score > own for each, score in zip(held, scores, strict=True) if not each & {target, twin})
