"""Sentence-transformers models by name or folder; needs the extra `embeddings` (torch)."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from memory.embedders.protocol import EmbedderUnavailableError, Vectors, unit_rows


class TransformerEmbedder:
    """Any model that sentence-transformers can open. Torch is imported at the first text, not before."""

    floor = 0.35

    def __init__(self, model: str) -> None:
        self._name, self._lock = model, Lock()

    @property
    def id(self) -> str:
        """Kind and model; a folder counts by its last two parts, so that an index survives a moved home."""
        path = Path(self._name).expanduser()
        name = "/".join(path.parts[-2:]) if path.is_dir() else self._name
        return f"sentence-transformers:{name}"

    def load(self) -> None:
        """Imports torch and opens the model, which takes several seconds."""
        with self._lock:
            _ = self._model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row a text."""
        with self._lock:
            if not texts:
                return np.zeros((0, 1), dtype=np.float32)
            rows = self._model.encode(list(texts), batch_size=32, show_progress_bar=False)
        return unit_rows(np.asarray(rows, dtype=np.float32))

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EmbedderUnavailableError(
                "DEALHAND_MEMORY_EMBEDDER names a sentence-transformers model, which needs: "
                "pip install 'dealhand[embeddings]'."
            ) from error
        try:
            return SentenceTransformer(str(Path(self._name).expanduser()) if "/" in self._name else self._name)
        except (OSError, ValueError) as error:
            raise EmbedderUnavailableError(
                f"The embedding model “{self._name}” cannot be opened; "
                "give a folder that holds one, or a name that can be downloaded."
            ) from error
