"""Question to passages: nearest units by meaning and by words, judged together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from assistant.index.fact_places import FactPlaces
from assistant.index.schema import LANGUAGES
from assistant.index.store import Store
from assistant.index.stored import StoredChunk, StoredUnit
from assistant.index.subjects import Subjects
from assistant.index.vectors import Vectors
from assistant.index.vocabulary import Vocabulary
from assistant.models import SentenceEmbeddings
from assistant.nearness import Measure
from assistant.query import Pool, abbreviations_of, pool_of
from assistant.ranking import judged, ranked
from assistant.refusal import answerability
from assistant.text.topics import without_names
from assistant.text.words import index_terms
from assistant.trace import note
from assistant.types import Findings, Language, Passage, Question, Quotable, Unit

POOL = 60  # units taken from each search and language
PASSAGES = 10
_LONGEST_NAME, _SHORTEST_NAME = 4, 5  # words, letters

_WRITTEN = re.compile(r"[^\W_](?:[\w.,/-]*[^\W_])?")


class Retriever:
    """Searches one index version. Call it with a question; safe to share between threads."""

    def __init__(self, store: Store, vectors: Vectors, embedder: SentenceEmbeddings, version: str) -> None:
        self._store, self._vectors, self._embedder, self.version = store, vectors, embedder, version
        self._sizes = store.unit_counts()
        self._measure = Measure(store, list(self._sizes), embedder.name)
        self._vocabularies = {language: Vocabulary(store.terms(language)) for language in self._sizes}
        self._subjects = {language: Subjects(store, language) for language in self._sizes}
        self._abbreviations = {language: abbreviations_of(store, language) for language in self._sizes}
        self._fact_places = FactPlaces(store)
        explained = dict.fromkeys(pair for language in self._sizes for pair in store.abbreviations(language))
        self._long_forms, self._all_forms = dict(explained), (*sorted(explained), *_names(self._fact_places.subjects))
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
        spelled_out = self._spelled_out(question.text)
        nameless = without_names(question.text, question.language)
        asked, rest = self._embedder.queries([spelled_out, nameless])
        note("embed", text=spelled_out)
        quotables: list[Quotable] = []
        pools = [self._pool(question, searched) for searched in self._pools(question, language)]
        documents: dict[str, StoredChunk] = {}
        stating = self._fact_places.of(question.text, question.language)
        for pool in pools:
            units, worded = self._candidates(pool, asked.vector, stating, language or question.language)
            ids = list({unit.chunk_id for unit in units})
            chunks = self._store.chunks(ids)
            documents |= chunks
            written = pool.written_words(spelled_out.split(), question.language)
            near = self._measure.nearness(asked, rest, len(written), pool.language, units, chunks)
            subjects = self._subjects[pool.language]
            of_kind = self._fact_places.of_kind(question.text, question.language, (unit.id for unit in units))
            quotables += judged(question, pool, written, units, chunks, subjects, near, worded, stating, of_kind)
        quotables = ranked(quotables)
        passages = self._passages(quotables, documents, limit)
        answerable, missing = answerability(question.text, quotables), _missing(question, pools)
        return Findings(passages, answerable, self.version, missing, self._all_forms)

    def _spelled_out(self, text: str) -> str:
        """The question with its known abbreviations explained, for the vector."""
        long_forms = [self._long_forms[word] for word in _WRITTEN.findall(text) if word in self._long_forms]
        return f"{text} ({', '.join(long_forms)})" if long_forms else text

    def _pools(self, question: Question, language: Language | None) -> list[Language]:
        if language:
            return [language] if language in self._sizes else []
        return [
            other
            for other in self._sizes
            if other == question.language or not self._wholly_translated[question.language, other]
        ]

    def _pool(self, question: Question, language: Language) -> Pool:
        vocabulary, abbreviations = self._vocabularies[language], self._abbreviations[language]
        pool = pool_of(question, language, vocabulary, abbreviations, self._sizes[language], self._store)
        note("pool", pool=pool)
        return pool

    def _candidates(
        self, pool: Pool, vector: NDArray[np.float32], stating: frozenset[int], read_in: Language
    ) -> tuple[list[StoredUnit], dict[int, float]]:
        """The units found by either search or by their facts, and the scores of those that were found by words."""
        near = self._vectors.search(vector, pool.language, POOL)
        variants = dict.fromkeys(v for term in pool.terms for v in (*term.variants, *sorted(chain(*term.long_forms))))
        worded = self._store.search_words(list(variants), pool.language, POOL)
        note("search", near=near, worded=worded)
        units = self._store.units(list(dict.fromkeys([*near, *worded, *sorted(stating)])))
        units = [unit for unit in units if unit.language == pool.language]
        if pool.language == read_in:
            return units, worded
        return [unit for unit in units if unit.document_id not in self._translated[read_in]], worded

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
        chunk.id, document.id, document.name, document.title, document.publisher, document.date, chunk.language,
        chunk.section, chunk.page, chunk.span, chunk.text, quotables[0].score, tuple(units), tuple(quotables),
    )  # fmt: skip


def _names(subjects: Iterable[str]) -> list[tuple[str, str]]:
    """Of what the index states facts about, what looks like a name."""
    return sorted(
        (name, "") for name in subjects if 0 < len(name.split()) <= _LONGEST_NAME and len(name) >= _SHORTEST_NAME
    )


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


def _missing(question: Question, pools: Sequence[Pool]) -> tuple[str, ...]:
    """The question's words, as they were written, that no document of any language searched holds."""
    lacking = [{t.word for t in pool.terms if not (t.variants or t.long_forms)} for pool in pools]
    unknown = set.intersection(*lacking) if lacking else set()
    written = _WRITTEN.findall(question.text)
    return tuple(word for word in written if unknown.intersection(index_terms(word, question.language)))
