import pytest

from ingest.read.blocks import LABEL_LEVEL, Stated
from ingest.read.plain import read_plain

BEFORE = "Vorher steht ein Satz.\n\n"
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
        ("3.12 " + "Wesentliche Neuerungen und Dienste " * 4, 2),
        ("1. " + "STEIGERUNG DER SICHTBARKEIT DES HAFENS " * 3, 1),
        ("Organisation und Steuerung", LABEL_LEVEL),
        ("  Eingerückt  ", LABEL_LEVEL),
        ("HAFENVEREIN E. V.", 1),
    ],
)
def test_a_line_that_looks_like_a_heading_is_one(words: str, level: int) -> None:
    before, (kind, found, text), rest = blocks(BEFORE + words + AFTER)
    assert (kind, found) == ("heading", level)
    assert text == words.strip("#* ")
    assert before[0] == rest[0] == "paragraph"


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
        "Prof. Dr. Ada Lovelace",
        "Hafen Management GmbH",
        "Kaistraße 12",
        "20457 Hamburg",
        "Tel. 040 1234",
        "info@hafen.example",
        "Hamburg, Februar 2019",
        "Quelle: Hafenamt (2019)",
        "LSN",
        "Schulungen: ein Zentrum mit Kursen und Prüfungen für die ganze Stadt",
    ],
)
def test_other_lines_are_text(words: str) -> None:
    assert blocks(BEFORE + words + AFTER)[1][0] in ("paragraph", "caption")


@pytest.mark.parametrize("words", ["ANZEIGE", "Menü", "Newsletter"])
def test_what_belongs_to_the_web_page_is_not_read(words: str) -> None:
    assert [kind for kind, *_ in blocks(BEFORE + words + AFTER)] == ["paragraph", "paragraph"]


def test_entries_of_a_list_of_names_are_no_headings() -> None:
    names = "Startseite\n\nKontakt\n\nLageplan\n\nHafen\n\nAda Lovelace\n\nKran"
    assert [kind for kind, *_ in blocks(BEFORE + names)] == ["paragraph"] * 6


def test_a_label_over_a_value_is_a_heading() -> None:
    assert blocks(BEFORE + "Berichtszeitraum\n\n1.10.2022 – 30.9.2023")[1][:2] == ("heading", LABEL_LEVEL)


@pytest.mark.parametrize(
    "words", ["Hafenbericht", "Der Hafen in Zahlen und was er für die Stadt heißt", "Ziele des Hafens"]
)
def test_the_first_line_is_the_title(words: str) -> None:
    assert blocks(f"{words}\n\nHafen")[0] == ("heading", 1, words)


def test_a_line_that_a_list_goes_on_with_is_no_heading() -> None:
    after = "\n\n› mehr Schiffe zählen,\n\n› mehr Kräne bauen."
    assert blocks(f"{BEFORE}Gleichzeitig sollte der Hafen{after}")[1][0] == "paragraph"
    assert blocks(f"{BEFORE}Ziele des Hafens\n\n› Mehr Schiffe.\n\n› Mehr Kräne.")[1][0] == "heading"


def test_the_last_line_heads_nothing() -> None:
    assert blocks("Organisation") == [("paragraph", 0, "Organisation")]


def test_a_lone_list_item_is_the_heading_of_the_paragraph_after_it() -> None:
    assert blocks("- Forschung" + AFTER)[0][1:] == (1, "Forschung")  # here it is the title
    assert blocks(BEFORE + "- Forschung" + AFTER)[1] == ("heading", LABEL_LEVEL, "Forschung")
    assert blocks(BEFORE + "a) Forschung" + AFTER)[1] == ("heading", LABEL_LEVEL, "Forschung")


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
    assert read_plain("# Titel\n\nText.").stated == Stated()


UNDAMAGED = """Der Hafen in Zahlen

Der Hafen hat 17 Kräne - der größte hebt 90 Tonnen. Zell- und Gentherapie, CAR-T und
Start-ups gibt es hier nicht.

* 1907 erbaut
* 1990 erweitert

Ansprechpartner

Ada Lovelace
Telefon 040 1234

neueste Meldungen
"""


@pytest.mark.parametrize("text", [UNDAMAGED, UNDAMAGED.replace("\n", "\r\n"), "", "x", "**Fett** und \\$"])
def test_undamaged_text_stays_as_it_is(text: str) -> None:
    assert read_plain(text).text == text


@pytest.mark.parametrize(
    "damage",
    [
        "För-\nderung",
        "Medikamenten-kandidaten für Kandidaten",
        "Seite 3 von 4",
        "Ein Satz, der irgendwo in der Mitte der Zeile\n\nabbricht und weitergeht.",
    ],
)
def test_damaged_text_is_mended(damage: str) -> None:
    reading = read_plain(f"{UNDAMAGED}\n{damage}\n")
    assert damage not in reading.text
    assert "der größte hebt 90 Tonnen" in reading.text


def test_form_feeds_end_pages() -> None:
    reading = read_plain("Der erste Satz.\fDer zweite Satz.\f\fDer dritte Satz.")
    assert [page.number for page in reading.pages] == [1, 2, 4]
    assert "\f" not in reading.text


def test_hidden_characters_are_gone() -> None:
    assert read_plain("Ein\u200b Wort\u202e.").text == "Ein Wort."


def test_front_matter_is_markdowns() -> None:
    assert blocks("---\ntitle: x\n---\nText.")[0][0] == "paragraph"


FACT_SHEET = """Laufzeit            01.10.2023 bis 30.09.2026
Zuwendungsgeber     Ministerium für Häfen und
                    Leuchttürme
Gesamtvolumen       4,86 Mio. Euro"""
TABLE = """Partner             Aufgabe        Zuwendung
------------------------------------------------
Kranwerk GmbH       Gerät          1.120.000 €
Institut am Hafen   Spektren         835.000 €"""


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            FACT_SHEET,
            [
                "Laufzeit            01.10.2023 bis 30.09.2026",
                "Zuwendungsgeber     Ministerium für Häfen und\n                    Leuchttürme",
                "Gesamtvolumen       4,86 Mio. Euro",
            ],
        ),
        (TABLE, [line for line in TABLE.splitlines() if "-" not in line]),
    ],
)
def test_a_table_set_with_blanks_has_rows(text: str, rows: list[str]) -> None:
    assert [(kind, words) for kind, _, words in blocks(BEFORE + text + AFTER)[1:-1]] == [("row", row) for row in rows]


@pytest.mark.parametrize("text", ["Der Kran   steht still.", "- eins   zwei\n- drei   vier"])
def test_blanks_alone_make_no_table(text: str) -> None:
    assert not [kind for kind, _, _ in blocks(BEFORE + text + AFTER) if kind == "row"]
