"""Next-activity prediction on an event log in CSV form: accuracy, MRR and NDCG of habits beside simple baselines.

Cases are ordered by their start: the first 80 % train, the rest test; training cases that were still open when the
first test case began are left out. The end of a case is a label. Predicting what people do next
is imitation: it says nothing about what they should do.
"""

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from statistics import mean

from analytics.next_best_action.habits import Habits
from core.errors import OperatorFixableError

END = "(end)"
_TRAIN = 0.8
_NAMES = {
    "case": ("case:concept:name", "case id", "case_id", "caseid", "case", "trace", "incident"),
    "activity": ("concept:name", "activity", "activityid", "activity_id", "event", "task", "action"),
    "time": ("time:timestamp", "timestamp", "completetimestamp", "complete timestamp", "time", "date", "start"),
}
Predict = Callable[[Sequence[str]], Mapping[str, float]]


class LogError(OperatorFixableError):
    """The file is no event log that can be read; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over all test positions."""

    accuracy: float
    mrr: float
    ndcg: float
    n: int


@dataclass(frozen=True, slots=True)
class Log:
    """Label sequences to train and to test with, and how many training cases were still open at the cut."""

    train: tuple[tuple[str, ...], ...]
    test: tuple[tuple[str, ...], ...]
    left_out: int


def read_log(path: Path, columns: Mapping[str, str] | None = None) -> Log:
    """The sequences of activities in two parts by the start of their case; columns are guessed from usual names.

    Raises:
        LogError: the file or a column is missing, or there are too few cases.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LogError(f"{path} cannot be read as CSV: {error}") from error
    if not rows:
        raise LogError(f"{path} holds no events.")
    named = {part: _column(path, rows[0], part, (columns or {}).get(part, "")) for part in _NAMES}
    cases: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        cases.setdefault(row[named["case"]], []).append((row[named["time"]], row[named["activity"]]))
    # Sorting is stable, so events of one moment stay in the order of the file.
    ordered = [sorted(events, key=lambda event: event[0]) for events in cases.values()]
    ordered.sort(key=lambda events: events[0][0])
    cut = int(len(ordered) * _TRAIN)
    if not 0 < cut < len(ordered):
        raise LogError(f"{path} holds {len(ordered)} cases, too few to train and test with.")
    closed = [events for events in ordered[:cut] if events[-1][0] < ordered[cut][0][0]]
    return Log(_labels(closed), _labels(ordered[cut:]), cut - len(closed))


def compare(log: Log) -> dict[str, Scores]:
    """Scores of each predictor on the later fifth of the cases."""
    popular = Counter(label for sequence in log.train for label in sequence)
    predictors: dict[str, Predict] = {
        "popularity": lambda earlier: popular,
        "Markov": _back_off(log.train, 2),
        "back-off n-gram": _back_off(log.train, 5),
        "habits (the product's)": Habits.of(log.train, 6).next,
    }
    return {name: _scores(predict, log.test) for name, predict in predictors.items()}


def _back_off(train: Sequence[Sequence[str]], order: int) -> Predict:
    """Counts after the longest context that was seen, without smoothing."""
    counts = Habits.of(train, order).counts

    def predict(earlier: Sequence[str]) -> Mapping[str, float]:
        for length in range(min(order - 1, len(earlier)), -1, -1):
            seen = counts.get(tuple(earlier[len(earlier) - length :]))
            if seen:
                return {**{label: 1e-9 * number for label, number in counts[()].items()}, **seen}
        return {}

    return predict


def _scores(predict: Predict, test: Sequence[Sequence[str]]) -> Scores:
    ranks = []
    for sequence in test:
        for place, label in enumerate(sequence):
            chances = predict(sequence[:place])
            own = chances.get(label)
            ranks.append(0 if own is None else 1 + sum(chance > own for chance in chances.values()))
    return Scores(
        accuracy=mean(rank == 1 for rank in ranks),
        mrr=mean(1 / rank if rank else 0.0 for rank in ranks),
        ndcg=mean(1 / log2(rank + 1) if rank else 0.0 for rank in ranks),
        n=len(ranks),
    )


def _labels(cases: Sequence[Sequence[tuple[str, str]]]) -> tuple[tuple[str, ...], ...]:
    return tuple((*(activity for _, activity in events), END) for events in cases)


def _column(path: Path, row: Mapping[str, str], part: str, wanted: str) -> str:
    names = {name.strip().casefold(): name for name in row if name}
    for candidate in (wanted.casefold(),) if wanted else _NAMES[part]:
        if candidate in names:
            return names[candidate]
    raise LogError(f"{path} has no column for the {part}; it has: {', '.join(row)}.")
