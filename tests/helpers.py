"""Parts the tests share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.index.late_interaction import Embedded
from assistant.models import SentenceEmbeddings
from assistant.text.words import tokens


class HashingEmbeddings(SentenceEmbeddings):
    """Vectors out of hashed words and word beginnings: texts that share words are near each other, and nothing is loaded.

    `name` identifies the model in an index, as with the real one.
    """

    dimension = 256

    def __init__(self, name: str = "test/hashing-256") -> None:
        self.name = name

    def query_vector(self, text: str) -> NDArray[np.float32]:
        """Shape (dimension,), unit length."""
        vector = np.zeros(self.dimension, dtype=np.float32)
        for feature in _features(text):
            digest = hashlib.blake2b(feature.encode(), digest_size=8).digest()
            vector[int.from_bytes(digest[:4]) % self.dimension] += 1.0 if digest[4] % 2 else -1.0
        length = float(np.linalg.norm(vector))
        if not length:  # no word at all, or all cancelled out: any fixed direction will do
            vector[0] = length = 1.0
        return vector / np.float32(length)

    def query(self, text: str) -> Embedded:
        """One vector, no tokens."""
        return Embedded(self.query_vector(text))

    def queries(self, texts: Sequence[str]) -> list[Embedded]:
        """Each as alone."""
        return [self.query(text) for text in texts]

    def documents(self, texts: list[str]) -> list[Embedded]:
        """The same vectors as of questions."""
        return [self.query(text) for text in texts]


def _features(text: str) -> list[str]:
    """Words, and their first five letters, so that inflected forms stay close."""
    words = tokens(text)
    return [*words, *(f"{word[:5]}-" for word in words if len(word) > 5)]
