"""Words to the units that hold them: one list a term, read in one piece, and ranked by BM25 (Robertson and Zaragoza 2009).

A full-text index that ranks row by row takes as long as the question's commonest word has rows; whole lists are added up
in a hundredth of that.
"""

from __future__ import annotations

import json
import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.index.listing import Row, marks
from assistant.types import Language

_SATURATION, _BY_LENGTH = 1.2, 0.75  # BM25's k1 and b
_CONTEXT_WEIGHT = 0.5  # a word in the heading counts half a word in the sentence
_LEAST = 1e-6  # worth of a word that most units hold
_MOST_COUNTED = 65_535  # times a word is counted in one unit
_MOST_VALUES = 500  # in one query
_PLACE = np.dtype("<u4")
_COUNT = np.dtype("<u2")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Worded:
    """The units of a language that can be searched by words, in the order of their ids."""

    ids: NDArray[np.int64]
    norms: NDArray[np.float64]  # what a unit's length does to its words' counts

    @classmethod
    def of(cls, ids: bytes, lengths: bytes) -> Worded:
        """From what is stored: ids and numbers of words."""
        words = np.frombuffer(lengths, _PLACE)
        usual = words.sum() / len(words) if len(words) else 1.0
        norms = _SATURATION * (1 - _BY_LENGTH + _BY_LENGTH * words / (usual or 1.0))
        return cls(np.frombuffer(ids, np.dtype("<i8")), norms)


class WordReader:
    """The part of a store that searches words."""

    def _rows(self, query: str, values: Sequence[object] | dict[str, object] = ()) -> list[Row]:
        raise NotImplementedError

    def _kept(self, name: str, make: Callable[[], T]) -> T:
        raise NotImplementedError

    def worded(self, language: Language) -> int:
        """How many units of a language can be searched by words."""
        return len(self._worded(language).ids)

    def search_words(self, terms: Sequence[str], language: Language, limit: int) -> dict[int, float]:
        """The ids of the units of a language that hold any of the terms, with their BM25 score, best first."""
        units, lists = self._worded(language), self._lists(terms, language)
        scores = np.zeros(len(units.ids))
        for term in dict.fromkeys(terms):
            if term in lists:
                places, counts = lists[term]
                often = counts[:, 0] + _CONTEXT_WEIGHT * counts[:, 1]
                rarity = math.log((len(scores) - len(places) + 0.5) / (len(places) + 0.5))
                share = often * (_SATURATION + 1) / (often + units.norms[places])
                scores[places] += (rarity if rarity > 0 else _LEAST) * share
        found = np.flatnonzero(scores > 0)
        if len(found) > limit:
            found = found[scores[found] >= np.partition(scores[found], -limit)[-limit]]
        best = found[np.argsort(-scores[found], kind="stable")][:limit]
        return dict(zip(units.ids[best].tolist(), scores[best].tolist(), strict=True))

    def frequencies(self, terms: Iterable[str], language: Language) -> dict[str, int]:
        """In how many units of a language each term occurs; 0 for an unknown one."""
        found = dict.fromkeys(terms, 0)
        for part in _parts(list(found)):
            query = (
                f"SELECT term, length(places) / {_PLACE.itemsize} FROM words_{language} WHERE term IN ({marks(part)})"
            )
            found.update(self._rows(query, part))
        return found

    def terms(self, language: Language) -> list[str]:
        """All terms of a language's units."""
        return [row[0] for row in self._rows(f"SELECT term FROM words_{language}")]

    def holding(self, term: str, language: Language) -> NDArray[np.int64]:
        """The ids of all units of a language that hold a term, in order."""
        lists = self._lists([term], language)
        return self._worded(language).ids[lists[term][0]] if term in lists else np.zeros(0, np.int64)

    def documents_holding(self, term: str, language: Language) -> set[str]:
        """The ids of the documents of which a passage in a language, or a heading above it, holds a term."""
        query = """SELECT DISTINCT c.document_id FROM units u JOIN chunks c ON c.id = u.chunk_id
                   WHERE u.id IN (SELECT value FROM json_each(?))"""
        return {row[0] for row in self._rows(query, (json.dumps(self.holding(term, language).tolist()),))}

    def _worded(self, language: Language) -> Worded:
        return self._kept(f"words {language}", lambda: self._read_worded(language))

    def _read_worded(self, language: Language) -> Worded:
        rows = self._rows("SELECT ids, lengths FROM worded WHERE language = ?", (language,))
        return Worded.of(*rows[0]) if rows else Worded.of(b"", b"")

    def _lists(
        self, terms: Sequence[str], language: Language
    ) -> dict[str, tuple[NDArray[np.uint32], NDArray[np.uint16]]]:
        """For each known term the places of its units, and how often their sentences and headings have it."""
        found = {}
        for part in _parts(list(dict.fromkeys(terms))):
            query = f"SELECT term, places, counts FROM words_{language} WHERE term IN ({marks(part)})"
            for term, places, counts in self._rows(query, part):
                found[term] = np.frombuffer(places, _PLACE), np.frombuffer(counts, _COUNT).reshape(-1, 2)
        return found


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _MOST_VALUES] for start in range(0, len(values), _MOST_VALUES))


@dataclass(frozen=True, slots=True)
class WordLists:
    """The words of a language's units as they are stored."""

    ids: bytes
    lengths: bytes
    lists: Mapping[str, tuple[bytes, bytes]]  # term → places of its units, counts in sentence and headings


def word_lists(units: Iterable[tuple[int, str, str]]) -> WordLists:
    """The lists of units, given in the order of their ids, each with the words of its sentence and of its headings."""
    ids, lengths = array("q"), array("I")
    places: dict[str, array[int]] = {}
    counts: dict[str, array[int]] = {}
    for place, (unit_id, body, context) in enumerate(units):
        here, above = Counter(body.split()), Counter(context.split())
        ids.append(unit_id)
        lengths.append(here.total() + above.total())
        for term in here.keys() | above.keys():
            if term not in places:
                places[term], counts[term] = array("I"), array("H")
            places[term].append(place)
            counts[term].extend((min(here[term], _MOST_COUNTED), min(above[term], _MOST_COUNTED)))
    lists = {term: (_packed(found, _PLACE), _packed(counts[term], _COUNT)) for term, found in sorted(places.items())}
    return WordLists(_packed(ids, np.dtype("<i8")), _packed(lengths, _PLACE), lists)


def _packed(values: array[int], kind: np.dtype[np.generic]) -> bytes:
    return np.array(values).astype(kind).tobytes()
