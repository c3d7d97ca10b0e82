"""Examples as numbers, and batches of them for training."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from language.learned.examples import Example
from language.learned.pieces import END, UNKNOWN, Pieces
from language.learned.pretrained import Pretrained

_RARE_MARK = 3
_PIECE_DROPPED, _MARK_DROPPED = 0.05, 0.1
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example as numbers: pieces, the pieces of each word, the marks of all words in one array, and labels."""

    ids: Numbers
    first: Numbers
    last: Numbers
    offset: Numbers
    marks: Sequence[Numbers]
    acts: Numbers
    roles: Numbers
    begins: Numbers


@dataclass(frozen=True, slots=True)
class Batch:
    """Some messages, padded to the longest; labels are -1 behind the end."""

    ids: torch.Tensor
    is_piece: torch.Tensor
    first: torch.Tensor
    last: torch.Tensor
    offset: torch.Tensor
    marks: torch.Tensor
    mark_starts: torch.Tensor
    is_word: torch.Tensor
    acts: torch.Tensor
    roles: torch.Tensor
    begins: torch.Tensor


class Encoder:
    """Writes examples in the pieces that are kept (`rows` of the encoder that training starts from), the marks that a
    network knows already, and those that occur often enough."""

    def __init__(
        self,
        source: Pretrained,
        rows: Sequence[int],
        examples: Sequence[Example],
        labels: Mapping[str, Sequence[str]],
        known_marks: Sequence[str] = ("",),
    ) -> None:
        self.rows = list(rows)
        counts = Counter(mark for example in examples for each in example.features for mark in each.marks)
        self.marks = list(dict.fromkeys([*known_marks, *(mark for mark, n in counts.items() if n >= _RARE_MARK)]))
        self._pieces = Pieces([source.pieces[row] for row in rows], [float(source.scores[row]) for row in rows])
        self._mark = {mark: row for row, mark in enumerate(self.marks)}
        self._labels = labels

    def encode(self, example: Example) -> Encoded:
        """The numbers of one example."""
        written = self._pieces.write(example.features)
        return Encoded(
            written.ids,
            written.first,
            written.last,
            written.offset,
            [
                np.array([self._mark[mark] for mark in each.marks if mark in self._mark], dtype=np.int64)
                for each in example.features
            ],
            np.array([self._labels["acts"].index(act) for act in example.acts], dtype=np.int64),
            np.array([self._labels["roles"].index(role) for role in example.roles], dtype=np.int64),
            np.array(example.begins, dtype=np.int64),
        )


def batched(some: Sequence[Encoded], chance: np.random.Generator | None) -> Batch:
    """A batch; with `chance` some pieces and marks are hidden, so that none is relied upon alone."""

    def padded(name: str, empty: int) -> Numbers:
        arrays = [getattr(each, name) for each in some]
        length = max(map(len, arrays))
        return np.stack([np.pad(each, (0, length - len(each)), constant_values=empty) for each in arrays])

    ids, acts = padded("ids", END), padded("acts", -1)
    is_piece = np.arange(ids.shape[1]) < np.array([[len(each.ids)] for each in some])
    if chance is not None:
        ids = np.where((chance.random(ids.shape) < _PIECE_DROPPED) & (ids > END), UNKNOWN, ids)
    empty = np.zeros(0, dtype=np.int64)
    marks = [of_word for each in some for of_word in [*each.marks, *[empty] * (acts.shape[1] - len(each.marks))]]
    if chance is not None:
        marks = [each[chance.random(len(each)) >= _MARK_DROPPED] for each in marks]
    counts = np.array([len(each) for each in marks])
    arrays = (
        ids,
        is_piece,
        padded("first", 0),
        padded("last", 0),
        padded("offset", 0),
        np.concatenate([*marks, np.zeros(1, dtype=np.int64)]),
        np.cumsum(counts) - counts,
        (acts >= 0).astype(np.float32),
        acts,
        padded("roles", -1),
        padded("begins", 0).astype(np.float32),
    )
    return Batch(*map(torch.from_numpy, arrays))
