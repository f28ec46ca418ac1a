"""What comes out of the store, one class for each thing."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.index.late_interaction import Tokens
from assistant.types import Document, Language, Span, Unit

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that went in: its name, the hash of its bytes, and the name of the document it holds."""

    name: str
    hash: str
    document: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document something stands."""

    section: tuple[str, ...]
    page: int | None


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A unit as it comes out of the store."""

    id: int
    chunk_id: str
    document_id: str
    language: Language
    unit: Unit
    body: frozenset[str]
    context: frozenset[str]
    vector: Vector
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with the facts about its document."""

    id: str
    language: Language
    section: tuple[str, ...]
    page: int | None
    span: Span
    text: str
    body: frozenset[str]  # the words of all its units
    vector: Vector = field(compare=False)  # the mean of those of its units
    document: Document  # without its text
