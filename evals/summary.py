"""What many outcomes add up to: the figures of a run."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from evals import retrieval
from evals.calibration import Bin, bins, brier_score, expected_calibration_error
from evals.metrics import Verdict, cites_evidence, count_words, language_match
from evals.outcome import Outcome, Seen
from evals.share import Share
from evals.stats import Interval, bootstrap_interval, detectable_difference

RANKS = (1, 3, 5, 10)
CHANGING = 0.1  # share of verdicts that a change is taken to turn, for the difference a run can find


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How early evidence is found; means over the cases whose evidence stands in the index."""

    cases: int
    success: dict[int, float]
    recall: dict[int, float]
    mrr: float
    ndcg_10: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a run. Nothing in it depends on the clock."""

    accuracy: Share
    interval: Interval | None
    by_language: dict[str, Share]
    intervals: dict[str, Interval | None]  # by language
    by_category: dict[str, dict[str, Share]]  # category, then language
    verdicts: dict[Verdict, int]
    crag: float | None  # correct minus wrong, in parts of all: -1..1
    facts: int
    detectable: float | None  # the smallest difference to another run that can be told from chance, 0..1
    refusal_precision: Share
    refusal_recall: Share
    false_refusals: Share
    calibration_error: float | None
    brier: float | None
    calibration: list[Bin]
    evidence: Share
    indexed: Share
    citation_precision: float | None
    citation_recall: float | None
    claim_support: Share
    promises: Share
    language_match: Share
    retrieval: Retrieval | None
    retrieval_by_language: dict[str, Retrieval | None]
    median_words: float | None
    longest_words: int | None
    crashed: int

    @property
    def parity(self) -> float | None:
        """How far the accuracies of German and English are apart, 0..1; None where one of them was not asked."""
        german, english = (self.by_language.get(language) for language in ("de", "en"))
        if not german or not english or german.value is None or english.value is None:
            return None
        return abs(german.value - english.value)

    def figures(self) -> dict[str, float | None]:
        """The figures a gate can be set on, by name; None for what was not measured."""
        languages = {f"accuracy_{language}": share.value for language, share in self.by_language.items()}
        found = self.retrieval
        return languages | {
            "language_gap": self.parity,
            "crag_score": self.crag,
            "refusal_precision": self.refusal_precision.value,
            "refusal_recall": self.refusal_recall.value,
            "false_refusal_rate": self.false_refusals.value,
            "calibration_error": self.calibration_error,
            "evidence_share": self.evidence.value,
            "evidence_indexed": self.indexed.value,
            "citation_precision": self.citation_precision,
            "citation_recall": self.citation_recall,
            "claim_support": self.claim_support.value,
            "success_5": found.success[5] if found else None,
            "recall_10": found.recall[10] if found else None,
            "mrr": found.mrr if found else None,
            "ndcg_10": found.ndcg_10 if found else None,
            "promises": self.promises.value,
            "language_match": self.language_match.value,
            "crashed": self.crashed / self.accuracy.of if self.accuracy.of else None,
        }


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """Add up the outcomes of a run. A case that crashed counts as wrong everywhere, and is left out of no accuracy."""
    languages = sorted({outcome.case.lang for outcome in outcomes})
    categories = sorted({outcome.case.category for outcome in outcomes})
    spoken = {language: [o for o in outcomes if o.case.lang == language] for language in languages}
    answers = [outcome.answer for outcome in outcomes if outcome.answer]
    answerable = [outcome for outcome in outcomes if outcome.case.answerable]
    verdicts = Counter(outcome.verdict for outcome in outcomes)
    seen = [(outcome.case.answerable, outcome.seen) for outcome in outcomes if outcome.seen]
    predicted, true = [s.answerable for _, s in seen], [answerable for answerable, _ in seen]
    cited = [o.seen for o in answerable if o.seen and o.case.sources]
    return Summary(
        accuracy=_right(outcomes),
        interval=_interval(outcomes),
        by_language={language: _right(mine) for language, mine in spoken.items()},
        intervals={language: _interval(mine) for language, mine in spoken.items()},
        by_category={
            category: {
                language: _right([o for o in mine if o.case.category == category]) for language, mine in spoken.items()
            }
            for category in categories
        },
        verdicts={"correct": verdicts["correct"], "missing": verdicts["missing"], "wrong": verdicts["wrong"]},
        crag=(verdicts["correct"] - verdicts["wrong"]) / len(outcomes) if outcomes else None,
        facts=len({outcome.case.fact for outcome in outcomes}),
        detectable=detectable_difference(len(outcomes), CHANGING),
        refusal_precision=Share.of_all(not outcome.case.answerable for outcome in outcomes if outcome.refused),
        refusal_recall=Share.of_all(outcome.refused for outcome in outcomes if not outcome.case.answerable),
        false_refusals=Share.of_all(outcome.refused for outcome in answerable),
        calibration_error=expected_calibration_error(predicted, true),
        brier=brier_score(predicted, true),
        calibration=bins(predicted, true),
        evidence=Share.of_all(
            cites_evidence(o.case, o.answer) for o in outcomes if o.correct and o.answer and o.case.evidence
        ),
        indexed=_sum(s.indexed for _, s in seen),
        citation_precision=_mean(cited, lambda s: s.precise.value),
        citation_recall=_mean(cited, lambda s: s.recalled.value),
        claim_support=_sum(s.supported for _, s in seen),
        promises=Share.of_all(not outcome.broken for outcome in outcomes if outcome.answer),
        language_match=Share.of_all(language_match(o.case, o.answer) for o in outcomes if o.answer),
        retrieval=_retrieval(outcomes),
        retrieval_by_language={language: _retrieval(mine) for language, mine in spoken.items()},
        median_words=_median(count_words(outcome.answer) for outcome in answerable if outcome.answer),
        longest_words=max((count_words(answer) for answer in answers), default=None),
        crashed=len(outcomes) - len(answers),
    )


def _right(outcomes: Sequence[Outcome]) -> Share:
    return Share.of_all(outcome.correct for outcome in outcomes)


def _interval(outcomes: Sequence[Outcome]) -> Interval | None:
    return bootstrap_interval([float(o.correct) for o in outcomes], [o.case.fact for o in outcomes])


def _retrieval(outcomes: Iterable[Outcome]) -> Retrieval | None:
    """Over the cases with evidence in the index; a refusal has been searched for, too."""
    seen = [o.seen for o in outcomes if o.seen and o.seen.relevant]
    if not seen:
        return None
    return Retrieval(
        cases=len(seen),
        success={k: statistics.fmean(retrieval.success_at(s.ranking, k) for s in seen) for k in RANKS},
        recall={k: statistics.fmean(retrieval.recall_at(s.ranking, s.relevant, k) for s in seen) for k in RANKS},
        mrr=statistics.fmean(retrieval.reciprocal_rank(s.ranking) for s in seen),
        ndcg_10=statistics.fmean(retrieval.ndcg_at(s.ranking, s.relevant, 10) for s in seen),
    )


def _sum(shares: Iterable[Share]) -> Share:
    counted = list(shares)
    return Share(sum(share.hits for share in counted), sum(share.of for share in counted))


def _mean(seen: Iterable[Seen], figure: Callable[[Seen], float | None]) -> float | None:
    """Over the answers that have the figure: a refusal cites nothing and is judged elsewhere."""
    values = [value for one in seen if (value := figure(one)) is not None]
    return statistics.fmean(values) if values else None


def _median(values: Iterable[float]) -> float | None:
    measured = list(values)
    return statistics.median(measured) if measured else None
