"""Two runs over the same cases, case by case: what got better, what got worse, and whether that is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import InvalidInputError
from evals.metrics import Verdict
from evals.stats import Interval, detectable_difference, mcnemar, paired_interval


class RunCase(BaseModel):
    """What a comparison reads of a case in the JSON of a run."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    lang: str
    question: str
    verdict: Verdict
    correct: bool
    faults: tuple[str, ...]


class Run(BaseModel):
    """The JSON of a run."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    index_version: str | None
    cases: tuple[RunCase, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run B against run A, over the cases both asked."""

    cases: int
    before: float
    after: float
    better: tuple[tuple[RunCase, RunCase], ...]
    worse: tuple[tuple[RunCase, RunCase], ...]
    otherwise: tuple[tuple[RunCase, RunCase], ...]  # wrong in both, but in another way
    only_one: int
    interval: Interval | None  # of the difference
    chance: float  # p of McNemar's test
    detectable: float | None


def load_run(path: Path) -> Run:
    """Read what `lotse-eval --json` wrote.

    Raises:
        InvalidInputError: it is not there, or something else.
    """
    try:
        return Run.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        raise InvalidInputError(f"{path} is no run.", "Name a file that lotse-eval --json has written.") from None


def compare(before: Run, after: Run) -> Comparison:
    """Hold two runs against each other.

    Raises:
        InvalidInputError: they have no case in common.
    """
    earlier = {case.id: case for case in before.cases}
    pairs = [(earlier[case.id], case) for case in after.cases if case.id in earlier]
    if not pairs:
        raise InvalidInputError("The two runs have no case in common.", "Compare runs over the same cases.")
    better = tuple((a, b) for a, b in pairs if b.correct and not a.correct)
    worse = tuple((a, b) for a, b in pairs if a.correct and not b.correct)
    old, new = [float(a.correct) for a, _ in pairs], [float(b.correct) for _, b in pairs]
    facts = [case.id.removesuffix(f"-{case.lang}") for case, _ in pairs]
    return Comparison(
        cases=len(pairs),
        before=sum(old) / len(pairs),
        after=sum(new) / len(pairs),
        better=better,
        worse=worse,
        otherwise=tuple((a, b) for a, b in pairs if not a.correct and not b.correct and a.verdict != b.verdict),
        only_one=len(before.cases) + len(after.cases) - 2 * len(pairs),
        interval=paired_interval(old, new, facts),
        chance=mcnemar(len(better), len(worse)),
        detectable=detectable_difference(len(pairs), (len(better) + len(worse)) / len(pairs)),
    )


def as_lines(found: Comparison) -> list[str]:
    """The comparison in words."""
    lines = [
        f"{found.cases} cases in both runs, {found.only_one} in one of them only.",
        f"Right: {100 * found.before:.1f} % before, {100 * found.after:.1f} % after, "
        f"difference {100 * (found.after - found.before):+.1f} points, 95 % between {found.interval}.",
        f"{len(found.better)} better, {len(found.worse)} worse: by chance with p = {found.chance:.3f} (McNemar).",
    ]
    if found.detectable is not None:
        shown = 100 * found.detectable
        lines.append(f"So many changes can tell a difference of {shown:.1f} points from chance (80 % power).")
    for title, pairs in (("Better", found.better), ("Worse", found.worse), ("Wrong in another way", found.otherwise)):
        lines += [f"{title}: {b.id} {a.verdict} → {b.verdict}: {b.question}" + _why(b) for a, b in pairs]
    return lines


def _why(case: RunCase) -> str:
    return f" ({'; '.join(case.faults)})" if case.faults else ""
