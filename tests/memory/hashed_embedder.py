"""An embedder for tests: quick, deterministic, no model; it passes the contract tests of the real ones."""

import hashlib
from functools import cache

import numpy as np

from memory.embedders.protocol import unit_rows
from memory.words import passage_terms


class HashedEmbedder:
    """Sums a fixed random direction for each term: texts that share terms are near."""

    floor = 0.4

    def __init__(self, name="hashed", dimension=256):
        self.id, self.dimension, self.texts = f"test:{name}", dimension, 0

    def load(self):
        pass

    def embed(self, texts):
        self.texts += len(texts)
        return unit_rows(
            np.array([self._one(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)
        )

    def _one(self, text):
        return sum(
            (_direction(self.id, self.dimension, term) for term in passage_terms(text)), np.zeros(self.dimension)
        )


@cache
def _direction(name, dimension, term):
    seed = int.from_bytes(hashlib.sha256(f"{name}{term}".encode()).digest()[:4], "big")
    return np.random.default_rng(seed).standard_normal(dimension)
