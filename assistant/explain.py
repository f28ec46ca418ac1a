"""The notes of the stages as one explanation: what a maintainer reads when an answer is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from assistant.explanation import (
    Choice,
    Decision,
    Expansion,
    Explanation,
    JudgedSentence,
    RankedUnit,
    RefusalCheck,
    Signal,
    Source,
    Variant,
)
from assistant.extractive import ANSWERABLE
from assistant.query import Term
from assistant.text.glossary import synonyms, translations
from assistant.text.kinds import question_kind
from assistant.text.markers import MarkedSentence
from assistant.trace import Note
from assistant.types import Findings, Language, Passage, Question, Quotable

MOST_UNITS = 10
_MOST_VARIANTS = 12
_MOST_LEFT = 5  # units beyond the last one quoted of which the reason is told


def explained(question: Question, findings: Findings, notes: Sequence[Note]) -> Explanation:
    """The path of a question.

    Args:
        question: as it was searched for.
        findings: what the search gave.
        notes: what the stages left while it ran, from "start" to "end".
    """
    found = [(passage, quotable) for passage in findings.passages for quotable in passage.quotables]
    found.sort(key=lambda pair: (-pair[1].score, pair[1].id))
    ranks = {quotable.id: rank for rank, (_, quotable) in enumerate(found, 1)}
    return Explanation(
        question.asked,
        question.text,
        question.language,
        question_kind(question.text),
        next((note.what["text"] for note in _of(notes, "embed")), ""),
        any(note.what["draft"] for note in _of(notes, "facts")),
        tuple(
            _expansion(term, note.what["pool"].language, question.language)
            for note in _of(notes, "pool")
            for term in note.what["pool"].terms
        ),
        tuple(_units(found[:MOST_UNITS], notes)),
        next((dataclasses.asdict(note.what["shape"]) for note in _of(notes, "limits")), {}),
        tuple(_choices(found, ranks, notes)),
        tuple(_sentences(notes)),
        _refusal(findings, notes),
        _timings(notes),
    )


def _of(notes: Sequence[Note], about: str) -> Iterator[Note]:
    return (note for note in notes if note.about == about)


def _expansion(term: Term, language: Language, asked_in: Language) -> Expansion:
    meanings = (synonyms(language) if language == asked_in else translations(language)).get(term.word, ())
    variants = [
        Variant(variant, round(float(worth), 3), _source(variant, worth, term.word, meanings, language == asked_in))
        for variant, worth in sorted(term.variants.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    long_forms = [Variant(" ".join(sorted(words)), 1.0, "together") for words in term.long_forms]
    return Expansion(term.word, language, term.is_name, round(term.idf, 3), (*variants[:_MOST_VARIANTS], *long_forms))


def _source(variant: str, worth: float, word: str, meanings: Sequence[str], same_language: bool) -> Source:
    """Who says that a word may be called so; in its own language only abbreviations are as sure as the word itself."""
    if variant == word:
        return "word"
    if variant in meanings:
        return "glossary"
    return "abbreviation" if same_language and worth == 1.0 else "variant"


def _units(found: Sequence[tuple[Passage, Quotable]], notes: Sequence[Note]) -> Iterator[RankedUnit]:
    words, vectors = _places(notes, "worded"), _places(notes, "near")
    weights: Mapping[str, float] = next((note.what["weights"] for note in _of(notes, "weights")), {})
    for rank, (passage, quotable) in enumerate(found, 1):
        yield RankedUnit(
            rank,
            round(float(quotable.score), 3),
            passage.language,
            passage.title,
            passage.section,
            quotable.text,
            words.get(quotable.id),
            vectors.get(quotable.id),
            _signals(quotable.signals, weights),
        )


def _places(notes: Sequence[Note], search: str) -> dict[int, int]:
    """Unit ids with their place in a search of their language, from 1."""
    return {unit: place for note in _of(notes, "search") for place, unit in enumerate(note.what[search], 1)}


def _signals(values: Mapping[str, float], weights: Mapping[str, float]) -> tuple[Signal, ...]:
    """Those that count, what counts most first."""
    signals = [
        Signal(name, round(float(values[name]), 4), weight) for name, weight in weights.items() if name in values
    ]
    return tuple(sorted(signals, key=lambda signal: -abs(signal.value * signal.weight)))


def _choices(
    found: Sequence[tuple[Passage, Quotable]], ranks: Mapping[int, int], notes: Sequence[Note]
) -> Iterator[Choice]:
    considered: list[tuple[Quotable, Decision]] = [
        (note.what["quotable"], note.what["decision"]) for note in _of(notes, "considered")
    ]
    last_chosen = max((place for place, (_, decision) in enumerate(considered) if decision == "chosen"), default=-1)
    shown = considered[: last_chosen + 1 + _MOST_LEFT]
    if shown and len(shown) == len(considered) and shown[-1][1] in ("margin", "most"):  # and so are all that follow
        quotable, decision = shown[-1]
        shown += [(other, decision) for _, other in found[ranks[quotable.id] :][:_MOST_LEFT]]
    for quotable, decision in shown:
        yield Choice(ranks[quotable.id], quotable.text, decision)


def _sentences(notes: Sequence[Note]) -> Iterator[JudgedSentence]:
    for note in _of(notes, "verdict"):
        sentence: MarkedSentence = note.what["sentence"]
        yield JudgedSentence(sentence.text, sentence.markers, note.what["decision"], note.what["reason"])


def _refusal(findings: Findings, notes: Sequence[Note]) -> RefusalCheck | None:
    summed = next(_of(notes, "refusal"), None)
    if summed is None:
        return None
    signals = _signals(summed.what["signals"], summed.what["weights"])
    return RefusalCheck(signals, summed.what["bias"], round(findings.answerable, 4), ANSWERABLE)


def _timings(notes: Sequence[Note]) -> dict[str, float]:
    """How long each step took, by the note at its end; milliseconds."""
    steps = [note for note in notes if note.about in ("start", "rewrite", "embed", "retrieve", "draft", "verify")]
    return {later.about: round(1000 * (later.at - earlier.at), 1) for earlier, later in pairwise(steps)}
