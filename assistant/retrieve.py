"""Question to passages: nearest units by meaning and by words, judged together."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.index.store import LANGUAGES, Store, StoredChunk, StoredUnit
from assistant.index.vectors import Vectors
from assistant.index.vocabulary import Vocabulary
from assistant.models import SentenceEmbeddings
from assistant.text.glossary import translations
from assistant.text.kinds import holds_kind, question_kind
from assistant.text.words import STOP_WORDS, index_terms, stem
from assistant.types import Findings, Language, Passage, Quotable, Question, Unit

POOL = 60  # units taken from each search and language
PASSAGES = 10

# Weights of the signals in a unit's score, fitted by benchmarks/fit_weights.py on the development cases.
WEIGHTS: Mapping[str, float] = {
    "cosine": 12.0,
    "cosine_near": 0.7,
    "other_language": 0.35,
    "body": 2.8,
    "context": 1.6,
    "near": 1.0,
    "kind": 0.8,
    "short": -0.3,
    "source_line": -3.0,
}
_USUAL_COSINE = 0.85  # of this model for text of the field; only differences matter
_TRANSLATED = 0.8
_SURE = 0.7  # variants worth less do not tell how common the word itself is
_FEW_WORDS = 5
_WRITTEN = re.compile(r"[^\W_](?:[\w.,/-]*[^\W_])?")
_SOURCE_LINE = re.compile(r"(?:Quelle|Source|Quellen|Sources)\s*:")


@dataclass(frozen=True, slots=True)
class _Term:
    """A word of the question, as one language's documents may have it."""

    word: str
    variants: Mapping[str, float]  # term of the index → its worth, 0..1
    idf: float


@dataclass(frozen=True, slots=True)
class _Pool:
    """One language's side of a search."""

    language: Language
    terms: tuple[_Term, ...]

    @property
    def weight(self) -> float:
        """What covering the whole question is worth."""
        return sum(term.idf for term in self.terms) or 1.0

    def coverage(self, words: frozenset[str]) -> dict[str, float]:
        """The question's words that are among `words`, with their share of the whole question, 0..1."""
        shares = {}
        for term in self.terms:
            worth = max((term.variants[w] for w in words & term.variants.keys()), default=0.0)
            if worth:
                shares[term.word] = worth * term.idf / self.weight
        return shares


class Retriever:
    """Searches one index version. Call it with a question; safe to share between threads."""

    def __init__(self, store: Store, vectors: Vectors, embedder: SentenceEmbeddings, version: str) -> None:
        self._store, self._vectors, self._embedder, self.version = store, vectors, embedder, version
        self._sizes = store.unit_counts()
        self._vocabularies = {language: Vocabulary(store.terms(language)) for language in self._sizes}
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
        quotables: list[Quotable] = []
        pools = [self._pool(question, pool) for pool in self._pools(question, language)]
        documents: dict[str, StoredChunk] = {}
        for pool in pools:
            units = self._candidates(pool, vector, question.language)
            chunks = self._store.chunks(list({unit.chunk_id for unit in units}))
            documents |= chunks
            quotables += self._judge(units, chunks, pool, vector, question)
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
        vocabulary, size = self._vocabularies[language], self._sizes[language]
        meant = {word: question_variants(word, question.language, language, vocabulary) for word in content_words(question)}
        frequencies = self._store.frequencies({v for variants in meant.values() for v in variants}, language)
        terms = []
        for word, variants in meant.items():
            frequency = max((frequencies[v] for v, worth in variants.items() if worth > _SURE), default=0)
            terms.append(_Term(word, variants, math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))))
        return _Pool(language, tuple(terms))

    def _candidates(self, pool: _Pool, vector: NDArray[np.float32], asked_in: Language) -> list[StoredUnit]:
        near = self._vectors.search(vector, pool.language, POOL)
        variants = list(dict.fromkeys(v for term in pool.terms for v in term.variants))
        worded = self._store.search_words(variants, pool.language, POOL)
        units = self._store.units(list(dict.fromkeys([*near, *worded])))
        if pool.language == asked_in:
            return units
        return [unit for unit in units if unit.document_id not in self._translated[asked_in]]

    def _judge(
        self,
        units: Sequence[StoredUnit],
        chunks: Mapping[str, StoredChunk],
        pool: _Pool,
        vector: NDArray[np.float32],
        question: Question,
    ) -> Iterator[Quotable]:
        kind = question_kind(question.text)
        cosines = {unit.id: float(unit.vector @ vector) for unit in units}
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
            signals = {
                "cosine": cosines[unit.id] - _USUAL_COSINE,
                "cosine_near": max((cosines[other.id] for other in others), default=_USUAL_COSINE) - _USUAL_COSINE,
                "other_language": float(pool.language != question.language),
                "body": sum(body.values()),
                "context": sum(share for word, share in context.items() if word not in body),
                "near": sum(share for word, share in near.items() if word not in body and word not in context),
                "kind": float(holds_kind(text, kind, pool.language)),
                "short": float(len(unit.body) < _FEW_WORDS),
                "source_line": float(bool(_SOURCE_LINE.match(text))),
            }
            score = sum(WEIGHTS[name] * value for name, value in signals.items())
            yield Quotable(unit.id, unit.chunk_id, unit.unit, text, score, signals, {**context, **body})

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


def content_words(question: Question) -> tuple[str, ...]:
    """The question's words without stop words, figures in their one form, each once."""
    stops = {stem(word, question.language) for word in STOP_WORDS[question.language]}
    words = tuple(dict.fromkeys(index_terms(question.text, question.language)))
    return tuple(word for word in words if word not in stops) or words


def question_variants(word: str, asked_in: Language, language: Language, vocabulary: Vocabulary) -> dict[str, float]:
    """The index terms of a language that a stemmed word of the question may mean, each with its worth."""
    found = vocabulary.variants(word)
    if asked_in != language:
        meanings = translations(language).get(word, ())
        found |= {meaning: _TRANSLATED for meaning in meanings if meaning in vocabulary}
    return found


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
    """The question's words, as they were written, that no document of any language searched holds."""
    unknown = set.intersection(*({t.word for t in pool.terms if not t.variants} for pool in pools)) if pools else set()
    written = _WRITTEN.findall(question.text)
    return tuple(word for word in written if unknown.intersection(index_terms(word, question.language)))
