from __future__ import annotations

import datetime
from typing import Literal

import pytest
from pydantic import ValidationError

from evals.cases import ABSTAIN, load_cases, originals_files, shipped_files
from evals.gates import Check, Gate, check_gates, load_gates
from evals.stability import VARIANTS
from evals.summary import summarise
from tests.evals.parts import answer, case, outcome


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


@pytest.mark.parametrize(
    ("value", "sampled", "allowance"),
    [(0.5, 100, 2.6 * 0.05), (0.9, 100, 2.6 * 0.03), (1.0, 100, 0), (0.0, 100, 0), (0.5, 0, 0)],
)
def test_a_sample_is_allowed_what_chance_takes(value: float, sampled: int, allowance: float) -> None:
    (check,) = check_gates({"a": gate(value, "at least")}, {"a": value - 0.03}, [case()] * sampled)
    assert check.allowance == pytest.approx(allowance)
    assert check.missed is (allowance < 0.03)


def test_of_refusals_only_the_unanswerable_cases_count() -> None:
    sample = [*([case()] * 75), *([case(must_include=[[ABSTAIN]])] * 25)]
    checks = check_gates({name: gate(0.5, "at least") for name in ("a", "refusal_recall")}, {}, sample)
    assert [check.allowance for check in checks] == pytest.approx([2.6 * 0.05, 2.6 * 0.1])


def test_the_shipped_gates_stand_on_figures_that_a_run_has() -> None:
    both = summarise([outcome(case(), answer()), outcome(case(id="2", lang="de"), answer())])
    gates = load_gates()
    assert gates.keys() <= both.figures().keys() | {f"stable_{variant}" for variant in (*VARIANTS, "paraphrased")}
    assert {"accuracy_de", "accuracy_en", "refusal_recall", "false_refusal_rate", "evidence_share"} <= gates.keys()
    for name in ("promises", "evidence_indexed"):
        assert (gates[name].value, gates[name].bound) == (1.0, "at least")
    for name in ("false_refusal_rate", "language_gap", "calibration_error", "crashed"):
        assert gates[name].bound == "at most"


def test_the_originals_have_gates_of_their_own() -> None:
    usual, originals = load_gates(), load_gates(load_cases(originals_files()))
    assert originals.keys() == usual.keys()
    assert originals["accuracy_en"].value < usual["accuracy_en"].value
    assert originals["promises"] == usual["promises"]
    assert load_gates(load_cases(shipped_files())) == usual
    assert load_gates([case()]) == usual


@pytest.mark.parametrize("change", [{"value": 80}, {"bound": "about"}, {"reason": ""}, {"date": "soon"}, {"min": 1}])
def test_an_unusable_gate_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Gate.model_validate({"value": 0.5, "bound": "at least", "reason": "why", "date": "2026-11-22"} | change)
