from __future__ import annotations

from itertools import pairwise

import pytest

from assistant.errors import UnreadableFileError
from ingest.read.blocks import Reading
from ingest.read.pdf import read_pdf
from tests.ingest.make_pdf import Pdf, with_objects

LEFT = [
    "Der Hafen von Seebrück hat siebzehn Kräne.",
    "Der größte von ihnen hebt neunzig Tonnen",
    "und steht auf der Mole im Süden der Stadt.",
    "Er wurde von der Werft selbst errichtet.",
]
RIGHT = [
    "Die Fähren legen im Norden des Hafens an.",
    "Sie fahren im Sommer zwölfmal am Tag und",
    "im Winter nur zweimal, weil das Eis sie",
    "bremst und nur wenige Leute reisen wollen.",
]
WIDE = "Der Hafen ist der größte an dieser Küste und beschäftigt mehr als dreitausend Menschen aus der Stadt."


def check(reading: Reading) -> Reading:
    """What must hold for every reading: spans in order within the text, nothing at their ends, pages in order."""
    for block in reading.blocks:
        words = reading.text[block.span.start : block.span.end]
        assert words == words.strip()
        assert bool(words) == (block.kind != "break")
    assert all(a.span.end <= b.span.start for a, b in pairwise(reading.blocks))
    assert all(a.start <= b.start and a.number < b.number for a, b in pairwise(reading.pages))
    return reading


def blocks(pdf: Pdf) -> list[tuple[int, str, str]]:
    """Page, kind and words of every block, the ends of tables left out."""
    reading = check(read_pdf(pdf.data()))
    return [
        (
            max(page.number for page in reading.pages if page.start <= block.span.start),
            f"{block.kind}{block.level or ''}",
            reading.text[block.span.start : block.span.end],
        )
        for block in reading.blocks
        if block.kind != "break"
    ]


def kinds(pdf: Pdf) -> list[tuple[str, str]]:
    return [(kind, words) for _, kind, words in blocks(pdf)]


def test_columns_are_read_one_after_the_other() -> None:
    pdf = Pdf().lines(LEFT, 60, y=100).lines(RIGHT, 310, y=100)
    assert kinds(pdf) == [("paragraph", " ".join(LEFT)), ("paragraph", " ".join(RIGHT))]


def test_columns_written_line_by_line_are_still_columns() -> None:
    pdf = Pdf()
    for number, (left, right) in enumerate(zip(LEFT * 2, RIGHT * 2, strict=True)):
        pdf.line(left, 60, y=100 + 12 * number).line(right, 310, y=100 + 12 * number)
    assert [words for _, words in kinds(pdf)] == [" ".join(LEFT * 2), " ".join(RIGHT * 2)]


def test_columns_whose_lines_are_not_level() -> None:
    pdf = Pdf().lines(LEFT, 60, y=100).lines(RIGHT, 310, y=105)
    assert [words for _, words in kinds(pdf)] == [" ".join(LEFT), " ".join(RIGHT)]


def test_a_heading_over_the_columns_parts_them() -> None:
    pdf = Pdf().lines(LEFT, 60, y=100).lines(RIGHT, 310, y=100).heading("Zweiter Teil")
    y = pdf.y + 20
    pdf.lines(RIGHT, 60, y=y).lines(LEFT, 310, y=y).line(WIDE, y=pdf.y + 30)
    assert [words for _, words in kinds(pdf)] == [
        *(" ".join(lines) for lines in (LEFT, RIGHT)),
        "Zweiter Teil",
        *(" ".join(lines) for lines in (RIGHT, LEFT)),
        WIDE,
    ]


def test_running_heads_and_page_numbers_go_and_sentences_go_on_over_the_page() -> None:
    pdf = Pdf()
    parts = [("Der Turm", "hat mehr als"), ("hundert Stufen.", "Der Hafen ist"), ("tief.", "Alles ist gut.")]
    for number, (first, last) in enumerate(parts, 1):
        pdf.line("Strategie der Stadt Seebrück", y=40, size=8).lines([first, *LEFT, last], y=100)
        pdf.line(f"Seite {number}", 270, y=810, size=8)
        if number < len(parts):
            pdf.page()
    found = blocks(pdf)
    words = " ".join(words for _, _, words in found)
    assert "hat mehr als hundert Stufen." in words
    assert "Der Hafen ist tief." in words
    assert "Seite" not in words
    # it may be all that names the edition, so it stays once; but it heads nothing
    assert [(page, kind) for page, kind, words in found if "Strategie" in words] == [(1, "caption")]
    assert {page for page, _, _ in found} == {1, 2, 3}


@pytest.mark.parametrize("second", ["", "für die Stadt Seebrück"])
def test_headings_and_facts_at_the_edges_of_pages_are_read(second: str) -> None:
    costs = (5, 16, 27, 16, 49, 60)
    pdf = Pdf()
    for page, cost in enumerate(costs, 1):
        pdf.line(f"{page}. Maßnahme", y=50, size=18)
        if second:
            pdf.line(second, size=18)
        pdf.lines([*LEFT, *RIGHT, f"Dies gilt seit {1900 + page * page} für alle."], y=140)
        pdf.line("Strategie der Stadt", y=790).line(f"Kosten: {cost} Mio. Euro", y=810)
        if page < len(costs):
            pdf.page()
    found = blocks(pdf)
    titles = [(page, f"{page}. Maßnahme {second}".strip()) for page in range(1, 7)]
    assert [(page, words) for page, kind, words in found if kind == "heading1"] == titles
    facts = [(page, f"Kosten: {cost} Mio. Euro") for page, cost in enumerate(costs, 1)]
    assert [(page, words) for page, _, words in found if "Kosten" in words] == facts
    assert [page for page, _, words in found if "Strategie" in words] == [1]


def test_running_heads_with_the_page_go() -> None:
    pdf = Pdf()
    for page in range(1, 5):
        pdf.line(f"Strategie 2030 | {page + 4}", y=40).lines([*LEFT, f"Es sind {page * page} Kräne."], y=100)
        if page < 4:
            pdf.page()
    assert [words for _, _, words in blocks(pdf) if "Strategie" in words] == ["Strategie 2030 | 5"]


@pytest.mark.parametrize("places", [(60, 60), (60, 310)])
def test_an_ordinal_at_the_end_of_a_line_ends_no_sentence(places: tuple[int, int]) -> None:
    first, second = [*LEFT, "Der Umbau läuft bis 31."], ["Dezember 2025 und kostet viel Geld.", *RIGHT]
    pdf = Pdf().lines(first, places[0], y=100)
    pdf.lines(second, places[1], y=100 if places[0] != places[1] else pdf.y + 12)
    assert kinds(pdf) == [("paragraph", " ".join([*first, *second]))]


def test_a_page_turns_within_a_sentence_and_no_wrong_half_is_joined() -> None:
    broken = [*LEFT, "Dies geschieht in enger Abstimmung mit den"]
    rest = ["Ministerien der beiden Länder und wird umgesetzt."]
    whole = " ".join([*broken, *rest])
    pdf = Pdf().lines(broken, y=100).page().lines(rest, y=100).lines(RIGHT, y=200)
    pdf.page().lines(broken, y=100).page().lines(rest, y=100)
    assert [words for _, words in kinds(pdf)] == [whole, " ".join(RIGHT), whole]
    pdf = Pdf().lines(broken, y=100).page().lines(RIGHT, y=100)
    assert [words for _, words in kinds(pdf)] == [" ".join(broken), " ".join(RIGHT)]


def test_pages_are_numbered_from_one_and_empty_ones_count() -> None:
    pdf = Pdf().line("Erste Seite der Schrift.").page().page().line("Dritte Seite der Schrift.")
    assert [page for page, _, _ in blocks(pdf)] == [1, 3]


ROWS = [
    ("Indikator", "Zielwert", "Status"),
    ("Betriebe im Hafen", "120", "erreicht"),
    ("Umschlag", "4,5 Mio. t", "offen"),
]


def table(pdf: Pdf, rows: list[tuple[str, str, str]], step: float = 12) -> Pdf:
    for row in rows:
        pdf.y += step
        for x, words in zip((60, 260, 400), row, strict=True):
            if words:
                pdf.line(words, x, y=pdf.y)
    return pdf


def test_cells_become_rows() -> None:
    pdf = table(Pdf().line(WIDE), ROWS, 16)
    assert kinds(pdf)[1:] == [("row", f"| {' | '.join(row)} |") for row in ROWS]


@pytest.mark.parametrize("ruled", [True, False])
def test_cells_of_several_lines(ruled: bool) -> None:
    pdf = Pdf().line(WIDE).line(WIDE)
    pdf.y += 16
    for row in ROWS:
        table(pdf, [row], 18)
        table(pdf, [("", "", "nach der Zählung von 2023")])
        if ruled:
            pdf.rule(pdf.y + 5)
    expected = [f"| {a} | {b} | {c} nach der Zählung von 2023 |" for a, b, c in ROWS]
    assert [words for kind, words in kinds(pdf) if kind == "row"] == expected


def test_a_table_of_contents_is_no_table() -> None:
    pdf = Pdf().heading("Inhalt")
    for number, words in enumerate(["Einleitung", "Ziele der Strategie", "Ausblick"], 1):
        pdf.y += 14
        pdf.line(words, y=pdf.y).line(str(number * 7), 500, y=pdf.y)
    pdf.line("Anhang ..........................", y=pdf.y + 14).line("30", 500, y=pdf.y)
    entries = ["Einleitung 7", "Ziele der Strategie 14", "Ausblick 21", "Anhang … 30"]
    assert kinds(pdf)[1:] == [("item", words) for words in entries]


def test_headings_are_ranked_by_their_size() -> None:
    pdf = Pdf().heading("Hafenstrategie", 24).heading("Ziele").line(WIDE).heading("Kräne und Kaianlagen", 10).line(WIDE)
    pdf.heading("Ausblick").line(WIDE)
    assert [(kind, words) for kind, words in kinds(pdf) if kind != "paragraph"] == [
        ("heading1", "Hafenstrategie"),
        ("heading2", "Ziele"),
        ("heading3", "Kräne und Kaianlagen"),
        ("heading2", "Ausblick"),
    ]


def test_a_heading_of_two_lines_is_one() -> None:
    pdf = (
        Pdf()
        .line(WIDE)
        .line("Der Hafen der Zukunft in der", size=16, y=120)
        .line("Stadt Seebrück", size=16)
        .line(WIDE, y=170)
    )
    assert ("heading1", "Der Hafen der Zukunft in der Stadt Seebrück") in kinds(pdf)


@pytest.mark.parametrize("words", ["27", "4,5 %", "Hier steht ein großer Satz, der etwas länger ist als üblich."])
def test_large_figures_and_sentences_are_no_headings(words: str) -> None:
    pdf = Pdf().line(WIDE).line(WIDE).line(words, size=14, y=130).line(WIDE, y=160)
    assert ("paragraph", words) in kinds(pdf)


def test_footnotes_and_their_marks() -> None:
    pdf = Pdf().marked("Der Hafen hat siebzehn Kräne.", "12", " Er ist tief.").lines(LEFT)
    pdf.line("12", y=740, size=5).line("Vgl. Statistisches Amt, Hafenbericht 2022,", 68, y=743, size=7)
    pdf.line("Seite 14 und folgende.", y=752, size=7)
    found = kinds(pdf)
    assert ("footnote", "¹² Vgl. Statistisches Amt, Hafenbericht 2022, Seite 14 und folgende.") in found
    assert any(words.startswith("Der Hafen hat siebzehn Kräne.¹² Er ist tief.") for _, words in found)


def test_captions() -> None:
    pdf = (
        Pdf()
        .line(WIDE)
        .line("Abb. 3: Der Hafen aus der Luft,", y=120, size=8)
        .line("im Sommer 2023", size=8)
        .line(WIDE, y=160)
    )
    assert ("caption", "Abb. 3: Der Hafen aus der Luft, im Sommer 2023") in kinds(pdf)
    pdf = Pdf().line(WIDE).line("Abbildung 3 zeigt den Hafen aus der Luft.", y=120).line(WIDE, y=160)
    assert "caption" not in dict(kinds(pdf))


def test_bullets_stay_with_their_words() -> None:
    pdf = Pdf().line(WIDE)
    pdf.y += 10
    for words in ("Ausbau der Kaianlagen", "Förderung der Forschung", "Gemeinsame Lehrwerkstatt"):
        pdf.line("•", 70).line(words, 95, y=pdf.y)
    assert [words for kind, words in kinds(pdf) if kind == "item"] == [
        "Ausbau der Kaianlagen",
        "Förderung der Forschung",
        "Gemeinsame Lehrwerkstatt",
    ]


def test_letters_are_letters() -> None:
    pdf = Pdf().line(
        "Größe, Öl und Übermaß: ein \ufb01nanzieller \ufb02ie\xdfender Effekt, µ-Wellen, 25 €.", font="Vera"
    )
    assert kinds(pdf) == [("paragraph", "Größe, Öl und Übermaß: ein finanzieller fließender Effekt, µ-Wellen, 25 €.")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Die Stadt fördert die Wissen-", "schaften am Hafen."], "Die Stadt fördert die Wissenschaften am Hafen."),
        (["Die Stadt fördert die Wissen\xad", "schaften am Hafen."], "Die Stadt fördert die Wissenschaften am Hafen."),
        (["Die Stadt fördert die Wissen\xadschaften."], "Die Stadt fördert die Wissenschaften."),
        (["Es geht um die Achse Leipzig-", "Dresden und mehr."], "Es geht um die Achse Leipzig-Dresden und mehr."),
    ],
)
def test_words_broken_at_the_end_of_a_line(lines: list[str], expected: str) -> None:
    pdf = Pdf()
    for words in lines:
        pdf.line(words, font="Vera")
    assert kinds(pdf) == [("paragraph", expected)]


def test_wide_gaps_of_justified_lines_are_no_columns() -> None:
    pdf = Pdf()
    lines = ["Hafen Kräne Fähre Turme Küste", "Mauer Boote Segel Anker Taue.", "Moole Dünen Winde Wogen Ebbe."]
    for number, words in enumerate(lines):
        for place, word in enumerate(words.split()):
            pdf.line(word, 60 + 70 * place, y=100 + 12 * number)
    assert kinds(pdf) == [("paragraph", " ".join(lines))]


def test_turned_pages_and_turned_words() -> None:
    pdf = Pdf().lines(LEFT).turned("Tonnen im Jahr", 40, 400)
    assert kinds(pdf) == [("paragraph", " ".join(LEFT)), ("caption", "Tonnen im Jahr")]
    pdf = Pdf().turned("Diese Seite liegt quer.", 300, 400).rotate(90)
    assert kinds(pdf) == [("paragraph", "Diese Seite liegt quer.")]


def test_what_nobody_can_see_is_not_read() -> None:
    pdf = Pdf().line("Sichtbar ist dieser Satz.").line("Unsichtbar klein.", size=0.5).line("Daneben.", x=900)
    assert kinds(pdf) == [("paragraph", "Sichtbar ist dieser Satz.")]


@pytest.mark.parametrize(
    ("about", "title", "publisher"),
    [
        ({"title": "Hafenstrategie 2030", "author": "Stadt Seebrück"}, "Hafenstrategie 2030", "Stadt Seebrück"),
        ({"title": "Microsoft Word - entwurf.docx", "author": "Erika Muster"}, None, None),
        ({"title": "strategie_final.indd"}, None, None),
        ({"title": "untitled", "author": "anonymous"}, None, None),
    ],
)
def test_what_the_file_says_about_itself(about: dict[str, str], title: str | None, publisher: str | None) -> None:
    stated = read_pdf(Pdf(**about).line(WIDE).data()).stated
    assert (stated.title, stated.publisher, stated.date, stated.metadata_date) == (title, publisher, None, "2000-01-01")


CATALOGUE = "<< /Type /Catalog /Pages 2 0 R >>"
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
DEEP = [f"<< /Type /Pages /Kids [{number} 0 R] /Count 1 >>" for number in range(3, 5_003)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (Pdf(key="x").line("geheim").data(), "it is protected by a password."),
        (Pdf().lines(LEFT).data()[:300], "it is damaged."),
        (b"", "it is damaged."),
        (b"%PDF-1.7\n", "it is damaged."),
        (with_objects([CATALOGUE, f"<< /Type /Pages /Kids [{'3 0 R ' * 2001}] /Count 2001 >>", PAGE]), "2,001 pages"),
        (with_objects([CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 100000000 >>", PAGE]), "no text"),
        (with_objects([CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", PAGE], "/Prev 9"), "no text"),
        (with_objects([CATALOGUE, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 4 >>"]), "page 1 is damaged."),
        (with_objects([CATALOGUE, *DEEP]), "page 1 is damaged."),
    ],
    ids=["password", "cut off", "empty", "head only", "many pages", "count", "cross references", "cycle", "deep tree"],
)
def test_files_that_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=message):
        read_pdf(data)
