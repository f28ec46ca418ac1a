import pytest

from assistant.text.binding import belongs_elsewhere
from assistant.types import Language

LEADS = "Ulrike Berg leads the port and Otto Keller paints the tower."
FOLLOWERS = "SaxoCell has 651 followers on LinkedIn and 165 followers on Twitter."


@pytest.mark.parametrize(
    ("language", "sentence", "quoted", "quotes", "expected"),
    [
        ("en", "Otto Keller leads the port and Ulrike Berg paints the tower.", "en", [LEADS], True),
        ("en", "The port is led by Ulrike Berg.", "en", [LEADS], False),
        ("en", "Otto Keller paints the tower and Ulrike Berg leads the port.", "en", [LEADS], False),
        ("en", "SaxoCell has 165 followers on LinkedIn and 651 followers on Twitter.", "en", [FOLLOWERS], True),
        ("de", "SaxoCell hat 651 Follower auf LinkedIn und 165 auf Twitter.", "en", [FOLLOWERS], False),
        (
            "en",
            "Kleinhaven Bio was founded in 2008.",
            "en",
            ["The BioRN was founded in 2008.", "Kleinhaven Bio has 3 members."],
            True,
        ),
        (
            "en",
            "BioRN was founded in 2005.",
            "en",
            ["BioRN was founded in 2008.", "BioLAGO e. V. was founded in 2005."],
            True,
        ),
        (
            "en",
            "BioRN was founded in 2008 and has 17 members.",
            "en",
            ["BioRN was founded in 2008.", "BioRN has 17 members."],
            False,
        ),
    ],
)
def test_names_and_figures_in_the_wrong_place(
    language: Language, sentence: str, quoted: Language, quotes: list[str], expected: bool
) -> None:
    assert belongs_elsewhere(sentence, language, [(quote, quoted) for quote in quotes]) is expected
