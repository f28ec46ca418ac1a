"""What became of one case, and what was measured on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.explanation import Explanation
from assistant.types import Answer
from evals.cases import Case
from evals.metrics import Verdict, verdict
from evals.share import Share


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured while a case was asked, besides its answer."""

    ranking: tuple[bool, ...]  # for each passage found, best first, whether it holds evidence
    relevant: int  # passages of the whole index that hold evidence
    indexed: Share  # evidence strings that stand in the index
    answerable: float  # 0..1, how likely the search took an answer to be
    precise: Share  # citations that quote evidence
    recalled: Share  # things to be said that stand in a cited quote
    supported: Share  # drafted claims that the gate finds proven
    explanation: Explanation
    stages_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case."""

    case: Case
    answer: Answer | None  # None when asking crashed
    faults: tuple[str, ...]  # why the answer is wrong; none when it is right
    broken: tuple[str, ...] = ()  # promises of the contract that the answer does not keep
    seen: Seen | None = None  # None when asking crashed

    @property
    def correct(self) -> bool:
        """Whether the answer is right by the contract's rule."""
        return not self.faults

    @property
    def refused(self) -> bool:
        """Whether the answer says that the documents do not hold it."""
        return self.answer is not None and self.answer.status == "not_found"

    @property
    def verdict(self) -> Verdict:
        """Correct, missing or wrong."""
        return verdict(self.case, self.answer)
