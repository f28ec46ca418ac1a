"""What the citations of an answer prove, by the characters they quote; no model judges.

After ALCE (Gao et al., Enabling Large Language Models to Generate Text with Citations, EMNLP 2023), which asks a model of
inference whether a citation supports a statement. Here the case knows where the proof stands, so places decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.support import supported
from assistant.text.facts import facts, held
from assistant.types import Answer, Citation, Draft, Language
from evals.cases import Case
from evals.evidence import Place
from evals.share import Share
from evals.wording import holds_any

_STATEMENT = re.compile(r"(.+?)((?:\s*\[\d+\])+)", re.DOTALL)
_MARKUP = re.compile(r"[*_`#]")


def citation_precision(answer: Answer, evidence: Sequence[Sequence[Place]]) -> Share:
    """Of the citations, how many quote a part of the evidence; the rest may be true, but proves nothing that was asked."""
    places = [place for alternatives in evidence for place in alternatives]
    return Share.of_all(any(cited.overlaps(place) for place in places) for cited in _cited(answer))


def citation_recall(case: Case, answer: Answer) -> Share:
    """Of the things a right answer has to say, how many stand in a quote that it cites; computed ones stand nowhere."""
    if case.computed or not case.answerable:
        return Share(0, 0)
    quoted = " ".join(
        (case.question, *(citation.quote for citation in answer.citations))
    )  # it may name one of two things
    return Share.of_all(bool(answer.citations) and holds_any(quoted, group) for group in case.must_include)


def claim_support(draft: Draft, language: Language) -> Share:
    """Of the claims an engine drafted, how many the gate finds proven by their quotes (assistant/support.py)."""
    return Share.of_all(supported(claim, language) for claim in draft.claims)


def unproven(answer: Answer) -> Iterator[str]:
    """What a statement says that the quotes behind its markers do not hold: figures, dates, amounts, named bodies."""
    quotes = {citation.marker: citation for citation in answer.citations}
    for statement, markers in _STATEMENT.findall(_MARKUP.sub("", answer.answer)):
        cited = [quotes[int(number)] for number in re.findall(r"\d+", markers) if int(number) in quotes]
        readings: list[Language] = list(dict.fromkeys([answer.language, *(citation.language for citation in cited)]))
        claim = statement.rpartition("\n\n")[2]  # what stands before it frames the answer
        lacking = [_lacking(claim, cited, language) for language in readings]
        if all(lacking):
            yield from (f"{value} is in no quote of {markers.strip()}" for value in lacking[0])


def _lacking(statement: str, cited: Sequence[Citation], language: Language) -> list[str]:
    """What no quote holds where the statement is read in a language: "8.600" and "Mai 22" are not the same in both."""
    wanted = facts(statement, language)
    proven = {fact for c in cited for fact in held(wanted, language, c.quote, c.language)}
    return [value for _, value in sorted(wanted - proven)]


def _cited(answer: Answer) -> list[Place]:
    return [Place(citation.document_id, citation.start, citation.end) for citation in answer.citations]
