"""Which words of a question name, and what it asks without them."""

from __future__ import annotations

import pytest

from assistant.text.topics import asked_names, without_names
from assistant.types import Language

NAMED: list[tuple[Language, str, list[str]]] = [
    ("de", "Wer ist CFO bei BioRose?", ["BioRose"]),
    ("de", "Wie viele LinkedIn-Follower hat BioRose?", ["LinkedIn", "BioRose"]),
    ("de", "Bis wann laufen die FermX-Gutscheine?", ["FermX"]),
    ("de", "Wem gehört die BioRose Lindtal GmbH?", ["BioRose", "Lindtal"]),
    ("de", "Was zahlt Sachsen für BioRose?", ["Sachsen", "BioRose"]),
    ("de", "Mitglieder, Vorstand und Personal?", []),
    ("en", "What rate applies to SMEs in the IFR call?", ["IFR"]),
    ("en", "Who chairs the Scientific Advisory Board of BioRose?", ["BioRose"]),
    ("en", "Who leads Life Science Nord?", ["Life", "Science", "Nord"]),
    ("en", "How many members are there?", []),
]


@pytest.mark.parametrize(("language", "question", "names"), NAMED)
def test_names_are_told_from_what_is_asked(language: Language, question: str, names: list[str]) -> None:
    assert asked_names(question, language) == names


@pytest.mark.parametrize(
    ("language", "question", "rest"),
    [
        ("de", "Wie viele Mitglieder hat BioRose?", "Wie viele Mitglieder hat ?"),
        ("en", "Who leads BioRose?", "Who leads ?"),
        ("en", "Who leads it?", "Who leads it?"),
        ("en", "BioRose", "BioRose"),
    ],
)
def test_the_rest_is_asked_without_the_names(language: Language, question: str, rest: str) -> None:
    assert without_names(question, language) == rest
