"""The trained network in numpy: word features in, for each word the chances of its act, of a new act, and of its role.

The sentence encoder multilingual-e5-small (Wang et al. 2024, MIT licence), trained further on the corpus by
`language.learned.training`; beside the pieces of words it gets what parsers and phrases say of each word.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from language.learned.features import WordFeatures
from language.learned.pieces import Pieces, Written

Floats = NDArray[np.float32]
HEADS = 12
# A longer message is read in windows of that many words, which share some of them.
WINDOW, SHARED = 160, 40
_TINY = 1e-12
_BLOCK = 32
_BYTES_OF_BLOCK = 18


@dataclass(frozen=True, slots=True)
class Chances:
    """For each word of a message (rows): the chance of each act, of each role, and that an act begins there."""

    acts: Floats
    roles: Floats
    begins: Floats


class Network:
    """Reads weights once; `read` is a pure function of the features."""

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        self.acts = tuple(map(str, weights["acts"]))
        self.roles = tuple(map(str, weights["roles"]))
        self._pieces = Pieces(list(map(str, weights["pieces"])), list(weights["piece_scores"]))
        self._piece_rows = weights["piece_rows"]
        self._marks = {str(mark): row for row, mark in enumerate(weights["marks"])}
        self._of = {name: full(weights, name) for name in weights if weights[name].dtype.kind in "fi"}
        self._depth = sum(name.endswith("attended.weight") for name in weights)
        self._threads = ThreadpoolController()

    def read(self, features: Sequence[WordFeatures]) -> Chances:
        """The chances for each word of a message, on one core: more would wait for each other longer than they work."""
        with self._threads.limit(limits=1, user_api="blas"):
            parts = [
                tuple(each[lead : lead + count] for each in self._read(features[first:after]))
                for first, after, lead, count in _windows(len(features))
            ]
        return Chances(*map(np.concatenate, zip(*parts, strict=True)))

    def _read(self, features: Sequence[WordFeatures]) -> tuple[Floats, ...]:
        written = self._pieces.write(features)
        if len(written.ids) > len(self._of["position"]):
            half = len(features) // 2
            halves = (self._read(features[:half]), self._read(features[half:]))
            return tuple(map(np.concatenate, zip(*halves, strict=True)))
        marks = np.stack([self._of["mark.weight"][self._known(each.marks)].sum(0) for each in features])
        x = self._embedded(written)
        np.add.at(x, written.first, self._linear("mark_in", marks))
        for layer in range(self._depth):
            x = self._layer(f"layers.{layer}", x)
        of_words = (x[written.first] + x[written.last]) / 2 + self._of["offset.weight"][written.offset]
        x = _gelu(self._linear("mixed", np.concatenate([of_words, marks], 1)))
        x = self._norm("norm", x + _gelu(self._convolved("neighbours", x)))
        odds = 1 / (1 + np.exp(-self._linear("begin", x)[:, 0]))
        return _softmax(self._linear("act", x)), _softmax(self._linear("role", x)), odds.astype(np.float32)

    def _embedded(self, written: Written) -> Floats:
        pieces = unpacked(self._piece_rows[written.ids])
        return self._norm("norm_in", pieces + self._of["position"][: len(written.ids)])

    def _layer(self, name: str, x: Floats) -> Floats:
        n = len(x)
        asked, keys, values = (
            each.reshape(n, HEADS, -1).transpose(1, 0, 2)
            for each in np.split(self._linear(f"{name}.asked", x), 3, axis=1)
        )
        shares = _softmax(asked @ keys.transpose(0, 2, 1) / np.sqrt(np.float32(asked.shape[-1])))
        told = (shares @ values).transpose(1, 0, 2).reshape(n, -1)
        x = self._norm(f"{name}.norm_told", x + self._linear(f"{name}.attended", told))
        thought = self._linear(f"{name}.out", _gelu(self._linear(f"{name}.inner", x)))
        return self._norm(f"{name}.norm_thought", x + thought)

    def _known(self, marks: Sequence[str]) -> list[int]:
        return [self._marks[mark] for mark in marks if mark in self._marks]

    def _linear(self, name: str, x: Floats) -> Floats:
        found: Floats = x @ self._of[f"{name}.weight"].T + self._of.get(f"{name}.bias", np.float32(0))
        return found

    def _convolved(self, name: str, x: Floats) -> Floats:
        """A convolution of width 3 along the words; the weight has the shape (out, in, 3)."""
        weight, padded = self._of[f"{name}.weight"], np.pad(x, ((1, 1), (0, 0)))
        found: Floats = sum(  # type: ignore[assignment]
            padded[place : place + len(x)] @ weight[:, :, place].T for place in range(3)
        )
        return found + self._of[f"{name}.bias"]

    def _norm(self, name: str, x: Floats) -> Floats:
        centred = x - x.mean(1, keepdims=True)
        spread = np.sqrt((centred**2).mean(1, keepdims=True) + _TINY)
        found: Floats = centred / spread * self._of[f"{name}.weight"] + self._of[f"{name}.bias"]
        return found


@cache
def network() -> Network:
    """The network as shipped."""
    return load_network((files("language.learned") / "data" / "network.npz").read_bytes())


def load_network(data: bytes) -> Network:
    """A network from its file."""
    with np.load(BytesIO(data), allow_pickle=False) as weights:
        return Network({name: weights[name] for name in weights.files})


def unpacked(rows: NDArray[np.uint8]) -> Floats:
    """Rows of numbers of 4 bits: blocks of 32 with their scale (half precision) in front, low halves of bytes first."""
    blocks = rows.reshape(len(rows), -1, _BYTES_OF_BLOCK)
    scales = blocks[..., :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], -1).astype(np.float32) - 8
    found: Floats = (halves * scales).reshape(len(rows), -1)
    return found


def full(weights: Mapping[str, NDArray[Any]], name: str) -> Floats:
    """A stored tensor in full numbers."""
    scale = weights.get(f"{name}.scale")
    found = weights[name].astype(np.float32)
    return found if scale is None else found * scale[:, None].astype(np.float32)


def _windows(count: int) -> Iterator[tuple[int, int, int, int]]:
    """Windows over `count` words as (first, after, words at the front that the window before gives, words it gives)."""
    if count <= WINDOW:
        yield 0, count, 0, count
        return
    half, start, given = SHARED // 2, 0, 0
    while given < count:
        after = min(count, start + WINDOW)
        until = count if after == count else after - half
        yield start, after, given - start, until - given
        start, given = after - SHARED, until


def _gelu(x: Floats) -> Floats:
    """The Gaussian error linear unit, in its tanh form (Hendrycks & Gimpel 2016)."""
    cubed = x * x * x  # many times faster than a power
    found: Floats = 0.5 * x * (1 + np.tanh(np.float32(0.7978845608) * (x + np.float32(0.044715) * cubed)))
    return found


def _softmax(x: Floats) -> Floats:
    raised = np.exp(x - x.max(-1, keepdims=True))
    found: Floats = raised / raised.sum(-1, keepdims=True)
    return found
