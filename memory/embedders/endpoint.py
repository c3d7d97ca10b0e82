"""An OpenAI-compatible embeddings endpoint: a company's own server, or a provider."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from memory.embedders.protocol import EmbedderUnavailableError, Vectors, unit_rows

BATCH = 128


class EndpointEmbedder:
    """`POST {base_url}/embeddings` in batches of 128; answers are put in the order that was asked."""

    floor = 0.30

    def __init__(self, model: str, *, base_url: str = "", api_key: str = "", timeout_s: float = 30.0) -> None:
        self._name, self._base_url, self._key, self._timeout_s = model, base_url, api_key, timeout_s

    @property
    def id(self) -> str:
        """Kind and model."""
        return f"openai:{self._name}"

    def load(self) -> None:
        """Nothing: an endpoint has its model open."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row a text."""
        rows: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            rows.extend(self._ask(texts[start : start + BATCH]))
        if not rows:
            return np.zeros((0, 1), dtype=np.float32)
        return unit_rows(np.asarray(rows, dtype=np.float32))

    def _ask(self, texts: Sequence[str]) -> list[list[float]]:
        import openai

        try:
            answer = self._client.embeddings.create(
                model=self._name, input=[text or " " for text in texts], encoding_format="float"
            )
        except openai.OpenAIError as error:
            raise EmbedderUnavailableError(
                f"The embeddings endpoint did not answer for “{self._name}”; "
                "check DEALHAND_MEMORY_BASE_URL, DEALHAND_MEMORY_API_KEY and the model's name."
            ) from error
        found = [each.embedding for each in sorted(answer.data, key=lambda each: each.index)]
        if len(found) != len(texts) or len({len(row) for row in found}) != 1:
            raise EmbedderUnavailableError(
                f"The embeddings endpoint gave {len(found)} usable vectors for {len(texts)} texts."
            )
        return found

    @cached_property
    def _client(self) -> Any:
        from openai import OpenAI

        return OpenAI(
            base_url=self._base_url or None, api_key=self._key or "none", timeout=self._timeout_s, max_retries=2
        )
