"""What must be proven in a sentence, and what a quote proves."""

from __future__ import annotations

import pytest

from assistant.text.facts import facts, held
from assistant.types import Language


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "The port has 17 cranes.", {("figure", "17")}),
        ("en", "The port has seventeen cranes.", {("figure", "17")}),
        ("en", "One of them has two doors.", {("figure", "2")}),
        ("de", "Eine von ihnen hat fünfunddreißig Türen.", {("figure", "35")}),
        ("de", "Am 12. März 2024 kamen 1,5 Mio. Euro.", {("figure", "2024-03-12"), ("figure", "1500000")}),
        ("en", "It binds ROR2.", {("name", "ROR2"), ("digits", "2")}),
        ("en", "It binds x17.", {("digits", "17")}),
        ("en", "It takes ½ day.", {("digits", "½")}),
        ("en", "Ada Brandt leads.", {("name", "Ada Brandt")}),
        ("de", "Ada Brandt leitet den Hafen.", {("name", "Ada Brandt")}),
        ("en", "Novera leads the port.", {("word", "Novera")}),
        ("de", "Novera leitet den Hafen.", {("word", "Novera")}),
        ("en", "The port is led by Novera.", {("word", "Novera")}),
        ("de", "Den Hafen baute die Stadt mit Novera und Solvarex.", {("word", "Novera"), ("word", "Solvarex")}),
        ("en", "The port in Leipzig opens on Monday in May.", {("word", "Leipzig")}),
        ("de", "Der Hafen in Leipzig öffnet im Mai.", {("word", "Leipzig")}),
        ("de", "Die Leitung hat die Stadt.", set()),  # every German noun has a capital
        ("de", "Gefördert wird die Forschung in Höhe von vielen Euro.", set()),
        ("en", "Additionally, members pay. However, partners do not.", set()),
    ],
)
def test_figures_and_names_of_a_sentence(language: Language, sentence: str, expected: set[tuple[str, str]]) -> None:
    assert facts(sentence, language) == expected


@pytest.mark.parametrize(
    ("sentence", "quote", "expected"),
    [
        (("en", "It has 17 cranes."), ("en", "There are seventeen cranes."), True),
        (("en", "It has 17 cranes."), ("en", "There are 117 cranes."), False),
        (("en", "It has 3 cranes."), ("en", "It opened in March 2024."), False),  # a month is no count
        (("en", "It opened in March 2024."), ("de", "Eröffnet am 12.03.2024."), True),
        (("en", "It opened on 12 March."), ("de", "Eröffnet am 12.03.2024."), True),
        (("en", "It opened on 13 March 2024."), ("de", "Eröffnet am 12.03.2024."), False),
        (("en", "It costs 1.5 million."), ("de", "Kosten: 1.500.000 Euro"), True),
        (("en", "It costs 1.5 million."), ("de", "Kosten: 1.500 Euro"), False),
        (("en", "It binds x17."), ("en", "x17 is bound."), True),
        (("en", "It binds x17."), ("en", "x18 is bound."), False),
        (("en", "It binds ROR2."), ("en", "ROR3 is bound, ROR1 not."), False),
        (("de", "Er kommt aus Leipzig."), ("de", "Die Leipziger Firma baut."), True),
        (("de", "Er kommt aus Leipzig."), ("de", "Die Dresdner Firma baut."), False),
        (("en", "It is in Saxony."), ("de", "Der Sitz ist in Sachsen."), True),  # not told apart across languages
        (("en", "Ada Brandt leads."), ("de", "Es leitet Ada Brandt."), True),
        (("en", "Ida Brandt leads."), ("de", "Es leitet Ada Brandt."), False),
    ],
)
def test_what_a_quote_holds(sentence: tuple[Language, str], quote: tuple[Language, str], expected: bool) -> None:
    wanted = facts(sentence[1], sentence[0])
    assert wanted
    assert (held(wanted, sentence[0], quote[1], quote[0]) == wanted) is expected
