"""What a right answer is, and what many answers add up to. Pure functions."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.types import Answer
from evals.cases import Case

WORD_LIMIT = 160
WORD_LIMIT_LONG = 260
LONG_CATEGORIES = ("list", "comparison")

_MARKUP = re.compile(r"[*_`#]")
_SPACE = re.compile(r"\s+")  # \s also matches no-break spaces
_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case."""

    case: Case
    answer: Answer | None  # None when asking crashed
    faults: tuple[str, ...]  # why the answer is wrong; none when it is right
    broken: tuple[str, ...] = ()  # promises of the contract that the answer does not keep

    @property
    def correct(self) -> bool:
        """Whether the answer is right by the contract's rule."""
        return not self.faults

    @property
    def refused(self) -> bool:
        """Whether the answer says that the documents do not hold it."""
        return self.answer is not None and self.answer.status == "not_found"


@dataclass(frozen=True, slots=True)
class Share:
    """A count of hits among a count of tries."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None when nothing was tried."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a run."""

    accuracy: Share
    by_language: dict[str, Share]
    by_category: dict[str, dict[str, Share]]  # category, then language
    refusal_precision: Share
    refusal_recall: Share
    false_refusals: Share
    evidence: Share
    promises: Share
    median_words: float | None
    median_ms: float | None
    crashed: int

    def figures(self) -> dict[str, float | None]:
        """The figures a gate can be set on, by name; None for what was not measured."""
        languages = {f"accuracy_{language}": share.value for language, share in self.by_language.items()}
        return languages | {
            "refusal_precision": self.refusal_precision.value,
            "refusal_recall": self.refusal_recall.value,
            "false_refusal_rate": self.false_refusals.value,
            "evidence_share": self.evidence.value,
            "promises": self.promises.value,
        }


# ---- one answer ----------------------------------------------------------------------------------------------


def is_correct(case: Case, answer: Answer) -> bool:
    """Whether an answer is right by the contract's rule."""
    return not faults(case, answer)


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


def holds_any(text: str, alternatives: Iterable[str]) -> bool:
    """Whether one alternative occurs; case, white space and Markdown ignored, a space at either end counts."""
    padded = f" {_flat(text).strip()} "
    return any(_flat(alternative) in padded for alternative in alternatives)


def count_words(answer: Answer) -> int:
    """Pieces of an answer between white space, markers included: nobody can count more."""
    return len(answer.answer.split())


def cites_evidence(case: Case, answer: Answer) -> bool:
    """Whether one of the case's evidence strings stands in the cited quotes."""
    quoted = " ".join(_SPACE.sub(" ", citation.quote).strip() for citation in answer.citations)
    return any(_SPACE.sub(" ", evidence).strip() in quoted for evidence in case.evidence)


def broken_promises(answer: Answer, text_of: Callable[[str], str | None]) -> tuple[str, ...]:
    """The promises about citations that an answer does not keep.

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
    return tuple(broken)


def _flat(text: str) -> str:
    return _SPACE.sub(" ", _MARKUP.sub("", text)).casefold()


# ---- many answers --------------------------------------------------------------------------------------------


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Add up the outcomes of a run."""
    languages = sorted({outcome.case.lang for outcome in outcomes})
    categories = sorted({outcome.case.category for outcome in outcomes})
    answers = [outcome.answer for outcome in outcomes if outcome.answer]
    answerable = [outcome for outcome in outcomes if outcome.case.answerable]
    refused = [outcome for outcome in outcomes if outcome.refused]
    right_with_evidence = [(o.case, o.answer) for o in outcomes if o.correct and o.answer and o.case.evidence]
    return Summary(
        accuracy=_right(outcomes),
        by_language={language: _right([o for o in outcomes if o.case.lang == language]) for language in languages},
        by_category={
            category: {
                language: _right([o for o in outcomes if (o.case.category, o.case.lang) == (category, language)])
                for language in languages
            }
            for category in categories
        },
        refusal_precision=_share(not outcome.case.answerable for outcome in refused),
        refusal_recall=_share(outcome.refused for outcome in outcomes if not outcome.case.answerable),
        false_refusals=_share(outcome.refused for outcome in answerable),
        evidence=_share(cites_evidence(case, answer) for case, answer in right_with_evidence),
        promises=_share(not outcome.broken for outcome in outcomes if outcome.answer),
        median_words=_median(count_words(outcome.answer) for outcome in answerable if outcome.answer),
        median_ms=_median(answer.timings_ms["total"] for answer in answers if "total" in answer.timings_ms),
        crashed=len(outcomes) - len(answers),
    )


def _right(outcomes: Sequence[Outcome]) -> Share:
    return _share(outcome.correct for outcome in outcomes)


def _share(tries: Iterable[bool]) -> Share:
    results = list(tries)
    return Share(sum(results), len(results))


def _median(values: Iterable[float]) -> float | None:
    measured = list(values)
    return statistics.median(measured) if measured else None
