import pytest

from ingest.read.blocks import LABEL_LEVEL
from ingest.read.plain import read_plain

AFTER = "\n\nDer Absatz danach ist ein ganzer Satz."


def blocks(text: str) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, text[b.span.start : b.span.end]) for b in read_plain(text).blocks]


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("3 Strategie", 1),
        ("3.1 Ziele der Strategie", 2),
        ("3.1.2. Maßnahmen", 3),
        ("# Titel", 1),
        ("## **Fett**", 2),
        ("ZUSAMMENFASSUNG", 1),
        ("Organisation und Steuerung", LABEL_LEVEL),
        ("  Eingerückt  ", LABEL_LEVEL),
    ],
)
def test_a_line_that_looks_like_a_heading_is_one(words: str, level: int) -> None:
    (kind, found, text), rest = blocks(words + AFTER)
    assert (kind, found) == ("heading", level)
    assert text == words.strip("#* ")
    assert rest[0] == "paragraph"


@pytest.mark.parametrize(
    "words",
    [
        "Ein Satz mit Punkt.",
        "Es gibt drei Ziele:",
        "klein geschrieben",
        "Die Zeile endet mit und",
        "Eine Zeile mit sehr vielen Wörtern ist keine Überschrift mehr",
        "Abb. 3 Überblick",
        "Tabelle 1 Zahlen",
        "3 " + "Wort " * 40,
        "3 Ziele und Maßnahmen,",
        "X " * 4_000,
    ],
)
def test_other_lines_are_text(words: str) -> None:
    assert blocks(words + AFTER)[0][:2] == ("paragraph", 0)


def test_the_last_line_heads_nothing() -> None:
    assert blocks("Organisation") == [("paragraph", 0, "Organisation")]


def test_a_lone_list_item_is_the_heading_of_the_paragraph_after_it() -> None:
    assert blocks("- Forschung" + AFTER)[0] == ("heading", LABEL_LEVEL, "Forschung")
    assert blocks("a) Forschung" + AFTER)[0] == ("heading", LABEL_LEVEL, "Forschung")


@pytest.mark.parametrize("after", ["\n\n- Transfer", "\n\n1. Transfer"])
def test_a_list_item_before_another_is_an_item(after: str) -> None:
    assert [kind for kind, *_ in blocks("- Forschung" + after)] == ["item", "item"]


def test_a_list_item_that_is_a_sentence_is_an_item() -> None:
    assert blocks("- Wir forschen." + AFTER)[0] == ("item", 0, "Wir forschen.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Name\tOrt\nBioRN\tHeidelberg", ["Name\tOrt", "BioRN\tHeidelberg"]),
        ("| Name | Ort |\n| BioRN | Heidelberg |", ["| Name | Ort |", "| BioRN | Heidelberg |"]),
        ("Name | Ort", ["Name | Ort"]),
    ],
)
def test_rows(text: str, expected: list[str]) -> None:
    assert blocks(text + AFTER)[:-1] == [("row", 0, row) for row in expected]


def test_plain_text_says_nothing_about_itself() -> None:
    reading = read_plain("# Titel\n\nText.")
    assert (reading.title, reading.publisher, reading.date, reading.language) == (None, None, None, None)


def test_front_matter_is_markdowns() -> None:
    assert blocks("---\ntitle: x\n---\nText.")[0][0] == "paragraph"
