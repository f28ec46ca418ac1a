"""Draft to answer: the one gate every answer passes. Markers, citations and the promises of the contract are made here."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from assistant.catalogue import text
from assistant.support import supported
from assistant.text.kinds import question_kind
from assistant.text.rows import cells
from assistant.types import Answer, Citation, Claim, Conflict, ConflictValue, Draft, Findings, Question, Quote

Place = tuple[str, int, int]

WORD_LIMIT = 160
WORD_LIMIT_LONG = 260  # lists and comparisons
_MARKER = re.compile(r"\s*\[\d+\]")


def verify_draft(question: Question, findings: Findings, draft: Draft) -> Answer:
    """Keep the claims that their quotes support, number the quotes, and render the answer.

    A claim whose quotes do not hold all its figures and named bodies is dropped, and so is one that does not fit any more.
    Where no claim is left, the answer is that nothing was found.
    """
    long = question_kind(question.text) in ("list", "comparison")
    limit = WORD_LIMIT_LONG if long else WORD_LIMIT
    more = text(question.language, "more")
    kept: list[Claim] = []
    for claim in draft.claims:
        if supported(claim, question.language, findings.long_forms) and _size(draft, [*kept, claim], more) <= limit:
            kept.append(claim)
    status, framing = draft.status, draft.framing
    if not kept and status != "not_found":
        status, framing = "not_found", text(question.language, "not_found", looked_for=question.text)
    quotes = {quote.place: quote for claim in kept for quote in claim.quotes}
    numbers = _numbers(kept)
    conflicts = tuple(
        Conflict(d.about, tuple(ConflictValue(value, numbers[q.place]) for value, q in d.values if q.place in numbers))
        for d in draft.disagreements
    )
    return Answer(
        id=uuid.uuid4().hex,
        status=status,
        answer=render(framing, kept, numbers, more, draft.interlude),
        language=question.language,
        engine=draft.engine,
        degraded=draft.degraded,
        rewritten_question=question.rewritten,
        citations=tuple(_citation(numbers[place], quote) for place, quote in quotes.items()),
        conflicts=tuple(conflict for conflict in conflicts if conflict.values),
        index_version=findings.index_version,
    )


def _size(draft: Draft, claims: list[Claim], more: str) -> int:
    """How many words the rendered answer has."""
    return len(render(draft.framing, claims, _numbers(claims), more, draft.interlude).split())


def _numbers(claims: list[Claim]) -> dict[Place, int]:
    """The marker of each place, in the order of first mention."""
    places = dict.fromkeys(quote.place for claim in claims for quote in claim.quotes)
    return {place: number for number, place in enumerate(places, 1)}


def render(framing: str, claims: list[Claim], numbers: Mapping[Place, int], more: str, interlude: str = "") -> str:
    """Markdown without HTML: the framing line, then the claims with their markers.

    Of quotes the first, then what is `more`; behind written sentences, the interlude and what quotes go on with.
    """
    if not claims:
        return _plain(framing)
    written = [f"{_plain(claim.text)} {_markers(claim, numbers)}" for claim in claims if not claim.verbatim]
    quoted = [f"{_quoted(claim)} {_markers(claim, numbers)}" for claim in claims if claim.verbatim]
    head = [" ".join(written), _plain(interlude)] if written else [quoted.pop(0), _plain(more) if quoted else ""]
    listed = "\n".join(f"- {_nested(item)}" for item in quoted)
    return "\n\n".join(part for part in (_plain(framing), *head, listed) if part)


def _markers(claim: Claim, numbers: Mapping[Place, int]) -> str:
    return " ".join(f"[{numbers[quote.place]}]" for quote in claim.quotes)


def _quoted(claim: Claim) -> str:
    """A quote in Markdown: lines of a quoted list stay items, cells are set apart, what was asked for is bold."""
    rows = [any(u.kind == "row" and u.span.start == q.span.start for u in q.passage.units) for q in claim.quotes]
    lines = _emphasised(claim).splitlines()
    if len(rows) == len(lines) > 1 and all(rows):
        return _plain(_headed(*lines[-2:]))
    table = any(rows)
    lines = [_cells(line) if table or "\t" in line or line.lstrip().startswith("|") else line for line in lines]
    shown = [_plain(line) for line in lines if (any(c.isalnum() for c in line) if table else line.strip())]
    return "\n- ".join(shown) if table else "\n".join(shown)


def _nested(item: str) -> str:
    return item.replace("\n", "\n  ")


def _emphasised(claim: Claim) -> str:
    words = claim.text
    for span in sorted(claim.strong, key=lambda span: -span.start):
        words = f"{words[: span.start]}**{words[span.start : span.end]}**{words[span.end :]}"
    return words


def _headed(header: str, row: str) -> str:
    """A table's row, each cell after its column's head."""
    heads, values = cells(header), cells(row)
    pairs = [(head, value) for (head, _), (value, _) in zip(heads, values, strict=False) if value]
    return " · ".join(f"{head}: {value}" if head else value for head, value in pairs)


def _cells(line: str) -> str:
    return " · ".join(cell for cell, _ in cells(line) if cell)


def _plain(words: str) -> str:
    """Neither HTML nor anything that looks like a marker of ours."""
    while (bare := _MARKER.sub("", words)) != words:
        words = bare  # what stood around a marker may make another one
    return words.replace("<", "&lt;")


def _citation(marker: int, quote: Quote) -> Citation:
    passage, span = quote.passage, quote.span
    return Citation(
        marker, passage.document_id, passage.title, passage.publisher, passage.date, passage.language, passage.section,
        passage.page, quote.text, span.start, span.end, f"/v1/documents/{passage.document_id}#char={span.start},{span.end}",
    )  # fmt: skip
