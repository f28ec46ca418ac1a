"""Why an answer is as it is: the path from a question to its answer, as surfaces show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.types import Answer, Language

Source = Literal["word", "glossary", "variant", "abbreviation", "together"]
"""Itself, our word list, a compound or a slip of the pen, the documents' own short form, words that together mean it."""

Decision = Literal["chosen", "margin", "most", "size", "same", "overlap"]


SentenceDecision = Literal["kept", "repointed", "removed"]

SentenceReason = Literal[
    "no_source", "unknown_source", "markup", "leans", "unproven", "measure", "opposite", "elsewhere", "not_entailed"
]
"""It cites nothing; a passage that is not there; holds HTML or an address; leans on a removed one; has a figure, name or too
little that a quote says; another unit; the opposite of its quote; a name or figure with another's company; is not entailed."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One part of a sum: a value and what it counts."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Variant:
    """What a word of the question may be called in the index, how sure that is (0..1), and who says so."""

    term: str
    worth: float
    source: Source


@dataclass(frozen=True, slots=True)
class Expansion:
    """A word of the question as one language's documents may have it."""

    word: str
    language: Language
    is_name: bool
    weight: float  # the rarer, the more
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """A unit found, its place in each search (from 1; None: not found by it), and the sum its score is."""

    rank: int
    score: float
    language: Language
    title: str
    section: tuple[str, ...]
    text: str
    word_rank: int | None
    vector_rank: int | None
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of a unit when the quotes were chosen."""

    rank: int
    text: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """What the gate made of a sentence that a chat model wrote, and why."""

    text: str
    markers: tuple[int, ...]  # the passages it named
    decision: SentenceDecision
    reason: SentenceReason | None  # of a removed one


@dataclass(frozen=True, slots=True)
class RefusalCheck:
    """Why the documents were taken to hold the answer, or not: the sum, its probability, and what it must reach."""

    signals: tuple[Signal, ...]
    bias: float
    answerable: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The path from a question to its answer."""

    asked: str
    question: str
    language: Language
    kind: str
    embedded: str  # the words whose vector was searched for: the question with its abbreviations explained
    from_facts: bool  # the table of facts gave the answer, not the units below
    expansions: tuple[Expansion, ...]
    units: tuple[RankedUnit, ...]
    limits: Mapping[str, float]  # of the kind of question: quotes, words, distance to the best score
    choices: tuple[Choice, ...]
    sentences: tuple[JudgedSentence, ...]  # none without a chat model
    refusal: RefusalCheck | None
    timings_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ExplainedAnswer(Answer):
    """The answer object with its explanation, for those who ask for it."""

    explain: Explanation = field(kw_only=True)
