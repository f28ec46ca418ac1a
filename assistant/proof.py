"""Whether an answer still holds against the documents: what the gate promises, checked again from the answer alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.text.facts import facts, held
from assistant.types import Answer, Document

_LONGEST = 2_000  # characters of a sentence or quote
_MARKERS = re.compile(r"\[\d+\](?:\s*\[\d+\])*")


@dataclass(frozen=True, slots=True)
class Check:
    """One promise: its key in the catalogue (`proof_…`), whether it holds, and how many of how many."""

    key: str
    holds: bool
    good: int
    total: int


def checks(answer: Answer, document: Callable[[str], Document | None]) -> list[Check]:
    """Check the promises of an answer.

    Args:
        answer: as it was given, or as somebody says it was.
        document: gives a document with its text by its id, None for an unknown one.
    """
    texts = {c.document_id: found.text for c in answer.citations if (found := document(c.document_id))}
    verbatim = [c.quote == texts.get(c.document_id, "")[c.start : c.end] for c in answer.citations]
    markers = {int(number) for number in re.findall(r"\[(\d+)\]", answer.answer)}
    cited = {c.marker for c in answer.citations}
    proven = list(_proven(answer))
    return [
        Check("quotes", all(verbatim), sum(verbatim), len(verbatim)),
        Check("markers", markers == cited, len(markers & cited), len(markers | cited)),
        Check("figures", all(proven), sum(proven), len(proven)),
    ]


def _proven(answer: Answer) -> Iterator[bool]:
    """For each cited piece of the answer, whether its figures and names stand in the quotes it cites."""
    quotes = {c.marker: c for c in answer.citations if len(c.quote) <= _LONGEST}
    begin = 0
    for markers in _MARKERS.finditer(answer.answer):
        words, begin = answer.answer[begin : markers.start()], markers.end()
        if len(words) > _LONGEST:  # no answer of ours, and slow to look at
            yield False
            continue
        wanted = facts(words.replace("**", ""), answer.language)
        cited = [quotes[number] for number in map(int, re.findall(r"\d+", markers[0])) if number in quotes]
        proven = {fact for c in cited for fact in held(wanted, answer.language, c.quote, c.language)}
        yield proven == wanted
