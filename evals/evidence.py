"""Where the evidence of a case stands in the documents, whatever white space, table bars and emphasis the reading left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.types import Document, Span
from evals.cases import Case, is_source


@dataclass(frozen=True, slots=True)
class Place:
    """Some characters of a document."""

    document_id: str
    start: int
    end: int

    def overlaps(self, other: Place) -> bool:
        """Whether the two have a character in common."""
        return self.document_id == other.document_id and self.start < other.end and other.start < self.end


def places(case: Case, documents: Sequence[Document]) -> list[list[Place]]:
    """For each evidence string of a case, everywhere it stands in the documents the case names; without any, those documents.

    Where no document goes by a name that the case knows, evidence is looked for in all of them.
    """
    named = [document for document in documents if any(is_source(s, document.name) for s in case.sources)]
    named = named or (list(documents) if case.evidence else [])
    if case.sources and not case.evidence:  # a sheet that says only where the answer stands
        return [[Place(document.id, 0, len(document.text)) for document in named]]
    return [
        [Place(document.id, span.start, span.end) for document in named for span in spans(evidence, document.text)]
        for evidence in case.evidence
    ]


def spans(evidence: str, text: str) -> list[Span]:
    """Where a string stands in a text; runs of white space, bars and asterisks are taken as equal."""
    return [Span(match.start(), match.end()) for match in _pattern(evidence).finditer(text)]


@lru_cache(maxsize=4096)
def _pattern(evidence: str) -> re.Pattern[str]:
    return re.compile(r"[\s|*]+".join(re.escape(word) for word in re.split(r"[\s|*]+", evidence) if word))


def relevant(found: Iterable[Sequence[Place]], passages: Mapping[str, Sequence[tuple[str, Place]]]) -> frozenset[str]:
    """The ids of the passages of an index that hold a part of the evidence.

    Args:
        found: the places of each evidence string.
        passages: for each document, its passages' ids and places.
    """
    return frozenset(
        name
        for alternatives in found
        for place in alternatives
        for name, passage in passages.get(place.document_id, ())
        if place.overlaps(passage)
    )
