"""Names of bodies: in a text, in a heading, and whether two mean the same one."""

from __future__ import annotations

import pytest

from assistant.text.bodies import (
    KnownBodies,
    KnownForms,
    Named,
    bodies,
    heading_names,
    is_generic,
    known_names,
    same_body,
)

LONG_FORMS = KnownForms({"LRN": "Life Rose Nord"})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Die Clusterinitiative BioRose e. V. und BIO.ULM sind im Verein.", ["BioRose e. V.", "BIO.ULM"]),
        ("Das Projekt CAR-NK4.0 der TU Ulm", ["CAR-NK4.0", "TU Ulm"]),
        ("Im Bio RN Network e.V. engagieren sich viele.", ["Bio RN Network e.V."]),
        ("Die Clustermanagement-Organisation hat KMU in der Region.", []),
        ("Mitte November 2022 kam Wirtschaftsministerin Ute Lang.", []),
        ("Die EU-Förderung und 20 Großunternehmen", []),
    ],
)
def test_the_bodies_a_text_names(text: str, names: list[str]) -> None:
    found = bodies(text, Named())
    assert [body.name for body in found] == names
    assert all(text[body.start : body.end] == body.name for body in found)


def test_a_known_name_is_found_in_any_spelling_but_not_in_a_compound() -> None:
    named = Named(known_names({"rosenau": None}))
    assert [body.name for body in bodies("ROSENAU und Rosenau, nicht Rosenau-Bericht", named)] == ["ROSENAU", "Rosenau"]
    assert [body.name for body in bodies("Die Rosenau Management GmbH", named)] == ["Rosenau Management GmbH"]


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("BIO^M – MÜNCHNER BIOTECH CLUSTER", ["BIO^M", "MÜNCHNER BIOTECH"]),
        ("BIOROSE E. V.", ["BIOROSE"]),
        ("rosenau: Gründung und Sitz", ["rosenau"]),
        ("Medical Valley: Mitglieder nach Arten", ["Medical Valley"]),
        ("1.8 Innovationstreibende", []),
        ("Wie viele Mitglieder hat der Verein?", []),
        ("Überblick", []),
    ],
)
def test_the_names_a_heading_consists_of(heading: str, names: list[str]) -> None:
    assert heading_names(heading) == names


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("BioRN", "Bio RN e. V.", True),
        ("BioRN", "Bio RN Network e.V.", True),
        ("Bio^M", "BioM", True),
        ("Bio^M", "Bio^M (München)", True),
        ("Medical Valley", "Medical Valley Europäische Metropolregion Nürnberg", True),
        ("LRN", "Life Rose Nord e. V.", True),
        ("Life Rose Nord", "lrn", True),
        ("Föhrcluster", "Fohrcluster", True),
        ("BioM", "BioMarin", False),
        ("BioRN", "BioRegio", False),
        ("Life", "Life Rose Nord", False),
    ],
)
def test_two_names_of_one_body(one: str, other: str, same: bool) -> None:
    assert same_body(one, other, LONG_FORMS) is same
    assert same_body(other, one, LONG_FORMS) is same


def test_generic_words_are_no_names() -> None:
    assert is_generic("Verein")
    assert not is_generic("BioRose")


NAMES = [
    "BioRN", "Bio RN Network e.V.", "Life Rose Nord", "LRN", "LRN ACADEMY", "Life Rose Nord e. V.", "Bio^M", "BioM",
    "BioMarin", "Medical Valley", "Medical Valley Europäische Metropolregion Nürnberg", "Life", "Föhrcluster", "",
]  # fmt: skip


@pytest.mark.parametrize("name", [*NAMES, "Fohrcluster", "lrn", "Unknown"])
def test_known_bodies_are_found_as_if_each_had_been_compared(name: str) -> None:
    known = KnownBodies(NAMES, LONG_FORMS)
    assert known.same(name) == sorted(other for other in NAMES if same_body(name, other, LONG_FORMS))


def test_known_bodies_by_a_whole_name_or_its_beginning() -> None:
    known = KnownBodies(NAMES, LONG_FORMS)
    assert known.named(["biorn"]) == ["BioRN", "Bio RN Network e.V."]
    assert known.named(["lifero", "nobody"]) == []
    assert known.beginning(["life"], range(1, 3)) == ["Life Rose Nord", "Life Rose Nord e. V."]
    assert known.beginning(["life"], range(2, 3)) == []
