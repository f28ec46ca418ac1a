import pytest

from assistant.text.abbreviations import explained_abbreviations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zell- und Gentherapeutika (ZGT) helfen.", {"ZGT": "Zell- und Gentherapeutika"}),
        ("Das Cluster Life Science Nord (LSN) wächst.", {"LSN": "Life Science Nord"}),
        ("the National Institutes of Health (NIH)", {"NIH": "National Institutes of Health"}),
        ("Österreichische Bundesbahnen (ÖBB)", {"ÖBB": "Österreichische Bundesbahnen"}),
        ("Research and Development (R&D)", {"R&D": "Research and Development"}),
        # the first explanation counts, and several may stand in a text
        (
            "Life Science Nord (LSN) und Freie Hansestadt Bremen (FHB), dann Lange Straße Nummer (LSN).",
            {"LSN": "Life Science Nord", "FHB": "Freie Hansestadt Bremen"},
        ),
        ("ZGT (Zell- und Gentherapeutika) helfen.", {"ZGT": "Zell- und Gentherapeutika"}),
        ("LSN (das Cluster im Norden) wächst.", {}),  # said of it, but not its long form
        # no explanation
        ("Das Cluster (LSN) wächst.", {}),
        ("Siehe oben (Abb).", {}),
        ("Er kam (Nein).", {}),
        ("Science (S)", {}),
        ("Life. Science, Nord (LSN)", {}),  # not in one clause
        ("Biotechnologie (BT)", {}),  # one word
        ("(LSN)", {}),
        ("Life Science Nord (LSN", {}),
        ("", {}),
    ],
)
def test_abbreviations_that_a_text_explains(text: str, expected: dict[str, str]) -> None:
    assert explained_abbreviations(text) == expected


@pytest.mark.parametrize("piece", ["a", "A", "(", "(A", " ", "\n", "A-", ".", "A (", "ab ", "(AB)"])
def test_a_very_long_text_comes_back(piece: str) -> None:
    assert explained_abbreviations(piece * (100_000 // len(piece))) == {}


def test_a_long_word_before_the_brackets_is_no_long_form() -> None:
    assert explained_abbreviations("l" * 100_000 + " (LSN)") == {}
