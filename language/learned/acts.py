"""What the network sees in a message, as acts with their parts: “a change, of this deal, to that stage”."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from language.builtin.clauses import Outline
from language.builtin.words import Word
from language.learned.features import features_of
from language.learned.network import Chances, Network, network

NOTHING = "-"
_BEGINS = 0.5
# What it costs a path to change its role, how much of the chance of a beginning an act pays, and no chance at all.
_CHANGE, _SHARE_OF_BEGIN, _TINY = -0.4, 0.6, 1e-6


@dataclass(frozen=True, slots=True)
class Part:
    """Words `first` up to `after` that play a role, with the chance that they do (0..1)."""

    role: str
    first: int
    after: int
    text: str
    sure: float
    words: Sequence[Word]


@dataclass(frozen=True, slots=True)
class Act:
    """Words `first` up to `after` that are there for one purpose; `parts` in order."""

    kind: str
    first: int
    after: int
    sure: float
    parts: tuple[Part, ...]

    def all(self, *roles: str) -> list[Part]:
        """The parts that play one of the roles."""
        return [part for part in self.parts if part.role in roles]

    def one(self, *roles: str) -> Part | None:
        """The part that plays one of the roles, the surest if there are several."""
        return max(self.all(*roles), key=lambda part: part.sure, default=None)


@dataclass(frozen=True, slots=True)
class Understood:
    """A message as the network reads it: acts, parts that stand outside of them, and the chances behind that."""

    acts: tuple[Act, ...]
    loose: tuple[Part, ...]
    chances: Chances

    def chance_of_role(self, first: int, after: int, *roles: str) -> float:
        """How likely words play one of the roles, by their likeliest word."""
        columns = [network().roles.index(role) for role in roles]
        return float(self.chances.roles[first:after, columns].sum(1).max()) if after > first else 0.0

    def chance_of_act(self, first: int, after: int, *kinds: str) -> float:
        """How likely words belong to one of the acts, on average."""
        columns = [network().acts.index(kind) for kind in kinds]
        return float(self.chances.acts[first:after, columns].sum(1).mean()) if after > first else 0.0


@lru_cache(maxsize=16)
def understood(outline: Outline, reader: Network | None = None) -> Understood:
    """What the network reads in a message; by default the shipped one."""
    if not outline.words:
        nothing = np.zeros((0, 1), dtype=np.float32)
        return Understood((), (), Chances(nothing, nothing, nothing[:, 0]))
    chances = (reader or network()).read(features_of(outline))
    parts = list(_parts(outline, chances))
    spans = list(_segments(outline, chances))
    acts = tuple(
        Act(kind, first, after, sure, tuple(part for part in parts if first <= part.first < after))
        for kind, first, after, sure in spans
    )
    inside = {id(part) for act in acts for part in act.parts}
    return Understood(acts, tuple(part for part in parts if id(part) not in inside), chances)


def _segments(outline: Outline, chances: Chances) -> Iterator[tuple[str, int, int, float]]:
    names = network().acts
    labels = [names[i] for i in smoothed(chances.acts, chances.begins)]
    labels = _without_holes(labels, outline.words)
    first = 0
    for index in range(1, len(labels) + 1):
        ends = index == len(labels) or labels[index] != labels[first] or chances.begins[index] > _BEGINS
        if not ends:
            continue
        if labels[first] != NOTHING:
            column = names.index(labels[first])
            yield labels[first], first, index, float(chances.acts[first:index, column].mean())
        first = index


def smoothed(chances: NDArray[np.float32], begins: NDArray[np.float32] | None = None) -> list[int]:
    """The likeliest label of each word, where a change of label costs: the best path (Viterbi 1967).

    `chances` has a row for each word and a column for each label; a label may change where `begins` is likely, or
    anywhere at an even cost.
    """
    scores = np.log(chances + _TINY)
    changes = np.full(len(scores), _CHANGE) if begins is None else np.log(begins + _TINY) * _SHARE_OF_BEGIN
    best, back = scores[0], []
    for word in range(1, len(scores)):
        other = int(best.argmax())
        moved = best[other] + changes[word]
        back.append(np.where(best >= moved, np.arange(len(best)), other))
        best = np.maximum(best, moved) + scores[word]
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return path[::-1]


def _without_holes(labels: list[str], words: Sequence[Word]) -> list[str]:
    """A sign between two words of one act belongs to it."""
    return [
        labels[i - 1]
        if 0 < i < len(labels) - 1 and label != labels[i - 1] == labels[i + 1] and not words[i].canon.isalnum()
        else label
        for i, label in enumerate(labels)
    ]


def _parts(outline: Outline, chances: Chances) -> Iterator[Part]:
    names = network().roles
    best = smoothed(chances.roles)
    first = 0
    for index in range(1, len(best) + 1):
        if index < len(best) and best[index] == best[first] and not _both_named(outline.words, index):
            continue
        role = names[best[first]]
        if role != NOTHING:
            words = outline.words[first:index]
            text = outline.reading.text[words[0].start : words[-1].end]
            yield Part(role, first, index, text, float(chances.roles[first:index, best[first]].mean()), words)
        first = index


def _both_named(words: Sequence[Word], index: int) -> bool:
    """Whether two names stand side by side: each is a part of its own."""
    return bool(words[index].kinds & {"person"}) and bool(words[index - 1].kinds & {"person"})
