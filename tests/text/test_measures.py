import pytest

from assistant.text.measures import measures, other_measure
from assistant.types import Language


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("36,9 Prozent von 5 Mio. Euro", "de", [("36.9", "percent"), ("5000000", "euro")]),
        ("€1.6 million in three years", "en", [("1600000", "euro"), ("3", "year")]),
        ("15-Millionen-Euro-Förderung", "de", [("15000000", "euro")]),
        ("17 cranes", "en", [("17", None)]),
    ],
)
def test_figures_with_their_units(text: str, language: Language, expected: list[tuple[str, str | None]]) -> None:
    assert list(measures(text, language)) == expected


@pytest.mark.parametrize(
    ("sentence", "quote", "expected"),
    [
        ("It takes 7 weeks.", "It takes 7 days.", True),
        ("It takes 12 days.", "It was cut from 12 to 7 days.", False),
        ("It takes 12 weeks.", "It was cut from 12 to 7 days.", True),
        ("It is 40 percent.", "Hamburg holds 40 %.", False),
        ("It is 40 euros.", "Hamburg holds 40 %.", True),
        ("It takes 9 weeks.", "It takes 7 days.", False),  # what is not stated at all is for others to see
    ],
)
def test_another_unit(sentence: str, quote: str, expected: bool) -> None:
    assert other_measure(sentence, "en", quote, "en") is expected
