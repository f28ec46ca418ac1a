"""Cosines between a question and units, in one measure for every model and beside what is usual in the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from assistant.index.late_interaction import Embedded, best_similarities
from assistant.index.store import Store
from assistant.index.stored import StoredChunk, StoredUnit
from assistant.models import PACKAGED_MODEL
from assistant.types import Language

USUAL_COSINE = 0.85  # zero of the signals; they are in the packaged model's measure
_PACKAGED = (0.86, 0.042)  # mean and deviation of the cosines of any two units of the shipped corpus
_SAMPLE = 1_000
# Of the best unit of a question; it stands in with models that tell no tokens, so that scores keep their measure.
_USUAL_WORDS = 0.6

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Nearness:
    """The cosines of one question to the units of one language, each less USUAL_COSINE."""

    unit: Mapping[int, float]
    rest: Mapping[int, float]  # by unit: of the question without the names in it
    passage: Mapping[str, float]  # by chunk: to the mean of its units
    usual: Mapping[
        int, float
    ]  # of the units to the middle of the index: such as say a bit of everything are near anything
    words: Mapping[int, NDArray[np.float32]]  # by unit: of each of the question's written words to what is most like it


class Measure:
    """The measure of one index: the same figures mean the same for all models, whose cosines lie in different ranges."""

    def __init__(self, store: Store, languages: Sequence[Language], model: str) -> None:
        samples = {language: _sample(store, language) for language in languages}
        self._middles = {language: sample.mean(axis=0) for language, sample in samples.items()}
        self._cosines = _PACKAGED if model == PACKAGED_MODEL else _usual(list(samples.values()))

    def nearness(
        self,
        asked: Embedded,
        rest: Embedded,
        words: int,
        language: Language,
        units: Sequence[StoredUnit],
        chunks: Mapping[str, StoredChunk],
    ) -> Nearness:
        """How near units and their passages are to a question of so many written words, and to what it asks without its names."""
        if not units:
            return Nearness({}, {}, {}, {}, {})
        question = asked.vector
        middle = self._middles[language]
        vectors = np.stack([unit.vector for unit in units])
        ids = [unit.id for unit in units]
        return Nearness(
            dict(zip(ids, self._signals(vectors @ question), strict=True)),
            dict(zip(ids, self._signals(vectors @ rest.vector), strict=True)),
            {chunk_id: self._to_mean(question, chunk.vector) for chunk_id, chunk in chunks.items()},
            dict(zip(ids, self._signals(vectors @ middle), strict=True)),
            dict(zip(ids, _words_found(asked, words, units), strict=True)),
        )

    def _to_mean(self, question: Vector, mean: Vector) -> float:
        return self._signals(np.array([mean @ question / (np.linalg.norm(mean) or 1.0)]))[0]

    def _signals(self, cosines: NDArray[np.float32]) -> list[float]:
        (mean, deviation), (usual_mean, usual_deviation) = self._cosines, _PACKAGED
        values: list[float] = ((cosines - mean) / deviation * usual_deviation + usual_mean - USUAL_COSINE).tolist()
        return values


def _words_found(asked: Embedded, words: int, units: Sequence[StoredUnit]) -> NDArray[np.float32]:
    """Of each written word the mean over its tokens, shape (units, words); the usual where a word, or the model, has none."""
    found = np.full((len(units), words), _USUAL_WORDS, np.float32)
    if not len(asked.words):
        return found
    best = best_similarities(asked.tokens, [unit.tokens for unit in units])
    for word in range(words):
        own = asked.words == word
        if own.any():
            found[:, word] = best[:, own].mean(axis=1)
    return found


def _sample(store: Store, language: Language) -> Vector:
    return np.concatenate([vectors for _, vectors in islice(store.vectors(language, batch=_SAMPLE), 1)])


def _usual(samples: Sequence[Vector]) -> tuple[float, float]:
    """Mean and standard deviation of the cosines of any two units."""
    pairs = [(sample @ sample.T)[np.triu_indices(len(sample), 1)] for sample in samples]
    cosines = np.concatenate(pairs or [np.zeros(0)])
    return (float(cosines.mean()), float(cosines.std()) or 1.0) if len(cosines) else _PACKAGED
