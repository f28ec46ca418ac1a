"""Draft to answer: the one gate every answer passes. Markers, citations and the promises of the contract are made here."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from assistant.support import supported
from assistant.types import Answer, Citation, Claim, Conflict, ConflictValue, Draft, Findings, Question, Quote

Place = tuple[str, int, int]

WORD_LIMIT = 160
WORD_LIMIT_LONG = 260  # lists and comparisons
_MARKER = re.compile(r"\s*\[\d+\]")


def verify_draft(question: Question, findings: Findings, draft: Draft, word_limit: int = WORD_LIMIT_LONG) -> Answer:
    """Keep the claims that their quotes support, number the quotes, and render the answer.

    A claim whose quotes do not hold all its figures and named bodies is dropped, and so is one that does not fit any more.
    """
    kept: list[Claim] = []
    words = len(draft.framing.split())
    for claim in draft.claims:
        words += len(claim.text.split())
        if supported(claim, question.language) and words <= word_limit:
            kept.append(claim)
    quotes = {quote.place: quote for claim in kept for quote in claim.quotes}
    numbers = {place: number for number, place in enumerate(quotes, 1)}
    conflicts = tuple(
        Conflict(d.about, tuple(ConflictValue(value, numbers[q.place]) for value, q in d.values if q.place in numbers))
        for d in draft.disagreements
    )
    return Answer(
        id=uuid.uuid4().hex,
        status=draft.status,
        answer=render(draft.framing, kept, numbers),
        language=question.language,
        engine=draft.engine,
        degraded=draft.degraded,
        rewritten_question=question.rewritten,
        citations=tuple(_citation(numbers[place], quote) for place, quote in quotes.items()),
        conflicts=tuple(conflict for conflict in conflicts if conflict.values),
        index_version=findings.index_version,
    )


def render(framing: str, claims: list[Claim], numbers: Mapping[Place, int]) -> str:
    """Markdown without HTML: the framing line, then the claims with their markers."""
    if not claims:
        return _plain(framing)
    if not claims[0].verbatim:
        return " ".join(f"{_plain(claim.text)} {_markers(claim, numbers)}" for claim in claims)
    items = "\n".join(f"- {_quoted(claim.text)} {_markers(claim, numbers)}" for claim in claims)
    return f"{_plain(framing)}\n\n{items}"


def _markers(claim: Claim, numbers: Mapping[Place, int]) -> str:
    return " ".join(f"[{numbers[quote.place]}]" for quote in claim.quotes)


def _quoted(words: str) -> str:
    """A quote as one item of a Markdown list: lines of a quoted list become nested items, cells are set apart."""
    lines = [
        " · ".join(cell.strip() for cell in re.split(r"\t+|\|", line) if cell.strip()) for line in words.splitlines()
    ]
    return "\n  ".join(_plain(line) for line in lines if line.strip())


def _plain(words: str) -> str:
    """Neither HTML nor anything that looks like a marker of ours."""
    return _MARKER.sub("", words).replace("<", "&lt;")


def _citation(marker: int, quote: Quote) -> Citation:
    passage, span = quote.passage, quote.span
    return Citation(
        marker, passage.document_id, passage.title, passage.publisher, passage.date, passage.language, passage.section,
        passage.page, quote.text, span.start, span.end, f"/v1/documents/{passage.document_id}#char={span.start},{span.end}",
    )  # fmt: skip
