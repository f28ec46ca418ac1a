"""What a right answer is, by the rule of the contract. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from assistant.types import Answer
from evals.cases import Case
from evals.citations import unproven
from evals.wording import holds_any

Verdict = Literal["correct", "missing", "wrong"]

WORD_LIMIT = 160
WORD_LIMIT_LONG = 260
LONG_CATEGORIES = ("list", "comparison")

_SPACE = re.compile(r"\s+")
_MARKER = re.compile(r"\[(\d+)\]")


def is_correct(case: Case, answer: Answer) -> bool:
    """Whether an answer is right by the contract's rule."""
    return not faults(case, answer)


def verdict(case: Case, answer: Answer | None) -> Verdict:
    """Correct, missing (refused what could be answered) or wrong, as CRAG tells them apart (Yang et al., NeurIPS 2024).

    An answer to what cannot be answered is wrong, and so is a crash: nobody was told that there is no answer.
    """
    if answer is None:
        return "wrong"
    if is_correct(case, answer):
        return "correct"
    return "missing" if answer.status == "not_found" and case.answerable else "wrong"


def language_match(case: Case, answer: Answer) -> bool:
    """Whether the answer is in the language of the question."""
    return answer.language == case.lang


def faults(case: Case, answer: Answer) -> tuple[str, ...]:
    """Everything that makes an answer wrong, in words."""
    found: list[str] = []
    refused = answer.status == "not_found"
    if refused and case.answerable:
        found.append("refused, though the documents hold the answer")
    if not refused and not case.answerable:
        found.append("answered, though the documents do not hold the answer")
    if case.answerable:
        found += [f"lacks {' | '.join(group)}" for group in case.must_include if not holds_any(answer.answer, group)]
    found += [f"holds {words}" for words in case.must_not_include if holds_any(answer.answer, [words])]
    words, limit = count_words(answer), WORD_LIMIT_LONG if case.category in LONG_CATEGORIES else WORD_LIMIT
    if words > limit:
        found.append(f"has {words} words, more than {limit}")
    return tuple(found)


def count_words(answer: Answer) -> int:
    """Pieces of an answer between white space, markers included: nobody can count more."""
    return len(answer.answer.split())


def cites_evidence(case: Case, answer: Answer) -> bool:
    """Whether one of the case's evidence strings stands in the cited quotes."""
    quoted = " ".join(_SPACE.sub(" ", citation.quote).strip() for citation in answer.citations)
    return any(_SPACE.sub(" ", evidence).strip() in quoted for evidence in case.evidence)


def broken_promises(answer: Answer, text_of: Callable[[str], str | None]) -> tuple[str, ...]:
    """The promises that an answer does not keep: about its markers, its quotes, and what they prove.

    Args:
        answer: any answer.
        text_of: the indexed text of a document by its id; None for a document that is not there.
    """
    markers = {int(marker) for marker in _MARKER.findall(answer.answer)}
    numbers = [citation.marker for citation in answer.citations]
    broken = [f"marker [{marker}] has no citation" for marker in sorted(markers - set(numbers))]
    broken += [f"citation {number} has no marker" for number in sorted(set(numbers) - markers)]
    broken += [
        f"{numbers.count(number)} citations are numbered {number}"
        for number in sorted(set(numbers))
        if numbers.count(number) > 1
    ]
    for conflict in answer.conflicts:
        broken += [f"the value {v.value} names marker [{v.marker}]" for v in conflict.values if v.marker not in numbers]
    if answer.status == "not_found" and answer.citations:
        broken.append("a refusal has citations")
    for citation in answer.citations:
        text = text_of(citation.document_id)
        if text is None:
            broken.append(f"the document of citation {citation.marker} is not in the index")
        elif text[citation.start : citation.end] != citation.quote:
            broken.append(f"quote {citation.marker} is not the text at {citation.start} to {citation.end}")
    return (*broken, *unproven(answer))
