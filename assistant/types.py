"""What flows between the stages: frozen, complete, without optional ids."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Language = Literal["de", "en"]
Status = Literal["answered", "not_found", "conflict"]
Role = Literal["user", "assistant"]
SentenceKind = Literal["sentence", "item", "row", "caption", "footnote"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters in a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One document as it was indexed; `text` is what every quote is sliced from."""

    id: str
    name: str
    title: str
    publisher: str | None
    date: str | None  # ISO 8601, as of which the document speaks
    date_place: str | None  # where the date was found: "front matter", "imprint: …", "file name" …
    language: Language  # of most of the text; each chunk has its own
    source: str | None  # the address it came from
    translation_of: str | None  # name of the document this one is a translation of (both directions allowed)
    supersedes: str | None  # name of the older edition, where its publisher says so
    superseded_by: str | None  # name of the newer edition; this one can be opened, but answers no more
    content_hash: str
    text: str


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that is quoted: a sentence, a list item, a table row, a caption or a footnote."""

    span: Span
    kind: SentenceKind
    lead: Span | None = None  # the sentence that introduces a list or has the footnote, the header of a table


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: some units that belong together, under their headings."""

    id: str
    document_id: str
    language: Language
    section: tuple[str, ...]
    page: int | None
    span: Span
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be searched: `text` stands on its own, `asked` is what the user wrote."""

    asked: str
    text: str
    language: Language
    due: float = field(default=math.inf, compare=False)  # of time.monotonic(); until then a model may work on it

    @property
    def rewritten(self) -> str | None:
        """The stand-alone question where it differs from what was asked."""
        return self.text if self.text != self.asked else None


@dataclass(frozen=True, slots=True)
class Quotable:
    """A unit found for a question, with its text and why it was found.

    `score` orders within one question; `signals` holds the parts it was made of; `matched` the question's words that it
    or its headings hold, with their share of the question's weight (0..1, all words together 1).
    """

    id: int
    chunk_id: str
    unit: Unit
    text: str
    score: float
    signals: Mapping[str, float]
    matched: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a question, with the document it stands in."""

    chunk_id: str
    document_id: str
    document_name: str
    title: str
    publisher: str | None
    date: str | None
    language: Language
    section: tuple[str, ...]
    page: int | None
    span: Span
    text: str
    score: float
    units: tuple[Unit, ...]  # all of the chunk, in reading order
    quotables: tuple[Quotable, ...]  # those that were found, best first


@dataclass(frozen=True, slots=True)
class Findings:
    """What the search found, best first, and the evidence for or against answering at all."""

    passages: tuple[Passage, ...]
    answerable: float  # 0..1: how likely the documents hold the answer
    index_version: str
    missing: tuple[str, ...] = ()  # words of the question that no document holds
    long_forms: tuple[tuple[str, str], ...] = ()  # names, each with a long form as explained there, or ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of a passage."""

    passage: Passage
    span: Span

    @property
    def place(self) -> tuple[str, int, int]:
        """Which characters of which document: two quotes of the same place are one citation."""
        return self.passage.document_id, self.span.start, self.span.end

    @property
    def text(self) -> str:
        """The characters of the document between the span's ends."""
        offset = self.passage.span.start
        return self.passage.text[self.span.start - offset : self.span.end - offset]


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence or list item of an answer and the quotes it rests on."""

    text: str
    quotes: tuple[Quote, ...]
    verbatim: bool  # the text is the quote itself
    strong: tuple[Span, ...] = ()  # where in the text the thing stands that was asked for


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Different values for the same thing; each value with the claim's quote that states it."""

    about: str
    values: tuple[tuple[str, Quote], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an engine wants to say: a framing line without any claim, then the claims."""

    status: Status
    framing: str
    claims: tuple[Claim, ...]
    engine: str
    disagreements: tuple[Disagreement, ...] = ()
    degraded: bool = False
    interlude: str = ""  # what stands between written claims and the quotes that go on where the model broke off


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof behind one marker of an answer."""

    marker: int
    document_id: str
    title: str
    publisher: str | None
    date: str | None
    language: Language
    section: tuple[str, ...]
    page: int | None
    quote: str
    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class ConflictValue:
    """One of several values, and the marker of the quote that states it."""

    value: str
    marker: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """A thing about which documents disagree."""

    about: str
    values: tuple[ConflictValue, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer object of the contract, the same on every surface."""

    id: str
    status: Status
    answer: str
    language: Language
    engine: str
    degraded: bool
    rewritten_question: str | None
    citations: tuple[Citation, ...]
    conflicts: tuple[Conflict, ...]
    index_version: str
    timings_ms: Mapping[str, float] = field(default_factory=dict)
