"""Sentences and the facts they state; and sentences that state none."""

from __future__ import annotations

import re

import pytest

from assistant.text.bodies import Named, known_names
from assistant.text.patterns import forms, kinds, statement_file
from assistant.text.rows import row_statements
from assistant.text.statements import LONGEST, statements
from assistant.types import Language

Stated = tuple[str, str, str | None, str]  # kind, attribute, subject, value

STATED: list[tuple[Language, str, set[Stated]]] = [
    ("de", "Die Bioregion Lindtal e. V. besteht seit 1997.", {("founded", "", "Bioregion Lindtal e. V.", "1997")}),
    ("de", "Der 2003 gegründete Verein InnoNet vernetzt viele.", {("founded", "", "InnoNet", "2003")}),
    ("de", "Am 16. März 2023 wurde die RoseTec GmbH gegründet.", {("founded", "", "RoseTec GmbH", "2023-03-16")}),
    ("de", "Dieser Verein wurde am 12.09.2023 gegründet.", {("founded", "", None, "2023-09-12")}),
    ("de", "Das Netzwerk wurde 2012 von 34 Firmen ins Leben gerufen.", {("founded", "", None, "2012")}),
    ("de", "BioRose hat seinen Sitz in Jena.", {("seat", "", "BioRose", "Jena")}),
    ("de", "Die Geschäftsstelle von BioRose, die in Ulm ansässig ist.", {("seat", "", "BioRose", "Ulm")}),
    ("de", "BioRose umfasst mehr als 250 Akteure.", {("members", "total", "BioRose", "250")}),
    (
        "de",
        "Im BioRose e. V. sind 124 Akteure eingebunden, darunter 49 KMU, zehn Großunternehmen sowie 14 Forschungseinrichtungen.",
        {
            ("members", "total", "BioRose e. V.", "124"),
            ("members", "sme", "BioRose e. V.", "49"),
            ("members", "large", "BioRose e. V.", "10"),
            ("members", "research", "BioRose e. V.", "14"),
        },
    ),
    ("de", "Die Geschäftsstelle von BioRose beschäftigt sechs Personen.", {("staff", "", "BioRose", "6")}),
    ("de", "Das Management von BioRose ist ein Team aus acht Köpfen.", {("staff", "", "BioRose", "8")}),
    ("de", "Die Branche sichert in der Region 23.000 Arbeitsplätze.", {("jobs", "total", None, "23000")}),
    ("de", "Die Wertschöpfung von BioRose lag 2021 bei 6,2 Mrd. Euro.", {("value_added", "total", "BioRose", "6200000000")}),
    ("de", "Die Geschäfte führt seit dem 1. April 2018 Dr. Ada Muster.", {("role", "Geschäfte", None, "Ada Muster")}),
    ("de", "Geschäftsführer ist Arne Muster.", {("role", "Geschäftsführer", None, "Arne Muster")}),
    ("de", "Das Labor wird von Hanna Muster geleitet.", {("role", "geleitet", None, "Hanna Muster")}),
    ("de", "Die Leitung liegt bei Dr. Tom Muster vom Klinikum.", {("role", "Leitung", None, "Tom Muster")}),
    ("de", "Auf LinkedIn folgen dem Cluster 6.900 Personen.", {("followers", "LinkedIn", None, "6900")}),
    ("en", "More than 6,900 people follow BioRose on LinkedIn.", {("followers", "LinkedIn", "BioRose", "6900")}),
    ("en", "Managing director is Ada Muster.", {("role", "director", None, "Ada Muster")}),
    ("en", "The laboratory is headed by Dr. Tom Muster.", {("role", "headed", None, "Tom Muster")}),
    ("de", "Das Projekt OncoNet wird vom BMBF mit 2 Mio. Euro gefördert.", {("funding", "BMBF", "OncoNet", "2000000")}),
    (
        "de",
        "BioRose nennt 1 Million Euro GO-BIO-Förderung für Ute Lang im Projekt xRose.",
        {("funding", "GO-BIO", "xRose", "1000000")},
    ),
    ("de", "BioRose ist auf LinkedIn (651 Follower) aktiv.", {("followers", "LinkedIn", "BioRose", "651")}),
    ("de", "Prof. Dr. Karl Weber leitet das Projekt OncoNet.", {("lead", "", "OncoNet", "Karl Weber")}),
    (
        "de",
        "Das Projekt OncoNet wird von Prof. Karl Weber und Dr. Eva Lang geleitet.",
        {("lead", "", "OncoNet", "Karl Weber"), ("lead", "", "OncoNet", "Eva Lang")},
    ),
    ("de", "Geschäftsführerin der RoseTec GmbH ist Dr. Ute Lang.", {("role", "Geschäftsführerin", "RoseTec GmbH", "Ute Lang")}),
    ("de", "Ute Lang, Sprecherin von BioRose, war da.", {("role", "Sprecherin", "BioRose", "Ute Lang")}),
    ("de", "Minister Dr. Karl Weber eröffnete.", {("role", "Minister", "", "Karl Weber")}),
    ("de", "Der Rosentag findet am 14. Mai 2025 in Ulm statt.", {("event", "", "Der Rosentag", "2025-05-14")}),
    ("de", "Am 12. Juni 2024 findet in Jena das Rosenforum statt.", {("event", "", "das Rosenforum", "2024-06-12")}),
    ("de", "BioRose will bis 2028 insgesamt 50 Fachkräfte ausbilden.", {("target", "Fachkräfte ausbilden", "BioRose", "50")}),
    ("de", "Für xRose verzeichnet der Bericht 5 Patente.", {("patents", "", "xRose", "5")}),
    ("en", "BioRose was founded in 1997.", {("founded", "", "BioRose", "1997")}),
    ("en", "Founded in 1996, BioRose links many.", {("founded", "", "BioRose", "1996")}),
    ("en", "On 16 March 2023 RoseTec GmbH was founded as a spin-off of BioRose.", {("founded", "", "RoseTec GmbH", "2023-03-16")}),
    ("en", "BioRose has its seat in Jena.", {("seat", "", "BioRose", "Jena")}),
    ("en", "BioRose is headquartered in Jena.", {("seat", "", "BioRose", "Jena")}),
    ("en", "More than 240 actors belong to the association BioRose e. V.", {("members", "total", "BioRose e. V.", "240")}),
    (
        "en",
        "The cluster comprises 120 member companies, 15 universities and 8 hospitals.",
        {("members", "companies", None, "120"), ("members", "universities", None, "15"), ("members", "hospitals", None, "8")},
    ),
    ("en", "The management of BioRose employs six people.", {("staff", "", "BioRose", "6")}),
    ("en", "About 15,000 people work in the region's industry.", {("jobs", "total", None, "15000")}),
    ("en", "BioRose receives €40 million from the BMBF.", {("funding", "BMBF", "BioRose", "40000000")}),
    ("en", "BioRose has 165 followers on Twitter.", {("followers", "Twitter", "BioRose", "165")}),
    ("en", "The project OncoNet is led by Prof. Karl Weber.", {("lead", "", "OncoNet", "Karl Weber")}),
    ("en", "The managing director of BioRose is Dr. Ute Lang.", {("role", "managing director", "BioRose", "Ute Lang")}),
    ("en", "The rose day will take place on 14 May 2025 in Ulm.", {("event", "", "The rose day", "2025-05-14")}),
    ("en", "BioRose wants to hold 3 events by 2026.", {("target", "events", "BioRose", "3")}),
]  # fmt: skip

NOTHING: list[tuple[Language, str]] = [
    ("de", ""),
    ("de", "Die Zahl der Mitglieder ist nicht bekannt."),
    ("de", "Im Jahr 2019 kamen 14 neue Mitglieder hinzu."),
    ("de", "Hinweis: BioRose hat laut Abschnitt 2 120 Mitglieder."),
    ("de", "Widerspruch: BioRose wurde 1997 gegründet, nach Abschnitt 3 dagegen 1998."),
    ("de", "BioRose wurde nicht 1997 gegründet."),
    ("de", "Das Projekt startete am 1. Januar 2023."),
    ("de", "Der Markt wächst auf 36,9 Milliarden Dollar."),
    ("de", "Karl Weber soll Ute Lang als Sprecherin von BioRose ablösen."),
    ("en", "In 2019, 14 new members joined."),
    ("en", "In 2001 members of the board met twice."),
    ("en", "The company was not founded in 2001 but later."),
    ("en", "RoseTec raised 12.5 million dollars in a seed round."),
    ("en", "Figure 7: BioRose has 120 members."),
    ("en", "Karl Weber is to replace Ute Lang as speaker of BioRose."),
]


@pytest.mark.parametrize(("language", "sentence", "expected"), STATED, ids=[case[1][:50] for case in STATED])
def test_what_a_sentence_states(language: Language, sentence: str, expected: set[Stated]) -> None:
    found = statements(sentence, language)
    assert {(one.kind, one.attribute, one.subject, one.value) for one in found} == expected
    for one in found:
        assert one.written in sentence
        assert 0 <= one.start < one.end <= len(sentence)


@pytest.mark.parametrize(("language", "sentence"), NOTHING, ids=[case[1][:50] for case in NOTHING])
def test_what_states_nothing(language: Language, sentence: str) -> None:
    assert statements(sentence, language) == []


@pytest.mark.parametrize(
    ("sentence", "period"),
    [
        ("SaxoRose wird von 2021 bis 2024 mit 15 Millionen Euro gefördert.", "2021/2024"),
        (
            "SaxoRose wird mit je 15 Mio. Euro für die 1. (2021–2024) und 2. Phase (2024–2027) gefördert.",
            "2021/2024, 2024/2027",
        ),
        ("Im Jahr 2016 betrug die Wertschöpfung 4,3 Mrd. EUR.", "2016"),
        ("Die Wertschöpfung betrug 4,3 Mrd. EUR.", None),
        ("Im Verein, der 2009 gegründet wurde, sind 124 Akteure eingebunden.", None),
    ],
)
def test_the_period_is_the_one_stated(sentence: str, period: str | None) -> None:
    found = [one.period for one in statements(sentence, "de") if one.kind != "founded"]
    assert found == [period]


def test_names_that_a_document_knows_need_no_capital() -> None:
    sentence = "Platz 5: rosenau mit 9 Beschäftigten"
    assert [one.subject for one in statements(sentence, "de", Named(known_names({"rosenau": None})))] == ["rosenau"]
    assert [one.subject for one in statements(sentence, "de")] == [None]


def test_people_are_no_bodies() -> None:
    sentence = "Ute Lang sagt, im Netzwerk sind 30 Mitglieder."
    assert [one.subject for one in statements(sentence, "de", Named(people=frozenset({"Ute Lang"})))] == [None]


def test_the_introduction_of_a_list_lends_its_words_to_the_items() -> None:
    assert not statements("19 KMU und 4 Konzerne und 12 Universitäten", "de", lead="Es kamen zur Tagung:")[2:]
    found = statements("12 Universitäten", "de", lead="Zum Verein gehören:")
    assert [(one.attribute, one.value) for one in found] == [("universities", "12")]


def test_the_columns_of_a_table() -> None:
    header = "| Cluster | gegründet | Sitz | Beschäftigte | Akteure | KMU |"
    found = row_statements(header, "| BioRose (Ulm) | 2001 | Rostock | keine Angabe | über 124 | 49 |", "de")
    assert {(one.kind, one.attribute, one.subject, one.value, one.written) for one in found} == {
        ("founded", "", "BioRose", "2001", "2001"),
        ("seat", "", "BioRose", "Rostock", "Rostock"),
        ("members", "total", "BioRose", "124", "über 124"),
        ("members", "sme", "BioRose", "49", "49"),
    }


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("| a | b |", "| 1 | 2 | 3 |"),
        ("", "| BioRose | 2001 |"),
        ("| Cluster |", "| BioRose |"),
        ("| | gegründet |", "|  | 2001 |"),
    ],
)
def test_rows_that_do_not_fit_their_header_state_nothing(header: str, row: str) -> None:
    assert row_statements(header, row, "de") == []


def test_target_columns_are_about_the_first_cell() -> None:
    found = row_statements("Indikator\tZielwert\tStand", "Partner\t50\t36", "de")
    assert [(one.kind, one.attribute, one.subject, one.value) for one in found] == [
        ("target", "Partner", None, "50"),
        ("status", "Partner", None, "36"),
    ]


def test_every_pattern_of_the_file_has_a_value_and_a_kind() -> None:
    for language in ("de", "en"):
        for form in forms(language):
            assert "value" in form.match.groupindex
            assert form.kind in kinds()
    assert len(statement_file()["quantity"]) > 5


def test_what_is_too_long_is_no_sentence() -> None:
    sentence = "BioRose wurde 1997 gegründet."
    assert statements(sentence, "de")
    assert statements(sentence + " " * LONGEST, "de") == []


def test_patterns_look_only_so_far() -> None:
    """No gap without an end, so that the time grows with the sentence and not with its square."""
    for language in ("de", "en"):
        for form in forms(language):
            assert not re.search(r"(?:\.|\[\^[^\]]*\])[*+]", form.match.pattern), form.match.pattern
