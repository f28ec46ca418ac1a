"""How likely the documents hold the answer: always a share, and moved the right way by each sign."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.refusal import answerability
from assistant.types import Quotable, Span, Unit

FACT, COUNT = "What is SaxoCell?", "How many members does BioRN have?"
SHARES = st.floats(0, 1)


def unit(cosine: float = 0.0, kind: float = 1.0, *, score: float = 3.0, matched: tuple[str, ...] = ()) -> Quotable:
    signals = {"cosine": cosine, "kind": kind, "predicate": 0.5, "names": 1.0}
    return Quotable(1, "c", Unit(Span(0, 1), "sentence"), "x", score, signals, dict.fromkeys(matched, 0.1))


UNITS = st.builds(
    lambda cosine, kind, score, predicate, names: dataclasses.replace(
        unit(score=score), signals={"cosine": cosine, "kind": kind, "predicate": predicate, "names": names}
    ),
    st.floats(-1.85, 0.15), st.sampled_from([0.0, 1.0]), st.floats(-40, 40), SHARES, SHARES,
)  # fmt: skip


@given(st.lists(UNITS, max_size=30), st.sampled_from([FACT, COUNT, "Wann war es 2019?", ""]))
def test_a_share_for_any_findings(units: list[Quotable], question: str) -> None:
    assert 0.0 <= answerability(question, units) <= 1.0


@pytest.mark.parametrize("question", [FACT, COUNT, "", "2019"])
def test_nothing_found_is_no_answer(question: str) -> None:
    assert answerability(question, []) == 0.0


@pytest.mark.parametrize("question", ["How many members were there in 2019?", "Wie viele Mitglieder gab es 2019?"])
def test_a_year_that_the_best_unit_lacks_lowers(question: str) -> None:
    held, lacking = [unit(matched=("2019",))], [unit(matched=("2020",))]
    assert answerability(question, lacking) < answerability(question, held)


@pytest.mark.parametrize("question", ["Why did it end in 2019?", "Who led it in 2019?", "What is the 2019 report?"])
def test_a_year_decides_nothing_where_no_figure_is_asked_for(question: str) -> None:
    assert answerability(question, [unit()]) == answerability(question, [unit(matched=("2019",))])


def test_the_nearer_the_unit_of_the_right_kind_the_likelier() -> None:
    cosines = [0.06, 0.04, 0.02, 0.0, -0.04, -0.08]

    def answer(of_kind: int) -> float:
        return answerability(COUNT, [unit(c, float(place == of_kind)) for place, c in enumerate(cosines)])

    values = [answer(place) for place in range(len(cosines))]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)
    none = answerability(COUNT, [unit(c, 0.0) for c in cosines])
    assert none < values[-1]


@given(st.floats(-5, 5), st.floats(0.1, 5))
def test_a_better_best_unit_is_never_less_likely(score: float, more: float) -> None:
    assert answerability(FACT, [unit(score=score)]) < answerability(FACT, [unit(score=score + more)])


def test_only_the_best_units_count() -> None:
    units = [unit(0.01 * place) for place in range(20)]
    assert answerability(FACT, units) == answerability(FACT, [*units, unit(0.1, score=9.0)])
