"""What an embedder is; every kind passes the same contract tests."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import OperatorFixableError

Vectors = NDArray[np.float32]


class EmbedderUnavailableError(OperatorFixableError):
    """The embedder cannot be loaded or reached; names the setting and what would work."""


class Embedder(Protocol):
    """Turns texts into unit vectors, so that a dot product is their cosine.

    `id` names model and version: an index made by another id is made anew. Calls may come from several threads.
    """

    @property
    def id(self) -> str:
        """Kind, model and version."""
        ...

    @property
    def floor(self) -> float:
        """The cosine below which two texts have nothing to do with each other, as measured for this model."""
        ...

    def load(self) -> None:
        """Opens a model of this machine, so that the first text need not wait for it.

        Raises:
            EmbedderUnavailableError: the model cannot be loaded.
        """
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length a text; an empty sequence gives no rows.

        Raises:
            EmbedderUnavailableError: the model cannot be loaded or reached.
        """
        ...


def unit_rows(rows: Vectors) -> Vectors:
    """The rows scaled to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return scaled
