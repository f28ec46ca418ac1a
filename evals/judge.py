"""A chat model as a second opinion. What it says is labelled as its own, and no gate is ever set on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel
from pydantic import BaseModel, ConfigDict

from assistant.prompts import load_prompt
from evals.cases import ABSTAIN
from evals.metrics import Verdict
from evals.stats import cohens_kappa

_GRADE = re.compile(r"\W*(correct|missing|wrong)\b", re.IGNORECASE)


class GradedCase(BaseModel):
    """What a judge is shown of a case in the JSON of a run."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    question: str
    expected: tuple[tuple[str, ...], ...]
    verdict: Verdict
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """The judge's verdict; None where its reply was none."""

    case: GradedCase
    verdict: Verdict | None
    reply: str


def grade(cases: Iterable[GradedCase], model: BaseChatModel) -> Iterator[Grade]:
    """Let the model grade each answer; a crashed one has none and is left out."""
    prompt = load_prompt("judge")
    for case in cases:
        if case.answer:
            asked = prompt.render(question=case.question, expected=_expected(case), answer=case.answer)
            reply = model.invoke(asked).text.strip()
            yield Grade(case, read_grade(reply), reply)


def read_grade(reply: str) -> Verdict | None:
    """The verdict a reply begins with."""
    match = _GRADE.match(reply)
    if not match:
        return None
    word = match[1].lower()
    return "correct" if word == "correct" else "missing" if word == "missing" else "wrong"


def agreement(grades: Iterable[Grade], judge: str) -> list[str]:
    """How far the judge agrees with the deterministic verdicts, in words."""
    told = list(grades)
    readable = [(one.case.verdict, one.verdict) for one in told if one.verdict]
    kappa = cohens_kappa([ours for ours, _ in readable], [theirs for _, theirs in readable])
    counts = Counter(readable)
    lines = [
        f"Judge {judge}, an opinion and never a gate: {len(told)} answers, {len(told) - len(readable)} replies without a verdict.",
        f"Agreement with the rule: {sum(a == b for a, b in readable)} of {len(readable)}, "
        f"Cohen's kappa {'-' if kappa is None else f'{kappa:.3f}'}.",
    ]
    lines += [f"rule {ours}, judge {theirs}: {count}" for (ours, theirs), count in sorted(counts.items())]
    differing = [one for one in told if one.verdict and one.verdict != one.case.verdict]
    return lines + [f"{o.case.id}: rule {o.case.verdict}, judge {o.verdict}: {o.case.question}" for o in differing]


def _expected(case: GradedCase) -> str:
    if case.expected == ((ABSTAIN,),):
        return "NOTHING"
    return "\n".join(f"- {' or '.join(way.strip() for way in group)}" for group in case.expected)
