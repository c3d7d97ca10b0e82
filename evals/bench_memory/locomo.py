"""LoCoMo's annotated evidence: whether the turns that answer a question are found; the data is not ours to ship."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

from evals.bench_memory.pool import RANKERS, SOME_DAY, Pool, places
from memory.embedders.protocol import Embedder
from memory.passages import Note

# Of LoCoMo's evidence, for the fused ranker.
LEAST_ANY_10, LEAST_ALL_20 = 0.809, 0.765
_DATE = "%I:%M %p on %d %B, %Y"
_SHOWN = ("words (BM25)", "meaning (cosine)", "BM25 / best + cosine", "fused")


def locomo(path: Path, embedder: Embedder) -> int:
    """Prints any@k and all@k, conversation by conversation searched alone.

    1 where the fused ranker finds less than it has to.
    """
    conversations = json.loads(path.read_text(encoding="utf-8"))
    measured: dict[str, list[list[int]]] = {name: [] for name in _SHOWN}
    for conversation in conversations:
        pool = Pool.of(_turns(conversation["conversation"]), embedder)
        known = set(pool.ids)
        for question in conversation["qa"]:
            wanted = {each for each in _evidence(question) if each in known}
            if not wanted:
                continue
            row = embedder.embed([question["question"]])[0]
            for name, found in measured.items():
                scores = RANKERS[name](pool, question["question"], row, embedder.floor)
                found.append(places(pool, scores, wanted))
    print(f"{embedder.id}, {len(conversations)} conversations, {len(measured['fused'])} questions with evidence")
    for name, found in measured.items():
        parts = [f"any@{k} {mean(min(each) < k for each in found):.3f}" for k in (5, 10, 20)]
        parts += [f"all@{k} {mean(max(each) < k for each in found):.3f}" for k in (10, 20)]
        print(f"  {name:22s}{'  '.join(parts)}")
    any_10 = mean(min(each) < 10 for each in measured["fused"])
    all_20 = mean(max(each) < 20 for each in measured["fused"])
    print(f"fused: at least any@10 {LEAST_ANY_10} and all@20 {LEAST_ALL_20} are wanted")
    return int(any_10 < LEAST_ANY_10 or all_20 < LEAST_ALL_20)


def _turns(conversation: dict[str, Any]) -> Iterator[Note]:
    for number in range(1, 100):
        turns = conversation.get(f"session_{number}")
        if turns is None:
            continue
        told = conversation.get(f"session_{number}_date_time", "")
        day = datetime.strptime(told, _DATE).replace(tzinfo=UTC) if told else SOME_DAY
        before = ""
        for turn in turns:
            said = f"{turn['speaker']}: {turn.get('text', '')} {turn.get('blip_caption', '')}".strip()
            yield Note(_turn_id(turn["dia_id"]), day, "", said, before=before)
            before = said


def _evidence(question: dict[str, Any]) -> set[str]:
    """The turns that answer a question; some entries name several ("D8:6; D9:17"), some write "D30:05"."""
    named = (found for each in question.get("evidence", ()) for found in re.findall(r"D\d+:\d+", str(each)))
    return {_turn_id(each) for each in named}


def _turn_id(written: str) -> str:
    session, turn = written.lstrip("D").split(":")
    return f"D{int(session)}:{int(turn)}"
