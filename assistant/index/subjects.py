"""What each document is about: how much of it speaks of a name. A report rarely repeats in a sentence whose report it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from assistant.index.store import Store
from assistant.types import Language

_SUBJECT = 0.08  # share of a document's units from which on a name is its subject
_CACHED = 2_000  # terms


class Subjects:
    """Documents by the terms that they are about, for one language; safe to share between threads."""

    def __init__(self, store: Store, language: Language) -> None:
        self._store, self._language = store, language
        units = store.documents_of_units(language)
        self._documents = sorted({document for _, document in units})
        numbers = {document: number for number, document in enumerate(self._documents)}
        self._ids = np.array([unit for unit, _ in units], dtype=np.int64)
        self._owners = np.array([numbers[document] for _, document in units], dtype=np.int64)
        self._sizes = np.bincount(self._owners, minlength=len(self._documents))
        self.of = lru_cache(_CACHED)(self._of)

    def _of(self, term: str) -> Mapping[str, float]:
        """The documents that speak of a term, 0..1: 1 where it is a subject of the whole document."""
        holding = self._store.holding(term, self._language)
        if not len(holding) or not len(self._ids):
            return {}
        owners = self._owners[np.searchsorted(self._ids, holding).clip(max=len(self._ids) - 1)]
        counts = np.bincount(owners, minlength=len(self._documents))
        shares = np.minimum(counts / self._sizes / _SUBJECT, 1.0)
        return {self._documents[number]: float(shares[number]) for number in np.flatnonzero(counts)}
