"""The words of an index, and which of them a question's word may mean: parts of compounds, compounds it is part of, typos."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST_PART = 5
_PART = 0.6  # what a compound's part is worth against the word itself
_TYPO = 0.8
_MOST = 12


class Vocabulary:
    """All terms of one language's index."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(terms)
        self._forward = sorted(self._terms)
        self._backward = sorted(term[::-1] for term in self._terms)

    def __contains__(self, term: str) -> bool:
        return term in self._terms

    def variants(self, term: str) -> dict[str, float]:
        """Terms of the index that stand for `term`, each with its worth (0..1]; empty if there is none."""
        found = {term: 1.0} if term in self._terms else {}
        if len(term) >= _SHORTEST_PART and term.isalpha():
            for other in [*self._compounds(term), *self._parts(term)][:_MOST]:
                found.setdefault(other, _PART)
        return found or self._typos(term)

    def _compounds(self, term: str) -> list[str]:
        """Terms that begin or end with `term`."""
        ends = [other[::-1] for other in _starting(self._backward, term[::-1])]
        return [other for other in (*_starting(self._forward, term), *ends) if other != term and other.isalpha()]

    def _parts(self, term: str) -> list[str]:
        """Terms that `term` begins or ends with, longest first."""
        cuts = range(len(term) - 2, _SHORTEST_PART - 1, -1)
        return [part for size in cuts for part in (term[:size], term[-size:]) if part in self._terms]

    def _typos(self, term: str) -> dict[str, float]:
        """The nearest terms at one or two slips of the pen; never a different number."""
        if len(term) < _SHORTEST_PART or not term.isalpha():
            return {}
        slips = 1 if len(term) < 9 else 2
        near = process.extract(term, self._forward, scorer=OSA.distance, score_cutoff=slips, limit=3)
        return {other: _TYPO for other, _, _ in near if other[0] == term[0]}


def _starting(ordered: list[str], beginning: str) -> list[str]:
    start = bisect_left(ordered, beginning)
    end = bisect_left(ordered, beginning + "\U0010ffff")
    return ordered[start:end]
