"""The words of an index, and which of them a question's word may mean: parts of compounds, compounds it is part of, typos."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST_PART = 5
_SHORTEST_SPLIT = 4  # where both parts of a compound are known words
_LINKS = ("", "s", "n", "en", "es", "e")  # what German puts between the parts
_KIND = 0.6  # worth of a compound that ends with the word, or of the end of a compound, against the word itself
_PART = 0.6  # the same for beginnings
_SPELLING = 0.95  # an umlaut written another way
_TYPO = 0.8
_MOST = 12
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


class Vocabulary:
    """All terms of one language's index."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(terms)
        self._forward = sorted(self._terms)
        self._backward = sorted(term[::-1] for term in self._terms)
        self._letters = np.array([_letters(term) for term in self._forward], np.uint64)
        self._lengths = np.array([len(term) for term in self._forward], np.int64)

    def __contains__(self, term: str) -> bool:
        return term in self._terms

    def variants(self, term: str) -> dict[str, float]:
        """Terms of the index that stand for `term`, each with its worth (0..1]; empty if there is none."""
        found = {term: 1.0} if term in self._terms else dict.fromkeys(self._spellings(term), _SPELLING)
        if len(term) >= _SHORTEST_PART and term.isalpha():
            ends = chain(self._ending(term), self._ends_of(term))
            beginnings = chain(self._beginning(term), self._beginnings_of(term))
            for other in islice(ends, _MOST):
                found.setdefault(other, _KIND)
            for other in islice(beginnings, _MOST):
                found.setdefault(other, _PART)
        return found or self._typos(term)

    def splits(self, term: str) -> Iterator[frozenset[str]]:
        """The parts of a compound, where the index knows both."""
        if not term.isalpha():
            return
        for cut in range(_SHORTEST_SPLIT, len(term) - _SHORTEST_SPLIT + 1):
            first, second = term[:cut], term[cut:]
            if second in self._terms:
                for link in _LINKS:
                    part = first.removesuffix(link)
                    if len(part) >= _SHORTEST_SPLIT and first.endswith(link) and part in self._terms:
                        yield frozenset((part, second))
                        break

    def _spellings(self, term: str) -> set[str]:
        """ "koehl" for "kohl", as "Köhl" is stored, and the other way round; "KMU" for "KMUs"."""
        plain = term
        for long, short in _UMLAUTS:
            plain = plain.replace(long, short)
        wide = (
            f"{term[:place]}{long}{term[place + 1 :]}"
            for place, letter in enumerate(term)
            for long, short in _UMLAUTS
            if letter == short
        )
        return {other for other in (plain, term.removesuffix("s"), *wide) if other != term and other in self._terms}

    def _beginning(self, term: str) -> Iterator[str]:
        """Terms that begin with `term`."""
        return (other for other in _starting(self._forward, term) if other != term and other.isalpha())

    def _ending(self, term: str) -> Iterator[str]:
        """Terms that end with `term`."""
        others = (other[::-1] for other in _starting(self._backward, term[::-1]))
        return (other for other in others if other != term and other.isalpha())

    def _beginnings_of(self, term: str) -> Iterator[str]:
        """Terms that `term` begins with, longest first."""
        return (term[:size] for size in range(len(term) - 2, _SHORTEST_PART - 1, -1) if term[:size] in self._terms)

    def _ends_of(self, term: str) -> Iterator[str]:
        """Terms that `term` ends with, longest first."""
        return (term[-size:] for size in range(len(term) - 2, _SHORTEST_PART - 1, -1) if term[-size:] in self._terms)

    def _typos(self, term: str) -> dict[str, float]:
        """The nearest terms at one or two slips of the pen; never a different number."""
        if len(term) < _SHORTEST_PART or not term.isalpha():
            return {}
        slips = 1 if len(term) < 9 else 2
        others = self._letters ^ np.uint64(_letters(term))  # a slip changes two letters at most
        alike = (np.bitwise_count(others) <= 2 * slips) & (abs(self._lengths - len(term)) <= slips)
        terms = [self._forward[place] for place in np.flatnonzero(alike)]
        near = process.extract(term, terms, scorer=OSA.distance, score_cutoff=slips, limit=3)
        return {other: _TYPO for other, _, _ in near if other[0] == term[0]}


def _letters(term: str) -> int:
    """Which letters a term has, as bits."""
    bits = 0
    for letter in term:
        bits |= 1 << (ord(letter) % 64)
    return bits


def _starting(ordered: list[str], beginning: str) -> list[str]:
    start = bisect_left(ordered, beginning)
    end = bisect_left(ordered, beginning + "\U0010ffff")
    return ordered[start:end]
