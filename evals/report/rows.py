"""The figures of a run as rows of text, the same in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Iterator

from evals.result import Result
from evals.share import Share
from evals.summary import Retrieval, Summary

Row = tuple[str, ...]


def accuracy_rows(summary: Summary) -> Iterator[Row]:
    """A header, a row for each category, and one for all."""
    languages = list(summary.by_language)
    yield ("category", *languages)
    for category, shares in summary.by_category.items():
        yield (category, *(percent(shares[language]) for language in languages))
    yield ("all", *(percent(share) for share in summary.by_language.values()))


def figure_rows(summary: Summary) -> Iterator[tuple[str, str]]:
    """All other figures; none of them depends on the clock."""
    shown = summary.detectable
    yield "right answers", percent(summary.accuracy)
    yield "with 95 % confidence", str(summary.interval or "-")
    for language, interval in summary.intervals.items():
        yield f"with 95 % confidence, {language}", str(interval or "-")
    yield "correct / missing / wrong", " / ".join(str(count) for count in summary.verdicts.values())
    yield "CRAG score (-1 to 1)", number(summary.crag)
    yield "facts asked", str(summary.facts)
    yield "smallest difference a run can show", "none" if shown is None else f"{100 * shown:.1f} points"
    yield "German and English apart by", number(summary.parity)
    yield "refusal precision", percent(summary.refusal_precision)
    yield "refusal recall", percent(summary.refusal_recall)
    yield "refused though answerable", percent(summary.false_refusals)
    yield "calibration error (ECE)", number(summary.calibration_error)
    yield "Brier score", number(summary.brier)
    yield "right answers that cite the evidence", percent(summary.evidence)
    yield "evidence that stands in the index", percent(summary.indexed)
    yield "citation precision", number(summary.citation_precision)
    yield "citation recall", number(summary.citation_recall)
    yield "drafted claims proven by quotes", percent(summary.claim_support)
    yield from retrieval_rows(summary.retrieval)
    yield "answers that keep every promise", percent(summary.promises)
    yield "answers in the question's language", percent(summary.language_match)
    yield "median words", number(summary.median_words, "g")
    yield "most words", number(summary.longest_words, "g")
    yield "crashed", str(summary.crashed)


def retrieval_rows(found: Retrieval | None) -> Iterator[tuple[str, str]]:
    """How early evidence is found."""
    if found is None:
        yield "evidence found", "-"
        return
    yield "cases with evidence in the index", str(found.cases)
    yield "evidence in the first 1, 3, 5, 10", " ".join(f"{share:.3f}" for share in found.success.values())
    yield "recall@1, 3, 5, 10", " ".join(f"{share:.3f}" for share in found.recall.values())
    yield "mean reciprocal rank", f"{found.mrr:.3f}"
    yield "nDCG@10", f"{found.ndcg_10:.3f}"


def percent(share: Share) -> str:
    """A share in percent, with its counts."""
    return "-" if share.value is None else f"{100 * share.value:.1f} % ({share.hits}/{share.of})"


def number(value: float | None, form: str = ".3f") -> str:
    """A figure, or a dash for what was not measured."""
    return "-" if value is None else format(value, form)


def all_rows(result: Result) -> Iterator[tuple[str, str]]:
    """The figures, how stable the answers are, and what the run took."""
    yield from figure_rows(result.summary)
    yield from ((f"still right, {one.variant}", percent(one.share)) for one in result.stability)
    if result.machine:
        yield from result.machine.rows()
