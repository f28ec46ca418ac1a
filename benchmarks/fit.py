"""Fits the weights of ranking and refusal to cases with evidence, and prints what they reach on facts they have not seen.

python benchmarks/fit.py [DATA CASES]...     pairs of an index and the cases on its documents; by default the index of
                                             the settings and evals/cases/dev.jsonl

Ranking: a listwise logistic regression; in each question's list the units that overlap its evidence should win. Units that
hold the words of the answer without being listed as evidence count neither way. Refusal: a logistic regression on the
scores that come of it; the same questions without the units that answer them stand for further unanswerable ones.
All languages of a fact are in one fold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from scipy.optimize import minimize

from assistant.console import run_command
from assistant.extractive import ANSWERABLE
from assistant.models import load_embedder
from assistant.open_index import OpenIndex
from assistant.ranking import WEIGHTS
from assistant.refusal import WEIGHTS as REFUSAL_WEIGHTS
from assistant.refusal import refusal_signals
from assistant.rewrite import rewrite_question
from assistant.settings import load_settings
from assistant.types import Question, Quotable, Turn
from evals.cases import DEVELOPMENT, SHIPPED, Case, tuning_cases

app = typer.Typer(add_completion=False)

FOLDS = 8
SMALL = 0.006  # punishment of large weights, per squared weight
SPREAD = 1.45  # what the best unit leads the tenth by, at the median: a score keeps its measure from fit to fit
FINE = {
    **dict.fromkeys(("cosine", "cosine_rest", "cosine_passage", "cosine_usual"), 25.0),
    "lack": 3.0,
}  # signals of a small range
REFUSED = (0.02, 0.035, 0.045, 0.06)  # shares of the answerable, refused wrongly
ALLOWED = 0.06  # the one at which the bias is set
UNANSWERABLE, HELD_OUT = (
    8.0,
    0.2,
)  # what one question weighs in the fit of the refusal, where one with an answer weighs 1

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A case with all units that were found for it."""

    index: str
    case: Case
    question: Question
    units: tuple[Quotable, ...]
    evident: tuple[bool, ...]  # for each unit, whether it overlaps the evidence
    telling: tuple[bool, ...]  # for each unit, whether it holds words of the answer


def asked(data: Path, cases: Sequence[Case], index: OpenIndex) -> Iterator[Asked]:
    """Search for every case."""
    documents = [index.document(document.id) for document in index.documents()]
    for case in cases:
        question = rewrite_question(case.question, [Turn("user", earlier) for earlier in case.history], None)
        found = [
            (quotable, passage.document_id)
            for passage in index(question, limit=1_000).passages
            for quotable in passage.quotables
        ]
        places = [
            (document.id, place, place + len(evidence))
            for evidence in case.evidence
            for document in documents
            if document and (place := document.text.find(evidence)) >= 0
        ]
        evident = tuple(
            any(d == document and unit.unit.span.start < end and start < unit.unit.span.end for d, start, end in places)
            for unit, document in found
        )
        words = [word.strip().lower() for group in case.must_include for word in group]
        telling = tuple(any(word in unit.text.lower() for word in words) for unit, _ in found)
        yield Asked(data.name, case, question, tuple(unit for unit, _ in found), evident, telling)


# ---- ranking -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class List:
    """The units of one question, as the fit sees them."""

    asked: Asked
    signals: Vector  # shape (units, signals)
    right: NDArray[np.bool_]


def lists(all_asked: Iterable[Asked]) -> list[List]:
    """Those of the cases whose evidence was among what was found."""
    found = []
    for one in all_asked:
        kept = [k for k, (e, t) in enumerate(zip(one.evident, one.telling, strict=True)) if e or not t]
        if any(one.evident):
            signals = np.array([[one.units[k].signals[name] for name in WEIGHTS] for k in kept])
            found.append(List(one, signals, np.array([one.evident[k] for k in kept])))
    return found


def ranking_weights(train: Sequence[List]) -> Vector:
    """The weights in the order of WEIGHTS."""
    scale = np.array([FINE.get(name, 1.0) for name in WEIGHTS])

    def loss(weights: Vector) -> tuple[float, Vector]:
        value, gradient = 0.0, np.zeros(len(weights))
        for one in train:
            scaled = one.signals * scale
            odds = np.exp(scaled @ weights - (scaled @ weights).max())
            right = odds * one.right
            value -= np.log(right.sum() / odds.sum())
            gradient -= (right / right.sum() - odds / odds.sum()) @ scaled
        return float(value / len(train) + SMALL * (weights @ weights)), gradient / len(train) + 2 * SMALL * weights

    weights: Vector = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B").x * scale
    leads = [np.sort(one.signals @ weights)[::-1] for one in train]
    return weights * SPREAD / float(np.median([lead[0] - lead[min(9, len(lead) - 1)] for lead in leads]))


def rank(one: List, weights: Vector) -> int:
    """How many units come before the best one of the evidence."""
    scores = one.signals @ weights
    return int((scores > scores[one.right].max()).sum())


# ---- refusal -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """One question with what was found, or with what is left of it, and whether that answers it."""

    asked: Asked
    signals: Vector
    answerable: bool
    held_out: bool


def decisions(all_asked: Iterable[Asked], weights: Vector) -> Iterator[Decision]:
    """Each case, and once more without what answers it."""
    for one in all_asked:
        scored = [replace(unit, score=_score(unit, weights)) for unit in one.units]
        order = sorted(range(len(scored)), key=lambda k: (-scored[k].score, scored[k].id))
        yield _decision(one, [scored[k] for k in order], one.case.answerable, held_out=False)
        rest = [scored[k] for k in order if not one.evident[k] and not one.telling[k]]
        if one.case.answerable and one.case.category not in ("conflict", "false_premise"):
            yield _decision(one, rest, answerable=False, held_out=True)


def _score(unit: Quotable, weights: Vector) -> float:
    return sum(float(w) * unit.signals[name] for name, w in zip(WEIGHTS, weights.tolist(), strict=True))


def _decision(one: Asked, units: Sequence[Quotable], answerable: bool, held_out: bool) -> Decision:
    signals = refusal_signals(one.question.text, units) or dict.fromkeys(REFUSAL_WEIGHTS, 0.0)
    return Decision(one, np.array([signals[name] for name in REFUSAL_WEIGHTS] + [1.0]), answerable, held_out)


def refusal_weights(train: Sequence[Decision]) -> Vector:
    """The weights, the last one of them the bias."""
    signals = np.array([one.signals for one in train])
    scale = np.append(signals[:, :-1].std(axis=0), 1.0)
    scale[scale == 0] = 1.0
    signals = signals / scale
    sign = np.array([1.0 if one.answerable else -1.0 for one in train])
    weight = np.array([1.0 if d.answerable else HELD_OUT if d.held_out else UNANSWERABLE for d in train])

    def loss(weights: Vector) -> tuple[float, Vector]:
        margin = sign * (signals @ weights)
        value = (weight * np.logaddexp(0, -margin)).sum() + 1.5 * (weights[:-1] @ weights[:-1])
        gradient = -(weight * sign / (1 + np.exp(margin))) @ signals
        gradient[:-1] += 3.0 * weights[:-1]
        return value, gradient

    fitted: Vector = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B").x / scale
    return fitted


# ---- report --------------------------------------------------------------------------------------------------


def folds(all_asked: Sequence[Asked]) -> Mapping[str, int]:
    """The fold of each fact."""
    return {fact: number % FOLDS for number, fact in enumerate(sorted({one.case.fact for one in all_asked}))}


def groups(all_asked: Iterable[Asked]) -> list[tuple[str, str]]:
    """Indexes with the languages of their cases."""
    return sorted({(one.index, one.case.lang) for one in all_asked})


@app.command()
def fit(
    pairs: Annotated[
        list[Path] | None, typer.Argument(metavar="[DATA CASES]...", help="Indexes and their cases.")
    ] = None,
) -> None:
    """Print cross-validated figures and the weights to paste."""
    settings, console = load_settings(), Console(width=140)
    places = pairs or [settings.data, SHIPPED / DEVELOPMENT]
    if len(places) % 2:
        raise typer.BadParameter("Each index needs its cases.")
    embedder = load_embedder(settings)
    found = [
        one
        for data, cases in zip(places[::2], places[1::2], strict=True)
        for one in asked(data, tuning_cases([cases]), OpenIndex(settings.model_copy(update={"data": data}), embedder))
    ]
    fold, all_lists = folds(found), lists(found)
    ranks: list[tuple[List, int]] = []
    judged: list[tuple[Decision, float]] = []
    for number in range(FOLDS):
        weights = ranking_weights([one for one in all_lists if fold[one.asked.case.fact] != number])
        ranks += [(one, rank(one, weights)) for one in all_lists if fold[one.asked.case.fact] == number]
        split = list(decisions(found, weights))
        refusal = refusal_weights([one for one in split if fold[one.asked.case.fact] != number])
        judged += [
            (one, 1 / (1 + float(np.exp(-one.signals @ refusal))))
            for one in split
            if fold[one.asked.case.fact] == number
        ]
    for index, language in groups(found):
        of_group = np.array([r for o, r in ranks if (o.asked.index, o.asked.case.lang) == (index, language)])
        shares = " ".join(f"{(of_group < k).mean():.3f}" for k in (1, 3, 5, 10))
        console.print(
            f"{index} {language}: evidence first, in 3, 5, 10: {shares}; mean reciprocal rank {np.mean(1 / (1 + of_group)):.3f}"
        )
    natural = [(one, value) for one, value in judged if not one.held_out]
    for share in REFUSED:  # at the threshold that refuses so many
        threshold = float(np.quantile([value for one, value in natural if one.answerable], share))
        console.print(f"threshold {threshold:.3f}: refused", end="")
        for index, language in groups(found):
            mine = [(d, v < threshold) for d, v in natural if (d.asked.index, d.asked.case.lang) == (index, language)]
            wrong, right = (np.mean([r for d, r in mine if d.answerable is a] or [False]) for a in (True, False))
            console.print(f"  {index} {language} {wrong:.3f} wrongly, {right:.3f} rightly", end="")
        console.print()
    weights = ranking_weights(all_lists)
    refusal = refusal_weights(list(decisions(found, weights)))
    refusal[-1] += _odds(ANSWERABLE) - _odds(np.quantile([value for one, value in natural if one.answerable], ALLOWED))
    console.print("ranking:", {name: round(w, 2) for name, w in zip(WEIGHTS, weights.tolist(), strict=True)})
    console.print(
        "refusal:", {n: round(w, 3) for n, w in zip([*REFUSAL_WEIGHTS, "BIAS"], refusal.tolist(), strict=True)}
    )


def _odds(share: float) -> float:
    return float(np.log(share / (1 - share)))


if __name__ == "__main__":
    run_command(app)
