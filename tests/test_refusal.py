"""How likely the documents hold the answer: always a share, and moved the right way by each sign."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.refusal import answerability, refusal_signals
from assistant.types import Quotable, Span, Unit

FACT, COUNT = "What is SaxoCell?", "How many members does BioRN have?"


def unit(
    *,
    text: str = "x",
    score: float = 3.0,
    matched: tuple[str, ...] = (),
    kind: bool = True,
    names: float = 1.0,
    lack: float = 0.2,
    states: bool = False,
) -> Quotable:
    signals = {"kind": float(kind), "names": names, "lack": lack, "states": float(states)}
    return Quotable(1, "c", Unit(Span(0, 1), "sentence"), text, score, signals, dict.fromkeys(matched, 0.1))


SHARE = st.floats(0, 1)
UNITS = st.builds(
    lambda score, text, names, lack: unit(score=score, text=text, names=names, lack=lack),
    st.floats(-40, 40), st.text(), SHARE, SHARE,
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


@pytest.mark.parametrize(
    "question", ["Why did it end in 2019?", "Who led it in 2019?", "Which clusters began before 2019?"]
)
def test_a_year_decides_nothing_where_the_answer_need_not_hold_it(question: str) -> None:
    assert answerability(question, [unit()]) == answerability(question, [unit(matched=("2019",))])


@pytest.mark.parametrize(
    ("question", "with_it", "without"),
    [
        ("Wie alt ist Frau Muster?", "Sie ist 1970 geboren.", "Frau Muster ist Sprecherin."),
        ("How old is the association?", "It was founded in 2009.", "It has members."),
        ("What is the phone number?", "Phone: 0351 123 4567", "Call us."),
        ("Welche E-Mail hat er?", "a@example.org", "Er ist erreichbar."),
        ("How much does he earn?", "Salary: 50,000 euros", "He leads it."),
        ("Welche Adresse hat der Verein?", "Hauptstraße 1, 01097 Dresden", "Er ist in Dresden."),
    ],
)
def test_a_thing_with_a_form_of_its_own_has_to_be_there(question: str, with_it: str, without: str) -> None:
    assert answerability(question, [unit(text=without)]) < answerability(question, [unit(text=with_it)])


@pytest.mark.parametrize(
    "text",
    [
        "Der Bericht nennt keine Zahl der Beschäftigten.",
        "Das Porträt nennt den Sitz nicht.",
        "Keine Angabe zum Sitz.",
        "The portrait gives no seat.",
        "The report does not name a figure.",
    ],
)
def test_who_says_that_it_is_not_known_lowers(text: str) -> None:
    assert answerability(FACT, [unit(text=text)]) < answerability(FACT, [unit(text="SaxoCell is a cluster.")])


def test_numbers_are_asked_for_more_easily_than_given() -> None:
    assert answerability(COUNT, [unit()]) < answerability(FACT, [unit()])


@pytest.mark.parametrize(
    "question", ["Is it more than 15 million euros?", "Was it 5 million euros?", "Hat der Verein ein eigenes Budget?"]
)
def test_yes_or_no_asks_for_no_number(question: str) -> None:
    assert refusal_signals(question, [unit()])["quantity_asked"] == 0.0


def test_what_something_costs_is_no_question_of_yes_or_no() -> None:
    assert refusal_signals("Was kostet die Mitgliedschaft?", [unit()])["quantity_asked"] == 1.0


def test_a_year_further_down_counts_among_the_first() -> None:
    units = [unit(score=5.0), unit(score=4.0), unit(score=3.0, matched=("2019",))]
    assert answerability("How many were there in 2019?", units) > answerability(
        "How many were there in 2019?", units[:2]
    )


@pytest.mark.parametrize("worse", [unit(names=0.3), unit(lack=0.9), unit(kind=False)])
def test_one_unit_has_to_be_about_the_names_lack_nothing_and_hold_the_kind(worse: Quotable) -> None:
    assert answerability(FACT, [worse]) < answerability(FACT, [unit()])
    assert answerability(FACT, [worse, unit()]) == answerability(FACT, [unit(), unit()])


def test_a_fact_of_the_kind_makes_up_for_words_that_are_lacking() -> None:
    assert answerability(FACT, [unit(lack=0.9)]) < answerability(FACT, [unit(lack=0.9, states=True)])
    chair, known = "Who chairs it?", unit(lack=0.9, states=True)
    assert answerability(chair, [known]) == answerability(chair, [unit(lack=0.9)])


def test_it_is_no_salary_that_a_cluster_earns() -> None:
    assert answerability("How does it earn its money?", [unit()]) > answerability("How much does he earn?", [unit()])


@given(st.floats(-5, 5), st.floats(0.1, 5))
def test_a_better_best_unit_is_never_less_likely(score: float, more: float) -> None:
    assert answerability(FACT, [unit(score=score)]) < answerability(FACT, [unit(score=score + more)])


def test_only_the_best_units_count() -> None:
    units = [unit(score=9.0 - place) for place in range(10)]
    assert answerability(FACT, units) == answerability(FACT, [*units, unit(score=-20.0)])


def test_a_kind_of_thing_that_no_unit_holds_lowers() -> None:
    assert answerability(COUNT, [unit(kind=False)] * 5) < answerability(COUNT, [unit(kind=False)] * 2 + [unit()])


def test_a_name_that_no_unit_is_about_lowers() -> None:
    assert answerability(FACT, [unit(names=0.0)] * 5) < answerability(FACT, [unit(names=0.0)] * 4 + [unit(names=1.0)])
