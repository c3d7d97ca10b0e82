"""The trained network in numpy: word features in, for each word the chances of its act, of a new act, and of its role.

A residual stack of dilated convolutions; trained by `language.learned.training`, whose weights it reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.learned.features import WordFeatures
from language.script import is_cjk

Floats = NDArray[np.float32]
DILATIONS = (1, 2, 4, 8, 1)
UNKNOWN = 1
_TINY = 1e-5


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
        self._words = {str(word): row for row, word in enumerate(weights["words"])}
        self._marks = {str(mark): row for row, mark in enumerate(weights["marks"])}
        self._meanings = {str(word): row for row, word in enumerate(weights["meaning_words"])}
        self._of = {
            name: np.asarray(value, dtype=np.float32)
            for name, value in weights.items()
            if value.dtype.kind == "f" and name != "meanings"
        }
        self._meaning_rows = weights["meanings"]

    def read(self, features: Sequence[WordFeatures]) -> Chances:
        """The chances for each word of a message."""
        x = _norm(self._inputs(features), self._of["norm_in.weight"], self._of["norm_in.bias"])
        for layer, dilation in enumerate(DILATIONS):
            told = np.maximum(
                _convolved(x, self._of[f"convolutions.{layer}.weight"], dilation)
                + self._of[f"convolutions.{layer}.bias"],
                0,
            )
            x = _norm(x + told, self._of[f"norms.{layer}.weight"], self._of[f"norms.{layer}.bias"])
        begins = self._linear("begin", x)[:, 0]
        odds = (1 / (1 + np.exp(-begins))).astype(np.float32)
        return Chances(_softmax(self._linear("act", x)), _softmax(self._linear("role", x)), odds)

    def _inputs(self, features: Sequence[WordFeatures]) -> Floats:
        words = [self._words.get(each.text, UNKNOWN) for each in features]
        marks = np.stack([self._of["mark.weight"][self._known(each.marks)].sum(0) for each in features])
        alone = np.stack([self._meaning(each.text) for each in features])
        paired = np.stack([self._meaning(pair) for pair in pairs_of(features)])
        found: Floats = (
            self._linear("word_in", self._of["word.weight"][words])
            + marks
            + self._linear("meaning_in", alone)
            + self._linear("pair_in", paired)
        )
        return found

    def _known(self, marks: Sequence[str]) -> list[int]:
        return [self._marks[mark] for mark in marks if mark in self._marks]

    def _meaning(self, word: str) -> Floats:
        row = self._meanings.get(word)
        if row is None:
            return np.zeros(self._meaning_rows.shape[1], dtype=np.float32)
        found: Floats = self._meaning_rows[row].astype(np.float32) * self._of["meaning_scale"]
        return found

    def _linear(self, name: str, x: Floats) -> Floats:
        found: Floats = x @ self._of[f"{name}.weight"].T + self._of.get(f"{name}.bias", np.float32(0))
        return found


def pairs_of(features: Sequence[WordFeatures]) -> list[str]:
    """For each Chinese sign the word that it makes with the next; else nothing."""
    texts = [each.text for each in features]
    return [
        text + after if len(text) == len(after) == 1 and is_cjk(text) and is_cjk(after) else ""
        for text, after in zip(texts, [*texts[1:], ""], strict=True)
    ]


@cache
def network() -> Network:
    """The network as shipped."""
    data = (files("language.learned") / "data" / "network.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as weights:
        return Network({name: weights[name] for name in weights.files})


def _convolved(x: Floats, weight: Floats, dilation: int) -> Floats:
    """A convolution of width 3 along the words; `weight` has the shape (out, in, 3)."""
    padded = np.pad(x, ((dilation, dilation), (0, 0)))
    n = len(x)
    found: Floats = sum(  # type: ignore[assignment]
        padded[place * dilation : place * dilation + n] @ weight[:, :, place].T for place in range(3)
    )
    return found


def _norm(x: Floats, weight: Floats, bias: Floats) -> Floats:
    centred = x - x.mean(1, keepdims=True)
    spread = np.sqrt((centred**2).mean(1, keepdims=True) + _TINY)
    found: Floats = centred / spread * weight + bias
    return found


def _softmax(x: Floats) -> Floats:
    raised = np.exp(x - x.max(1, keepdims=True))
    found: Floats = raised / raised.sum(1, keepdims=True)
    return found
