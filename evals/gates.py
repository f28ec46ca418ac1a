"""Figures that a release must reach, from gates.toml."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

GATES = Path(__file__).resolve().parent / "gates.toml"
FEWEST_CASES = 20  # below that a single answer moves a figure too much to decide anything


class Gate(BaseModel):
    """One gate: the value, on which side of it a figure must lie, and why and since when it is set there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(ge=0, le=1)
    bound: Literal["at least", "at most"]
    reason: str = Field(min_length=1)
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Check:
    """A gate held against the figure of a run; without a figure there is nothing to miss."""

    name: str
    gate: Gate
    figure: float | None

    @property
    def missed(self) -> bool:
        """Whether the figure lies on the wrong side."""
        if self.figure is None:
            return False
        return self.figure < self.gate.value if self.gate.bound == "at least" else self.figure > self.gate.value

    def __str__(self) -> str:
        measured = "not measured" if self.figure is None else f"{self.figure:.3f}"
        return f"{self.name}: {measured}, {self.gate.bound} {self.gate.value:g} ({self.gate.reason})"


def load_gates() -> dict[str, Gate]:
    """The project's gates by the name of the figure they are set on."""
    return TypeAdapter(dict[str, Gate]).validate_python(tomllib.loads(GATES.read_text(encoding="utf-8")))


def check_gates(gates: Mapping[str, Gate], figures: Mapping[str, float | None]) -> list[Check]:
    """Hold every gate against its figure."""
    return [Check(name, gate, figures.get(name)) for name, gate in gates.items()]
