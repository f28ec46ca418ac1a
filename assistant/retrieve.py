"""Question to passages: nearest units by meaning and by words, judged together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from assistant.index.schema import LANGUAGES
from assistant.index.store import Store, StoredChunk, StoredUnit
from assistant.index.vectors import Vectors
from assistant.index.vocabulary import Vocabulary
from assistant.models import PACKAGED_MODEL, SentenceEmbeddings
from assistant.query import Pool, abbreviations_of, pool_of
from assistant.refusal import answerability
from assistant.text.kinds import asked_thing, holds_kind, question_kind
from assistant.text.words import index_terms
from assistant.types import Findings, Language, Passage, Question, Quotable, Unit

POOL = 60  # units taken from each search and language
PASSAGES = 10

# Weights of the signals in a unit's score: a fit on the development cases, rounded, and kept where the held-back ones agreed.
WEIGHTS: Mapping[str, float] = {
    "cosine": 12.0,
    "cosine_near": 0.4,
    "other_language": 0.45,
    "names": 0.6,
    "predicate": 0.6,
    "names_here": 2.0,
    "names_near": 1.5,
    "words_here": 2.9,
    "words_above": 1.0,
    "words_near": 1.0,
    "kind": 0.8,
    "short": -0.4,
    "caption": -0.6,
    "source_line": -3.0,
    "note": -0.6,
}
_USUAL_COSINE = 0.85  # zero of the cosine signals; they are in the packaged model's measure
_PACKAGED_COSINES = (0.86, 0.042)  # mean and deviation of the cosines of any two units of the shipped corpus
_SAMPLE = 300
_FEW_WORDS = 5
_WRITTEN = re.compile(r"[^\W_](?:[\w.,/-]*[^\W_])?")
_CAPTION = re.compile(r"(?:Abb|Abbildung|Tab|Tabelle|Fig|Figure|Table)\b\.?\s*\d")
_NOTE = re.compile(r"(?:Hinweis|Note|Anmerkung|Widerspruch|Contradiction)\s*:")
_SOURCE_LINE = re.compile(r"(?:Quelle|Source|Quellen|Sources)\s*:")


class Retriever:
    """Searches one index version. Call it with a question; safe to share between threads."""

    def __init__(self, store: Store, vectors: Vectors, embedder: SentenceEmbeddings, version: str) -> None:
        self._store, self._vectors, self._embedder, self.version = store, vectors, embedder, version
        self._sizes = store.unit_counts()
        packaged = embedder.name == PACKAGED_MODEL
        self._cosines = _PACKAGED_COSINES if packaged else _usual_cosines(store, list(self._sizes))
        self._vocabularies = {language: Vocabulary(store.terms(language)) for language in self._sizes}
        self._abbreviations = {language: abbreviations_of(store, language) for language in self._sizes}
        self._long_forms = {short: long for language in self._sizes for short, long in store.abbreviations(language)}
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
        vector = self._embedder.query_vector(self._spelled_out(question.text))
        quotables: list[Quotable] = []
        pools = [self._pool(question, searched) for searched in self._pools(question, language)]
        documents: dict[str, StoredChunk] = {}
        for pool in pools:
            units = self._candidates(pool, vector, language or question.language)
            chunks = self._store.chunks(list({unit.chunk_id for unit in units}))
            documents |= chunks
            quotables += self._judge(units, chunks, pool, vector, question)
        quotables.sort(key=lambda quotable: (-quotable.score, quotable.id))
        passages = self._passages(quotables, documents, limit)
        return Findings(passages, answerability(question.text, quotables), self.version, _missing(question, pools))

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
        return pool_of(question, language, vocabulary, abbreviations, self._sizes[language], self._store)

    def _candidates(self, pool: Pool, vector: NDArray[np.float32], read_in: Language) -> list[StoredUnit]:
        near = self._vectors.search(vector, pool.language, POOL)
        variants = dict.fromkeys(v for term in pool.terms for v in (*term.variants, *sorted(chain(*term.long_forms))))
        worded = self._store.search_words(list(variants), pool.language, POOL)
        units = self._store.units(list(dict.fromkeys([*near, *worded])))
        if pool.language == read_in:
            return units
        return [unit for unit in units if unit.document_id not in self._translated[read_in]]

    def _judge(
        self,
        units: Sequence[StoredUnit],
        chunks: Mapping[str, StoredChunk],
        pool: Pool,
        vector: NDArray[np.float32],
        question: Question,
    ) -> Iterator[Quotable]:
        kind = question_kind(question.text)
        asked = set(index_terms(asked_thing(question.text), question.language)) & {term.word for term in pool.terms}
        cosines = {unit.id: self._in_usual_measure(float(unit.vector @ vector)) for unit in units}
        siblings: dict[str, list[StoredUnit]] = {}
        for unit in units:
            siblings.setdefault(unit.chunk_id, []).append(unit)
        for unit in units:
            chunk = chunks[unit.chunk_id]
            offset = chunk.span.start
            text = chunk.text[unit.unit.span.start - offset : unit.unit.span.end - offset]
            body, context = pool.coverage(unit.body), pool.coverage(unit.context)
            others = [other for other in siblings[unit.chunk_id] if other.id != unit.id]
            near = pool.coverage(frozenset().union(*(other.body for other in others)))
            matched = {**context, **body}
            signals = {
                "names": pool.share({**near, **matched}, names=True),
                "predicate": pool.share(matched, names=False),
                "names_here": pool.weight_of(matched, names=True),
                "names_near": pool.weight_of({w: s for w, s in near.items() if w not in matched}, names=True),
                "words_here": pool.weight_of(body, names=False),
                "words_above": pool.weight_of({w: s for w, s in context.items() if w not in body}, names=False),
                "words_near": pool.weight_of({w: s for w, s in near.items() if w not in matched}, names=False),
                "cosine": cosines[unit.id] - _USUAL_COSINE,
                "cosine_near": max((cosines[other.id] for other in others), default=_USUAL_COSINE) - _USUAL_COSINE,
                "other_language": float(pool.language != question.language),
                "kind": float(holds_kind(text, kind, pool.language)),
                "asked": float(not asked or not asked.isdisjoint(matched)),
                "caption": float(bool(_CAPTION.match(text))),
                "short": float(len(unit.body) < _FEW_WORDS),
                "source_line": float(bool(_SOURCE_LINE.match(text))),
                "note": float(bool(_NOTE.match(text))),
            }
            score = sum(WEIGHTS.get(name, 0.0) * value for name, value in signals.items())
            yield Quotable(unit.id, unit.chunk_id, unit.unit, text, score, signals, matched)

    def _in_usual_measure(self, cosine: float) -> float:
        """A cosine of any model as the packaged one would give it: weights and refusal are fitted to that measure."""
        (mean, deviation), (usual_mean, usual_deviation) = self._cosines, _PACKAGED_COSINES
        return (cosine - mean) / deviation * usual_deviation + usual_mean

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


def _usual_cosines(store: Store, languages: Sequence[Language]) -> tuple[float, float]:
    """Mean and standard deviation of the cosines of any two units, from a sample."""
    sample = [vectors[:_SAMPLE] for language in languages for _, vectors in islice(store.vectors(language), 1)]
    cosines = np.concatenate([(part @ part.T)[np.triu_indices(len(part), 1)] for part in sample] or [np.zeros(0)])
    return (float(cosines.mean()), float(cosines.std()) or 1.0) if len(cosines) else _PACKAGED_COSINES


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
    unknown = set.intersection(*({t.word for t in pool.terms if not t.variants} for pool in pools)) if pools else set()
    written = _WRITTEN.findall(question.text)
    return tuple(word for word in written if unknown.intersection(index_terms(word, question.language)))
