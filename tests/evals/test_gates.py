from __future__ import annotations

import datetime
from typing import Literal

import pytest
from pydantic import ValidationError

from evals.gates import Check, Gate, check_gates, load_gates
from evals.metrics import Outcome, summarise
from tests.evals.parts import answer, case


def gate(value: float, bound: Literal["at least", "at most"]) -> Gate:
    return Gate(value=value, bound=bound, reason="why", date=datetime.date(2026, 11, 22))


@pytest.mark.parametrize(
    ("bound", "figure", "missed"),
    [
        ("at least", 0.5, False),
        ("at least", 0.49, True),
        ("at least", 0.51, False),
        ("at most", 0.5, False),
        ("at most", 0.49, False),
        ("at most", 0.51, True),
        ("at least", None, False),
        ("at most", None, False),
    ],
)
def test_a_gate_is_missed_on_its_wrong_side(
    bound: Literal["at least", "at most"], figure: float | None, missed: bool
) -> None:
    assert Check("accuracy_de", gate(0.5, bound), figure).missed is missed


def test_a_check_reads_as_a_line() -> None:
    assert str(Check("accuracy_de", gate(0.5, "at least"), 0.4567)) == "accuracy_de: 0.457, at least 0.5 (why)"
    assert str(Check("accuracy_de", gate(0.5, "at most"), None)) == "accuracy_de: not measured, at most 0.5 (why)"


def test_every_gate_is_checked() -> None:
    checks = check_gates({"a": gate(0.5, "at least"), "b": gate(0.5, "at most")}, {"a": 0.4, "c": 1.0})
    assert [(check.name, check.figure, check.missed) for check in checks] == [("a", 0.4, True), ("b", None, False)]


def test_the_shipped_gates_stand_on_figures_that_a_run_has() -> None:
    both = summarise([Outcome(case(), answer(), ()), Outcome(case(id="2", lang="de"), answer(), ())])
    gates = load_gates()
    assert gates.keys() <= both.figures().keys()
    assert {"accuracy_de", "accuracy_en", "refusal_recall", "false_refusal_rate", "evidence_share"} <= gates.keys()
    assert (gates["promises"].value, gates["promises"].bound) == (1.0, "at least")
    assert gates["false_refusal_rate"].bound == "at most"


@pytest.mark.parametrize("change", [{"value": 80}, {"bound": "about"}, {"reason": ""}, {"date": "soon"}, {"min": 1}])
def test_an_unusable_gate_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Gate.model_validate({"value": 0.5, "bound": "at least", "reason": "why", "date": "2026-11-22"} | change)
