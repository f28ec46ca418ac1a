"""Late interaction: how well a text has something for each word of a question, by the vectors of their tokens.

One vector for a whole text blurs which of the question's words it has; the best match of each word tells, also across
languages, where no word is spelled alike. After ColBERT (Khattab and Zaharia 2020), with the packaged model's tokens in the
middle of its layers, along the directions in which they differ most (`benchmarks/token_axes.py` makes them).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int8]
AXES = 64  # numbers a token
LAYER = 8  # of twelve; the last ones know more of the whole text and less of the word
MOST_TOKENS = 64  # of a text that are kept
SCALE = 190.0  # a token's vector of unit length is stored as whole numbers, so many to 1
_FILE = Path(__file__).with_name("token_axes.npz")


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """A text as a model sees it: its vector (dimension,) and those of its tokens (n, AXES), none from most models.

    `words` tells of each token to which of the text's words, parted by white space, it belongs.
    """

    vector: NDArray[np.float32]
    tokens: Tokens = field(default_factory=lambda: np.zeros((0, AXES), np.int8))
    words: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))


class Axes(NamedTuple):
    """What turns a layer's state into a token's vector: the middle that is taken off, and the directions kept."""

    question_mean: NDArray[np.float32]  # (width,)
    text_mean: NDArray[np.float32]
    directions: NDArray[np.float32]  # (width, AXES)


@cache
def token_axes() -> Axes:
    """The ones of the packaged model."""
    with np.load(_FILE) as stored:
        return Axes(*(stored[name].astype(np.float32) for name in Axes._fields))


def tokens_from(blob: bytes) -> Tokens:
    """Tokens as they are stored."""
    return np.frombuffer(blob, np.int8).reshape(-1, AXES)


def best_similarities(question: Tokens, texts: Sequence[Tokens]) -> NDArray[np.float32]:
    """The best cosine of each of the question's tokens to any of each text's, shape (texts, n); 0 for a text without tokens.

    Args:
        question: shape (n, AXES).
        texts: each of shape (m, AXES).
    """
    found = np.zeros((len(texts), len(question)), np.float32)
    filled = [index for index, tokens in enumerate(texts) if len(tokens)]
    if not len(question) or not filled:
        return found
    # Texts times question and not the other way round: matrix libraries share that out among threads that wait for each other.
    cosines = np.concatenate(texts).astype(np.float32) @ question.astype(np.float32).T / SCALE**2
    starts = np.concatenate([[0], np.cumsum([len(texts[index]) for index in filled])[:-1]])
    found[filled] = np.maximum.reduceat(cosines, starts, axis=0)
    return found
