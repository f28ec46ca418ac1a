from __future__ import annotations

import pytest

from assistant.types import Answer
from evals.cases import load_cases, shipped_files
from evals.share import Share
from evals.stability import SAMPLE, load_paraphrases, mistyped, reworded, stability, without_umlauts
from evals.wording import holds_any
from tests.evals.parts import Script, answer, case, outcome, refusal


def test_a_slip_swaps_two_letters_of_one_word() -> None:
    question = "Wann wurde BioLAGO gegründet?"
    varied = mistyped(question, "de")
    assert sorted(varied) == sorted(question)
    assert sum(a != b for a, b in zip(varied, question, strict=True)) == 2
    assert "BioLAGO" in varied  # names are left alone
    assert mistyped("Wo ist es?", "de") == "Wo ist es?"
    assert mistyped(question, "de") == varied


def test_the_other_variants() -> None:
    assert without_umlauts("Größe der Übung?", "de") == "groesse der uebung?"
    assert "Wie groß?" in reworded("Wie groß?", "de")
    assert reworded("How big?", "en") != "How big?"


def test_what_stays_right_is_counted() -> None:
    def reply(question: str) -> Answer:
        if question.islower():
            raise RuntimeError("capitals are missing")
        return answer() if question.startswith("How many") else refusal()

    outcomes = [outcome(case(), answer()), outcome(case(id="2-en"), refusal())]  # only the right one is varied
    paraphrases = {"f001-en": "Cranes?", "2-en": "How many?"}
    found = {one.variant: one.share for one in stability(outcomes, Script(reply).assistant(), paraphrases)}
    framed = reworded(case().question, "en").startswith("How many")
    assert found == {
        "reworded": Share(int(framed), 1),
        "mistyped": Share(1, 1),
        "ascii": Share(0, 1),
        "paraphrased": Share(0, 1),
    }


@pytest.mark.parametrize("right", [0, 1, SAMPLE, 5 * SAMPLE + 1])
def test_the_sample_is_limited(right: int) -> None:
    outcomes = [outcome(case(id=f"{number}-en"), answer()) for number in range(right)]
    paraphrases = {outcome.case.id: "Cranes?" for outcome in outcomes}
    found = list(stability(outcomes, Script(lambda question: answer()).assistant(), paraphrases))
    assert [one.share for one in found] == [Share(min(right, SAMPLE), min(right, SAMPLE))] * 4


def test_the_shipped_paraphrases_ask_for_facts_in_other_words() -> None:
    cases = {each.id: each for each in load_cases(shipped_files())}
    paraphrases = load_paraphrases()
    assert len(paraphrases) >= 60
    assert sum(name.endswith("-de") for name in paraphrases) == len(paraphrases) / 2
    for name, question in paraphrases.items():
        assert question != cases[name].question
        assert not all(holds_any(question, group) for group in cases[name].must_include), "the question answers itself"
