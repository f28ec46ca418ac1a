"""Which quotes prove a written sentence: few, near in words, in reading order."""

from __future__ import annotations

import pytest

from assistant.evidence import find_quotes
from assistant.types import Language, Passage
from tests.scripted import passage

PORT = passage(
    "port",
    "The port opened in 1907. Boats for 20 people leave at noon. The port was closed in 1907 by a storm."
    " Novera paid 5 million euros. Ada Brandt leads the port. The crane is red. Otto Keller paints boats.",
)
TURM = passage("turm", "Der Turm ist 41 Meter hoch. Der Bau begann im Mai 1907 mit Novera.")


def quotes(sentence: str, language: Language, *passages: Passage) -> list[str]:
    return [quote.text for quote in find_quotes(sentence, language, passages)]


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        # one unit holds it all
        ("en", "Novera paid 5,000,000 euros.", ["Novera paid 5 million euros."]),
        # of two that hold the figure the one nearer in words
        ("en", "A storm closed the port in 1907.", ["The port was closed in 1907 by a storm."]),
        ("en", "In 1907 the port was opened.", ["The port opened in 1907."]),
        # no figure and no name: the nearest in words
        ("en", "There is a red crane.", ["The crane is red."]),
        # neighbours are one quote, others are not
        (
            "en",
            "Novera paid 5 million euros and Ada Brandt leads.",
            ["Novera paid 5 million euros. Ada Brandt leads the port."],
        ),
        (
            "en",
            "Boats take 20 people and Otto Keller paints.",
            ["Boats for 20 people leave at noon.", "Otto Keller paints boats."],
        ),
        # nothing in common, nothing quoted
        ("en", "Everything is made of cheese.", []),
        # what no unit holds is not made up for
        ("en", "Novera paid 6 million euros.", ["Novera paid 5 million euros."]),
        # the other language: figures and names lead, not words
        ("de", "Novera zahlte 5 Millionen Euro.", ["Novera paid 5 million euros."]),
    ],
)
def test_the_fewest_and_nearest_units_are_quoted(language: Language, sentence: str, expected: list[str]) -> None:
    assert quotes(sentence, language, PORT) == expected


def test_a_unit_whose_facts_the_others_hold_is_left_out() -> None:
    text = "Old boats 2 and 3 lie here together. Boats 1 and 2 came. Boats 3 and 4 left."
    found = quotes("The old boats 1, 2, 3 and 4 lie here together.", "en", passage("boats", text))
    assert found == ["Boats 1 and 2 came. Boats 3 and 4 left."]


def test_many_places_of_a_passage_make_way_for_one_quote() -> None:
    text = "Boat 1 is old. So it is. Boat 2 is new. So it was. Boat 3 is red. So be it. Boat 4 is blue."
    boats = passage("boats", f"Boats are listed. {text} That is all.")
    assert len(quotes("The boats 1, 2 and 3.", "en", boats)) == 3
    assert quotes("The boats 1, 2, 3 and 4.", "en", boats) == [text]


def test_quotes_come_from_every_passage_that_is_needed_and_from_no_other() -> None:
    assert quotes("Novera paid 5 million euros for 41 metres.", "en", PORT, TURM) == [
        "Novera paid 5 million euros.",
        "Der Turm ist 41 Meter hoch.",
    ]
    assert quotes("Novera paid 5 million euros.", "en", TURM, PORT) == ["Novera paid 5 million euros."]
    assert quotes("Novera paid 5 million euros.", "en") == []


def test_a_sentence_of_another_language_without_facts_rests_on_what_the_search_found() -> None:
    assert len(quotes("It is very tall.", "en", TURM)) == 1
