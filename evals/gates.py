"""Figures that a release must reach, from gates.toml."""

from __future__ import annotations

import datetime
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from evals.cases import Case, load_cases, originals_files

GATES = Path(__file__).resolve().parent / "gates.toml"
FEWEST_CASES = 20  # below that a single answer moves a figure too much to decide anything
_OF_UNANSWERABLE = ("refusal_recall",)  # shares of those cases only
_SURE = 2.6  # standard deviations on either side that hold 99 %: of two dozen gates some would miss at 95 % by chance


class Gate(BaseModel):
    """One gate: the value, on which side of it a figure must lie, and why and since when it is set there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(ge=-1, le=1)
    bound: Literal["at least", "at most"]
    reason: str = Field(min_length=1)
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Check:
    """A gate held against the figure of a run; without a figure there is nothing to miss."""

    name: str
    gate: Gate
    figure: float | None
    allowance: float = 0.0  # what chance may take from a sample

    @property
    def missed(self) -> bool:
        """Whether the figure lies on the wrong side."""
        if self.figure is None:
            return False
        if self.gate.bound == "at least":
            return self.figure < self.gate.value - self.allowance
        return self.figure > self.gate.value + self.allowance

    def __str__(self) -> str:
        measured = "not measured" if self.figure is None else f"{self.figure:.3f}"
        allowed = f", give or take {self.allowance:.3f} for a sample" if self.allowance else ""
        return f"{self.name}: {measured}, {self.gate.bound} {self.gate.value:g}{allowed} ({self.gate.reason})"


def load_gates(cases: Sequence[Case] = ()) -> dict[str, Gate]:
    """The project's gates by the name of the figure they are set on.

    Args:
        cases: what is asked; where all of them are on the originals, gates of `[originals.…]` take the place of others.
    """
    tables: dict[str, Any] = tomllib.loads(GATES.read_text(encoding="utf-8"))
    originals = tables.pop("originals", {})
    if cases and {case.id for case in cases} <= {case.id for case in load_cases(originals_files())}:
        tables |= originals
    return TypeAdapter(dict[str, Gate]).validate_python(tables)


def check_gates(
    gates: Mapping[str, Gate], figures: Mapping[str, float | None], sample: Sequence[Case] = ()
) -> list[Check]:
    """Hold every gate against its figure.

    Args:
        sample: the cases that were drawn where not all are asked: a share of so few is allowed to be off by its 99 %
            interval. A gate at 0 or 1 allows nothing.
    """
    counts = {name: sum(not case.answerable for case in sample) for name in _OF_UNANSWERABLE}
    return [
        Check(name, gate, figures.get(name), _allowance(gate.value, counts.get(name, len(sample))))
        for name, gate in gates.items()
    ]


def _allowance(value: float, sampled: int) -> float:
    share = min(max(abs(value), 0.0), 1.0)
    return _SURE * math.sqrt(share * (1 - share) / sampled) if sampled else 0.0
