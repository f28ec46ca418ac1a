"""Sentences that contradict each other, and those that only seem to."""

from __future__ import annotations

import dataclasses

import pytest

from assistant.extractive import draft_quotes
from assistant.types import Draft, Findings, Language, Passage, Question
from assistant.verify import verify_draft
from tests.promises import assert_promises
from tests.test_extractive import source

DATES = {"old": "2019-02-28", "new": "2023-09-30"}


def told(name: str, *sentences: str, score: float = 5.0, language: Language = "de") -> Passage:
    """A document of a date, its sentences found for the question."""
    found = source(name, *((words, "sentence", score - number / 10) for number, words in enumerate(sentences)))
    matched = tuple(dataclasses.replace(one, matched={"w": 1.0}) for one in found.quotables)
    return dataclasses.replace(found, quotables=matched, language=language, date=DATES.get(name, "2023-09-30"))


def drafted(asked: str, *passages: Passage, language: Language = "de") -> Draft:
    return draft_quotes(Question(asked, asked, language), Findings(passages, 1.0, "v1"))


def found_values(draft: Draft) -> list[str]:
    return [value for disagreement in draft.disagreements for value, _ in disagreement.values]


SKETCHES = "Wie viele Projektskizzen gingen ein?"
FIRST = "In den insgesamt 35 eingegangenen Projektskizzen stehen viele gute Ideen."
SECOND = "Im Mai begann ein Aufruf für neue Ideen, woraufhin 36 Projektskizzen eingingen."


def test_two_distant_sentences_that_count_the_same_differently() -> None:
    draft = drafted(SKETCHES, told("a", FIRST), told("b", SECOND, score=4.0))
    assert draft.status == "conflict"
    assert found_values(draft) == ["35", "36"]
    assert [claim.text for claim in draft.claims] == [FIRST, SECOND]
    answer = verify_draft(Question(SKETCHES, SKETCHES, "de"), Findings((), 1.0, "v1"), draft)
    texts = {p.document_id: " " * p.span.start + p.text for p in (told("a", FIRST), told("b", SECOND))}
    assert_promises(dataclasses.asdict(answer), texts)
    assert [(value.value, value.marker) for value in answer.conflicts[0].values] == [("35", 1), ("36", 2)]


@pytest.mark.parametrize(
    ("asked", "one", "other"),
    [
        (SKETCHES, FIRST, "Zum Aufruf trafen insgesamt 35 Projektskizzen ein."),  # the same
        (SKETCHES, FIRST, "Von allen gehen 9 neue Projektskizzen auf Firmen zurück."),  # narrowed
        (SKETCHES, FIRST, "Darunter sind 12 Projektskizzen aus der Industrie."),  # a part
        (SKETCHES, FIRST, "Künftig sollen 50 Projektskizzen eingehen."),  # a plan
        (SKETCHES, FIRST, "An CREATIC gingen 3 Projektskizzen."),  # of something else
        (SKETCHES, FIRST, "Es gab 6 Workshops mit vielen Projektskizzen."),
        ("Welche Projektskizzen gingen ein?", FIRST, SECOND),
        (
            "Wie viele Arbeitsplätze gibt es?",
            "Es sind 49.900 Arbeitsplätze.",
            "Die Branche hat rund 50.000 Arbeitsplätze.",
        ),
        ("Wann begann der Prozess?", "Er lief von Juli 2018 bis Februar 2019.", "Er lief von Juli 2018 bis März 2019."),
        (
            "Wie geht es nach der dritten Phase weiter?",
            "Die Studie ist in Phase II.",
            "Es ist eine Studie der Phase I/II.",
        ),
    ],
)
def test_what_only_seems_to_contradict(asked: str, one: str, other: str) -> None:
    draft = drafted(asked, told("a", one), told("b", other, score=4.5))
    assert (draft.status, draft.disagreements) == ("answered", ())


@pytest.mark.parametrize(
    ("asked", "one", "other", "values"),
    [
        (
            "Bis wann lief der Prozess?",
            "Der Prozess (Juli 2018 bis Februar 2019) hatte viele Schritte.",
            "Von Juli 2018 bis März 2019 wurde in einem Prozess vieles geklärt.",
            ["Juli 2018 bis Februar 2019", "Juli 2018 bis März 2019"],
        ),
        (
            "In welcher Phase ist die Studie?",
            "Eine klinische Studie Phase I/II wurde bewilligt.",
            "Die Studie Phase II leitet Ada Brandt.",
            ["Phase I/II", "Phase II"],
        ),
    ],
)
def test_periods_and_phases(asked: str, one: str, other: str, values: list[str]) -> None:
    assert found_values(drafted(asked, told("a", one), told("b", other, score=4.5))) == values


def test_of_documents_of_different_dates_the_newer_one_comes_first() -> None:
    asked = "Bis wann lief der Prozess?"
    old = told("old", "Der Prozess lief von Juli 2018 bis Februar 2019 im ganzen Hafen.")
    new = told("new", "Von Juli 2018 bis März 2019 lief der Prozess in vielen Schritten.", score=4.5)
    draft = drafted(asked, old, new)
    assert found_values(draft) == ["Juli 2018 bis März 2019", "Juli 2018 bis Februar 2019"]
    assert "neuere" in draft.framing


def test_counts_of_different_times_are_a_development_in_order_of_time() -> None:
    asked = "Wie viele Mitglieder hat der Hafenbund?"
    new = told("new", "Der Hafenbund hat heute 240 Mitglieder aus allen Städten der Küste.")
    old = told("old", "Zum Hafenbund gehören 115 Mitglieder, die meisten sind kleine Firmen.", score=4.5)
    draft = drafted(asked, new, old)
    assert (draft.status, draft.disagreements) == ("answered", ())
    assert [claim.quotes[0].passage.date for claim in draft.claims] == ["2019-02-28", "2023-09-30"]
    assert "Zeiten" in draft.framing


def test_a_note_that_disputes_the_first_quote_is_heard_from_far_down() -> None:
    note = "Widerspruch: Abschnitt 3.1 nennt 35 Projektskizzen, Abschnitt 3.11 dagegen 36."
    passages = (
        told("a", "Auf den Aufruf gingen 36 Projektskizzen ein."),
        told("b", "Es gibt viele Ideen.", note, score=3.5),
    )
    assert found_values(drafted(SKETCHES, *passages)) == ["35", "36"]
    other = told("a", "Auf den Aufruf gingen 40 Projektskizzen ein.")
    assert drafted(SKETCHES, other, passages[1]).status == "answered"


def test_the_rows_of_a_table_are_about_different_things() -> None:
    rows = source("a", (FIRST, "row", 5.0), (SECOND, "row", 4.9))
    matched = tuple(dataclasses.replace(one, matched={"w": 1.0}) for one in rows.quotables)
    table = dataclasses.replace(rows, quotables=matched, language="de")
    assert drafted(SKETCHES, table).status == "answered"
