"""Question to passages: nearest units by meaning and by words, judged together."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.index.store import LANGUAGES, Store, StoredChunk, StoredUnit
from assistant.index.vectors import Vectors
from assistant.models import SentenceEmbeddings
from assistant.text.kinds import Kind, holds_kind, question_kind
from assistant.text.words import STOP_WORDS, index_terms, stem, tokens
from assistant.types import Findings, Language, Passage, Quotable, Question, Unit

POOL = 60  # units taken from each search and language
PASSAGES = 10

# Weights of the signals in a unit's score, fitted by benchmarks/fit_weights.py on the development cases.
WEIGHTS: Mapping[str, float] = {
    "cosine": 12.0,
    "other_language": 0.35,
    "body": 2.2,
    "context": 1.6,
    "kind": 0.8,
    "source_line": -3.0,
}
_SOURCE_LINE = re.compile(r"(?:Quelle|Source|Quellen|Sources)\s*:")


@dataclass(frozen=True, slots=True)
class _Pool:
    """One language's side of a search."""

    language: Language
    terms: tuple[str, ...]
    idf: Mapping[str, float]
    unknown: tuple[str, ...]


class Retriever:
    """Searches one index version. Call it with a question; safe to share between threads."""

    def __init__(self, store: Store, vectors: Vectors, embedder: SentenceEmbeddings, version: str) -> None:
        self._store, self._vectors, self._embedder, self.version = store, vectors, embedder, version
        self._sizes = store.unit_counts()
        self._translated = _translated_documents(store)
        self._wholly_translated = {
            (mine, other): all(d.id in self._translated[mine] for d in store.documents() if d.language == other)
            for mine in LANGUAGES
            for other in LANGUAGES
        }

    def __call__(self, question: Question, limit: int = PASSAGES, language: Language | None = None) -> Findings:
        """The best passages, each with its units in order of score.

        Args:
            limit: how many passages at most.
            language: search documents of this language only.
        """
        vector = self._embedder.query_vector(question.text)
        kind = question_kind(question.text)
        quotables: list[Quotable] = []
        pools = [self._pool(question, pool) for pool in self._pools(question, language)]
        documents: dict[str, StoredChunk] = {}
        for pool in pools:
            units = self._candidates(pool, vector, question.language)
            chunks = self._store.chunks(list({unit.chunk_id for unit in units}))
            documents |= chunks
            quotables += [self._judge(unit, chunks[unit.chunk_id], pool, vector, kind, question) for unit in units]
        quotables.sort(key=lambda quotable: (-quotable.score, quotable.id))
        passages = self._passages(quotables, documents, limit)
        return Findings(passages, 1.0, self.version, _missing(question, pools))

    def _pools(self, question: Question, language: Language | None) -> list[Language]:
        if language:
            return [language] if language in self._sizes else []
        return [
            other
            for other in self._sizes
            if other == question.language or not self._wholly_translated[question.language, other]
        ]

    def _pool(self, question: Question, language: Language) -> _Pool:
        terms = question_terms(question, language)
        size = self._sizes[language]
        frequencies = self._store.frequencies(terms, language)
        idf = {term: math.log(1 + (size - df + 0.5) / (df + 0.5)) for term, df in frequencies.items()}
        return _Pool(language, terms, idf, tuple(term for term, df in frequencies.items() if not df))

    def _candidates(self, pool: _Pool, vector: NDArray[np.float32], asked_in: Language) -> list[StoredUnit]:
        near = self._vectors.search(vector, pool.language, POOL)
        worded = self._store.search_words(pool.terms, pool.language, POOL)
        units = self._store.units(list(dict.fromkeys([*near, *worded])))
        if pool.language == asked_in:
            return units
        return [unit for unit in units if unit.document_id not in self._translated[asked_in]]

    def _judge(
        self, unit: StoredUnit, chunk: StoredChunk, pool: _Pool, vector: NDArray[np.float32], kind: Kind, question: Question
    ) -> Quotable:
        offset = chunk.span.start
        text = chunk.text[unit.unit.span.start - offset : unit.unit.span.end - offset]
        weight = sum(pool.idf.values()) or 1.0
        here = sum(pool.idf[term] for term in pool.terms if term in unit.body) / weight
        around = sum(pool.idf[term] for term in pool.terms if term in unit.context and term not in unit.body) / weight
        signals = {
            "cosine": float(unit.vector @ vector) - 0.85,
            "other_language": float(pool.language != question.language),
            "body": here,
            "context": around,
            "kind": float(holds_kind(text, kind, pool.language)),
            "source_line": float(bool(_SOURCE_LINE.match(text))),
        }
        score = sum(WEIGHTS[name] * value for name, value in signals.items())
        matched = {t: pool.idf[t] / weight for t in pool.terms if t in unit.body or t in unit.context}
        return Quotable(unit.id, unit.chunk_id, unit.unit, text, score, signals, matched)


    def _passages(
        self, quotables: Iterable[Quotable], chunks: Mapping[str, StoredChunk], limit: int
    ) -> tuple[Passage, ...]:
        """Chunks in the order of their best unit."""
        by_chunk: dict[str, list[Quotable]] = {}
        for quotable in quotables:
            if quotable.chunk_id in by_chunk or len(by_chunk) < limit:
                by_chunk.setdefault(quotable.chunk_id, []).append(quotable)
        units = self._store.units_of(list(by_chunk))
        return tuple(_passage(chunks[chunk_id], units[chunk_id], found) for chunk_id, found in by_chunk.items())


def _passage(chunk: StoredChunk, units: Sequence[Unit], quotables: Sequence[Quotable]) -> Passage:
    document = chunk.document
    return Passage(
        chunk.id, document.id, document.name, document.title, document.publisher, document.date, document.language,
        chunk.section, chunk.page, chunk.span, chunk.text, quotables[0].score, tuple(units), tuple(quotables),
    )  # fmt: skip


def question_terms(question: Question, language: Language) -> tuple[str, ...]:
    """The content words of a question as the documents of a language would have them."""
    stops = {stem(word, language) for word in STOP_WORDS[question.language]}
    terms = tuple(dict.fromkeys(index_terms(question.text, language)))
    return tuple(term for term in terms if term not in stops) or terms


def _translated_documents(store: Store) -> dict[Language, set[str]]:
    """For each language, the documents that say nothing new to its readers: a translation in it is in the index."""
    by_name = {document.name: document for document in store.documents()}
    translated: dict[Language, set[str]] = {language: set() for language in LANGUAGES}
    for document in by_name.values():
        twin = by_name.get(document.translation_of or "")
        if twin and twin.language != document.language:
            translated[twin.language].add(document.id)
            translated[document.language].add(twin.id)
    return translated


def _missing(question: Question, pools: Sequence[_Pool]) -> tuple[str, ...]:
    """The question's words that occur in no document of any language searched."""
    unknown = [set(pool.unknown) for pool in pools]
    stems = {pool.language: {stem(word, pool.language): word for word in tokens(question.text)} for pool in pools}
    words = [{stems[pool.language].get(term, term) for term in gone} for pool, gone in zip(pools, unknown, strict=True)]
    return tuple(sorted(set.intersection(*words))) if words else ()
