"""The check every answer passes."""

from __future__ import annotations

import pytest

from assistant.support import supported
from assistant.types import Claim, Language, Quote
from tests.scripted import passage

ONE = passage("one", "Ulrike Berg leads the port with 17 cranes.")
TWO = passage("two", "Otto Keller paid 1.500 euros.")
ZWEI = passage("zwei", "Otto Keller zahlte 1.500 Euro für den Turm.")


@pytest.mark.parametrize(
    ("language", "text", "passages", "expected"),
    [
        ("en", "Ulrike Berg has 17 cranes.", [ONE], True),
        ("en", "Ulrike Berg has 17 cranes.", [], False),
        ("en", "It is so.", [], False),
        ("en", "Ulrike Berg has 18 cranes.", [ONE], False),
        ("en", "Otto Keller and 17 cranes.", [ONE, ZWEI], True),
        ("en", "Ulrike Keller has 17 cranes.", [ONE, ZWEI], False),  # a name is in one quote, not in two halves
        ("de", "Otto Keller zahlte 1500 Euro.", [ZWEI], True),
        ("de", "Otto Keller zahlte 1.500 Euro.", [ZWEI], True),
        ("en", "Otto Keller paid 1,500 euros.", [ZWEI], True),
        ("en", "Otto Keller paid 1.500 euros.", [ZWEI], False),  # in English one and a half
        ("en", "Otto Keller paid 1.5 euros.", [TWO], True),
    ],
)
def test_figures_and_names_must_stand_in_a_quote(
    language: Language, text: str, passages: list[object], expected: bool
) -> None:
    quotes = tuple(Quote(one, one.units[0].span) for one in (ONE, TWO, ZWEI) if one in passages)
    assert supported(Claim(text, quotes, verbatim=False), language) is expected


def test_a_verbatim_claim_proves_itself() -> None:
    assert supported(Claim("17 cranes", (), verbatim=True), "en")
