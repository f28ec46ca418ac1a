"""Cosines between a question and units, in one measure for every model and beside what is usual in the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from assistant.index.late_interaction import Embedded, max_similarities
from assistant.index.store import Store
from assistant.index.stored import Sibling, StoredUnit
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
    passage: Mapping[str, float]  # by chunk: to the mean of its units
    usual: Mapping[
        int, float
    ]  # of the units to the middle of the index: such as say a bit of everything are near anything
    background: float  # of the question to the middle of the index
    words: Mapping[
        int, float
    ]  # of the question's words to those of each unit that are most like them; the usual without tokens


class Measure:
    """The measure of one index: the same figures mean the same for all models, whose cosines lie in different ranges."""

    def __init__(self, store: Store, languages: Sequence[Language], model: str) -> None:
        samples = {language: _sample(store, language) for language in languages}
        self._middles = {language: sample.mean(axis=0) for language, sample in samples.items()}
        self._cosines = _PACKAGED if model == PACKAGED_MODEL else _usual(list(samples.values()))

    def nearness(
        self,
        asked: Embedded,
        weights: Sequence[float],
        language: Language,
        units: Sequence[StoredUnit],
        siblings: Mapping[str, Sequence[Sibling]],
    ) -> Nearness:
        """How near units and their passages are to a question, of whose written words each has a weight."""
        if not units:
            return Nearness({}, {}, {}, 0.0, {})
        question = asked.vector
        middle = self._middles[language]
        vectors = np.stack([unit.vector for unit in units])
        ids = [unit.id for unit in units]
        return Nearness(
            dict(zip(ids, self._signals(vectors @ question), strict=True)),
            {chunk: self._to_mean(question, others) for chunk, others in siblings.items()},
            dict(zip(ids, self._signals(vectors @ middle), strict=True)),
            self._signals(np.array([question @ middle]))[0],
            dict(zip(ids, _words_found(asked, weights, units), strict=True)),
        )

    def _to_mean(self, question: Vector, units: Sequence[Sibling]) -> float:
        mean = np.mean([unit.vector for unit in units], axis=0)
        return self._signals(np.array([mean @ question / (np.linalg.norm(mean) or 1.0)]))[0]

    def _signals(self, cosines: NDArray[np.float32]) -> list[float]:
        (mean, deviation), (usual_mean, usual_deviation) = self._cosines, _PACKAGED
        values: list[float] = ((cosines - mean) / deviation * usual_deviation + usual_mean - USUAL_COSINE).tolist()
        return values


def _words_found(asked: Embedded, weights: Sequence[float], units: Sequence[StoredUnit]) -> list[float]:
    """A word's weight is shared out among its tokens; where no word weighs anything, all tokens do."""
    if not len(asked.words):
        return [_USUAL_WORDS] * len(units)
    tokens_of = np.bincount(asked.words)
    of_token = np.array([weights[word] / tokens_of[word] if word < len(weights) else 0.0 for word in asked.words])
    of_token = of_token if of_token.any() else np.ones(len(of_token))
    return max_similarities(asked.tokens, of_token, [unit.tokens for unit in units])


def _sample(store: Store, language: Language) -> Vector:
    return np.concatenate([vectors for _, vectors in islice(store.vectors(language, batch=_SAMPLE), 1)])


def _usual(samples: Sequence[Vector]) -> tuple[float, float]:
    """Mean and standard deviation of the cosines of any two units."""
    pairs = [(sample @ sample.T)[np.triu_indices(len(sample), 1)] for sample in samples]
    cosines = np.concatenate(pairs or [np.zeros(0)])
    return (float(cosines.mean()), float(cosines.std()) or 1.0) if len(cosines) else _PACKAGED
