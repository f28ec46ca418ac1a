"""The damages that texts out of PDFs come with, each with a small example.

Found by reading strategy brochures and reports as their text arrived: running heads and page numbers between the lines,
also in the middle of a table; sentences, list items and words broken by a page, by a figure with its caption, by
footnotes, by a heading from the margin or by a quotation set large; columns around figures read in the wrong order; rows
whose end stands on the next page, with fewer columns there; hyphens of former line ends inside words and blanks behind
real hyphens; footnotes away from their mark; captions among the running text; lists of figures with page, label and title
on lines of their own; bullets of two kinds before one item; signs of Markdown, ornaments and rules; advertisements.
"""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import TextLine, compose_lines
from ingest.clean.lines import lines_of_text
from ingest.read.blocks import LABEL_LEVEL, Reading
from ingest.read.plain import read_plain

LONG = "Der Hafen hat seit dem Umbau im letzten Jahr deutlich mehr Schiffe abgefertigt und plant"
NOUN = "Ministerien der beiden Länder am Meer wird diese Planung zügig umgesetzt."
END = "Dieser Absatz steht weiter unten und hat mit dem ersten nichts zu tun."


def shown(reading: Reading) -> list[tuple[str, str]]:
    return [(block.kind, reading.text[block.span.start : block.span.end]) for block in reading.blocks]


def composed(text: str) -> list[tuple[str, str]]:
    return shown(compose_lines(lines_of_text([text])))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{LONG}\n\nim Herbst mehr.", [("paragraph", f"{LONG} im Herbst mehr.")]),
        (f"{LONG} für die\n\nFischer Neues.", [("paragraph", f"{LONG} für die Fischer Neues.")]),
        (f"{LONG} die große\n\n{NOUN}", [("paragraph", f"{LONG} die große {NOUN}")]),
        (f"{LONG} mit den\n\n{NOUN}\n\n{END}", [("paragraph", f"{LONG} mit den {NOUN}"), ("paragraph", END)]),
        (f"{LONG} dies bis zum 31.\n\nDezember 2025.", [("paragraph", f"{LONG} dies bis zum 31. Dezember 2025.")]),
        (f"{LONG} bis zum 3.\n\nordentlichen Rat.", [("paragraph", f"{LONG} bis zum 3. ordentlichen Rat.")]),
        (
            f"{END} {LONG} zwischen\n\n{END}\n\n{NOUN}",
            [("paragraph", f"{END} {LONG} zwischen {NOUN}"), ("caption", END)],
        ),
        (
            f"{NOUN}\n\n{LONG} mit den\n\n{NOUN}\n\nhier genannten Fischern mehr.",
            [("paragraph", NOUN), ("paragraph", f"{LONG} mit den hier genannten Fischern mehr."), ("caption", NOUN)],
        ),
        (f"{LONG} mehr Sicht-\n\nbarkeit.", [("paragraph", f"{LONG} mehr Sichtbarkeit.")]),
        (f"{LONG} mehr LNG-\n\nTerminals.", [("paragraph", f"{LONG} mehr LNG-Terminals.")]),
        (
            f"{LONG} den Bau des\n\nAbb. 1: Der Hafen von oben\n\nLeuchtturms.",
            [("paragraph", f"{LONG} den Bau des Leuchtturms."), ("caption", "Abb. 1: Der Hafen von oben")],
        ),
        (
            f"{LONG}¹ als\n\n¹ So der Senat.\n\nneue Linie mehr.",
            [("paragraph", f"{LONG}¹ als neue Linie mehr."), ("footnote", "¹ So der Senat.")],
        ),
        (
            f"{LONG} weitere The-\n\nZIEL 2: HAFEN\n\nmen für alle.\n\n{END}",
            [("paragraph", f"{LONG} weitere Themen für alle."), ("heading", "ZIEL 2: HAFEN"), ("paragraph", END)],
        ),
        (
            f"{END} {LONG} zwischen\n\n{END}\n\nBremen und Kiel mehr.",
            [("paragraph", f"{END} {LONG} zwischen Bremen und Kiel mehr."), ("caption", END)],
        ),
        (
            "Ziele sind:\n\n- mehr Schiffe im Hafen und auf dem Fluss im Umgang\n---\n\nmit den Folgen der Flut\n\n- mehr Kräne",
            [("paragraph", "Ziele sind:"), ("item", "mehr Schiffe im Hafen und auf dem Fluss im Umgang mit den Folgen der Flut"),
             ("item", "mehr Kräne")],
        ),
    ],
)  # fmt: skip
def test_broken_sentences_are_whole(text: str, expected: list[tuple[str, str]]) -> None:
    assert composed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"{END}\n\nund weiter geht es hier mit kleinem Anfang.",  # the first is complete
        "Kontakt: Hafenamt\n\nalle Angaben ohne Gewähr, Stand heute und hier.",  # a label
        f"{LONG} 2030\n\n{END}",
        f"{LONG} gebaut werden\n\n{END}",
        f"{LONG} gebaut\n\n{END}",
        f"Es gilt:\n\n{END}",
        f"{LONG} die große\n\n{END}",  # "Dieser" begins a sentence
        f"{LONG} mit den\n\n{END}",
        f"{LONG} im Kapitel 3.\n\nFischer fahren im Winter hinaus.",
    ],
)
def test_what_may_be_complete_is_left_apart(text: str) -> None:
    assert len(composed(text)) == 2


def test_the_next_paragraph_goes_on_though_the_document_has_it_twice() -> None:
    broken = f"{LONG} mit den\n\n{NOUN}\n\n{END}"
    later = "Fischer aus dem Norden legen auch in diesem Jahr wieder ab."
    whole = [("paragraph", f"{LONG} mit den {NOUN}"), ("paragraph", END)]
    assert composed(f"{broken}\n\n{later}\n\n{broken}") == [*whole, ("paragraph", later), *whole]


def test_a_sentence_is_left_broken_where_the_next_may_be_another() -> None:
    later = "Fischer aus dem Norden legen auch in diesem Jahr wieder ab."
    text = f"{later}\n\n{LONG} mit den\n\n{later}\n\n{END}"
    assert composed(text) == [("paragraph", words) for words in (later, f"{LONG} mit den", later, END)]


def test_columns_read_in_the_wrong_order_are_exchanged() -> None:
    first = "Zum Beispiel werden bei wichtigen Fragen alle Mitglieder des Rates"
    second = "eine Anbindung an die Behörden braucht, wurde ein Beirat berufen."
    third = "gefragt. Der Beirat hat sechs Mitglieder, da aber der Hafen"
    text = f"1 Rat\n\n{first}\n\nAbb. 1: Rat\n\n{second}\n\n{END}\n\n{third}\n\nAbb. 2: Beirat\n\n2 Ende\n\n{END}"
    assert composed(text)[1:5] == [
        ("paragraph", f"{first} {third} {second}"),
        ("caption", "Abb. 1: Rat"),
        ("caption", "Abb. 2: Beirat"),
        ("paragraph", END),
    ]


def test_a_sentence_is_left_open_where_the_order_cannot_be_told() -> None:
    text = (
        f"{LONG}\n\nAbb. 1: Rat\n\neine erste Fortsetzung des Satzes.\n\n{END}\n\nnoch eine andere Fortsetzung davon."
    )
    assert ("paragraph", LONG) in composed(text)


def pages(*texts: str) -> list[TextLine]:
    return lines_of_text(list(texts))


def test_running_heads_and_page_numbers_go() -> None:
    texts = [
        f"Hafenbericht 2024\n\n{word} ist ein Satz auf der Seite.\n\n{number}\n"
        for number, word in enumerate("Dies Das Hier Dort".split(), 7)
    ]
    kinds = shown(compose_lines(pages(*texts)))
    assert kinds[0] == ("heading", "Hafenbericht 2024")  # on the first page it is the title
    assert [words for _, words in kinds[1:]] == [
        f"{word} ist ein Satz auf der Seite." for word in "Dies Das Hier Dort".split()
    ]


@pytest.mark.parametrize(
    "number", ["Seite 3 von 20", "- 3 -", "Page 3", "– 12 –", "| 7", "3 of 20", "S. 4", "Seite iv"]
)
def test_page_numbers_that_say_so_go(number: str) -> None:
    assert composed(f"{END}\n\n{number}\n\n{END}") == [("paragraph", END), ("paragraph", END)]


@pytest.mark.parametrize("words", ["50", "2024", "3 Ziele", "Seite an Seite", "7 von 9 Partnern", "10 %"])
def test_figures_that_are_text_stay(words: str) -> None:
    assert words in " ".join(text for _, text in composed(f"{END}\n\n{words}\n\n{END}"))


def test_counted_headings_at_the_top_of_pages_stay() -> None:
    texts = [f"ZIEL {number} DES HAFENS\n\n{END}" for number in (1, 2, 2, 3)]
    texts = [f"{text}\n\n{page * page} Wörter mehr." for page, text in enumerate(texts, 5)]
    assert [words for kind, words in shown(compose_lines(pages(*texts))) if kind == "heading"][:2] == [
        "ZIEL 1 DES HAFENS",
        "ZIEL 2 DES HAFENS",
    ]


def test_known_headings_count_no_pages_and_figures_that_differ_are_facts() -> None:
    costs = (5, 12, 27, 12, 31, 12)
    lines = [
        line
        for page, cost in enumerate(costs, 1)
        for line in (
            TextLine(f"{page}. Überschrift über", page, "heading", 1, gap=True),
            TextLine("zwei Zeilen", page, "heading", 1),
            TextLine(f"{END} Es ist das {page * page}. Mal.", page, gap=True),
            TextLine(f"Kosten: {cost} Mio. Euro", page, gap=True),
        )
    ]
    words = [text for _, text in shown(compose_lines(lines))]
    assert [text for text in words if "Überschrift" in text] == [
        f"{page}. Überschrift über zwei Zeilen" for page in range(1, 7)
    ]
    assert [text for text in words if "Kosten" in text] == [f"Kosten: {cost} Mio. Euro" for cost in costs]


def test_what_a_program_saw_in_a_picture_is_not_said() -> None:
    seen = "A handwritten signature in blue ink, appearing to read 'E. Muster'."
    assert composed(f"{END}\n\n{seen}\n\n{END}") == [("paragraph", END)] * 2
    assert len(composed(f"{END}\n\nA handwritten signature in blue ink is needed.\n\n{END}")) == 3


def test_a_page_begins_inside_a_sentence() -> None:
    reading = compose_lines(pages(f"{END}\n{LONG}", "im Herbst mehr. Und noch ein Satz.", f"{END}"))
    assert [(reading.text[page.start :][:9], page.number) for page in reading.pages] == [
        ("Dieser Ab", 1),
        ("im Herbst", 2),
        ("\n\nDieser ", 3),
    ]


def test_footnotes_stand_behind_the_paragraph_with_their_mark() -> None:
    text = f"Ein Satz.¹ Noch einer.\n\n{END}\n\nAbb. 1: Ein Bild²\n\n1) Die Quelle.\n\n2) Das Archiv.\n\n{END}"
    assert composed(text) == [
        ("paragraph", "Ein Satz.¹ Noch einer."),
        ("footnote", "1) Die Quelle."),
        ("paragraph", END),
        ("caption", "Abb. 1: Ein Bild²"),
        ("footnote", "2) Das Archiv."),
        ("paragraph", END),
    ]


def test_numbers_without_a_mark_are_items() -> None:
    assert composed("Ziele:\n\n1) Schiffe\n2) Kräne")[1:] == [("item", "1) Schiffe"), ("item", "2) Kräne")]


def test_known_kinds_are_kept() -> None:
    lines = [
        TextLine("Bericht", 1, "heading", 1),
        TextLine("Ein Satz mit Mar-", 1, "paragraph", gap=True),
        TextLine("ke darin.", 1, "paragraph"),
        TextLine("Das Bild", 1, "caption"),
        TextLine("1 Die Quelle", 1, "footnote"),
        TextLine("Ein Punkt", 1, "item"),
        TextLine("mit zwei Zeilen", 1),
        TextLine("Indikator\tZielwert\tStatus", 1, "row"),
        TextLine("Kräne\t17\terreicht", 1, "row"),
    ]
    assert shown(compose_lines(lines)) == [
        ("heading", "Bericht"),
        ("paragraph", "Ein Satz mit Marke darin."),
        ("caption", "Das Bild"),
        ("footnote", "1 Die Quelle"),
        ("item", "Ein Punkt mit zwei Zeilen"),
        ("row", "| Indikator | Zielwert | Status |"),
        ("row", "| Kräne | 17 | erreicht |"),
    ]


def test_a_table_is_whole_across_a_page() -> None:
    text = (
        f"Hafenbericht\n\n{END}\n\nBereich\tIndikator\tZiel\tStatus\nTechnik\tKräne\t17\terreicht\n"
        "Sicht\tBesuche bzw.\t5\tMesse und\n\n"
        f"Hafenbericht\n\neigene Feste\t\tTag der Tür\n\tFilme\tzwei\n\n{END}"
    )
    assert [words for kind, words in composed(text) if kind == "row"] == [
        "| Bereich | Indikator | Ziel | Status |",
        "| Technik | Kräne | 17 | erreicht |",
        "| Sicht | Besuche bzw. eigene Feste | 5 | Messe und Tag der Tür |",
        "| | | Filme | zwei |",
    ]


def test_cells_set_apart_by_blanks_are_rows() -> None:
    rows = composed(
        "Indikator     Zielwert     Status\nKräne         17           erreicht\nSchiffe       40           offen"
    )
    assert rows[0] == ("row", "| Indikator | Zielwert | Status |")
    assert rows[2] == ("row", "| Schiffe | 40 | offen |")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11\n\nAbbildung 1\n\nDer Hafen", [("caption", "Abbildung 1 Der Hafen")]),
        ("- > *Mehr Schiffe*\n  - › Mehr Kräne", [("item", "Mehr Schiffe"), ("item", "Mehr Kräne")]),
        ("Das kostet 5 \\$ und **viel** Zeit. ■", [("paragraph", "Das kostet 5 $ und viel Zeit.")]),
        ("*Wir wollen mehr\nSchiffe sehen!*", [("paragraph", "Wir wollen mehr Schiffe sehen!")]),
        ("Siehe <https://hafen.example/> und [den Plan](#).", [("paragraph", "Siehe https://hafen.example/ und den Plan.")]),
        (f"{END}\n\nANZEIGE\n\n{END}", [("paragraph", END)] * 2),
        (f"{END}\n\n* * *\n\n{END}", [("paragraph", END)] * 2),
        (f"{END}\n\n- › **Mehr Kräne bauen**\n{END}", [("paragraph", END), ("heading", "Mehr Kräne bauen"), ("paragraph", END)]),
        ("Abbildung 3 zeigt den Hafen.", [("paragraph", "Abbildung 3 zeigt den Hafen.")]),
        (
            f"Tab. 2: Kräne\n\nQuelle: Hafenamt (2024)\n\n{END}",
            [("caption", "Tab. 2: Kräne"), ("caption", "Quelle: Hafenamt (2024)"), ("paragraph", END)],
        ),
    ],
)  # fmt: skip
def test_other_remains(text: str, expected: list[tuple[str, str]]) -> None:
    assert composed(text) == expected


def test_counted_headings_inside_a_chapter_rank_below_it() -> None:
    text = f"5 Ziele\n\n5.2 Strategie\n\n1. SCHIFFE UND KRÄNE\n\n{END}\n\n2. LEUCHTTÜRME\n\n{END}\n\n6 Ende\n\n{END}"
    reading = compose_lines(lines_of_text([text]))
    assert [block.level for block in reading.blocks if block.kind == "heading"] == [1, 2, 3, 3, 1]


def test_the_first_line_is_the_title() -> None:
    assert compose_lines([TextLine("Der Hafen in Zahlen", gap=True), TextLine(END, gap=True)]).blocks[0].level == 1
    assert (
        compose_lines([TextLine(END, gap=True), TextLine("Hafen", gap=True), TextLine(END, gap=True)]).blocks[1].level
        == LABEL_LEVEL
    )


LINES = st.sampled_from(
    ["Seite 3", "7", "KOPF", "1 Ziele", "3.1 Mehr Ziele", "Abb. 1: Ein Bild", "¹ Eine Quelle", "1) Noch eine",
     "- ein Punkt", "› - noch einer", "a\tb", "\tc\td", "| x | y |", "Der Satz geht über die", "nächste Zeile hinaus und weiter,",
     "Förder-",
     "phase Förder-phase.", "Ein Satz ist fertig.", "ANZEIGE", "---",
     "**fett**", "Wort", "und klein", "LIFE-", "SCIENCE", "Zell-", "x   y   z", "", "", ""]
)  # fmt: skip
PAGES = st.lists(st.lists(LINES, max_size=14).map("\n".join), min_size=1, max_size=5)
DEBRIS = Counter("".join("KOPF ANZEIGE Seite".split()))


@given(PAGES)
def test_no_word_is_lost(texts: list[str]) -> None:
    reading = compose_lines(lines_of_text(texts))
    before = Counter(c for text in texts for c in text if c.isalpha())
    after = Counter(c for c in reading.text if c.isalpha())
    gone = before - after
    assert not after - before
    repeated = {
        line for text in texts for line in text.split("\n") if sum(other.split("\n").count(line) for other in texts) > 1
    }
    assert set(gone) <= set(DEBRIS) | {c for line in repeated for c in line}


@given(PAGES)
def test_blocks_are_in_order_and_hold_every_word(texts: list[str]) -> None:
    reading = compose_lines(lines_of_text(texts))
    position = 0
    outside = []
    for block in reading.blocks:
        assert position <= block.span.start <= block.span.end <= len(reading.text)
        words = reading.text[block.span.start : block.span.end]
        assert words == words.strip()
        outside.append(reading.text[position : block.span.start])
        position = block.span.end
    assert not [c for c in "".join(outside) + reading.text[position:] if c.isalnum()]
    starts = [page.start for page in reading.pages]
    assert starts == sorted(starts)


@given(PAGES)
def test_cleaning_what_is_clean_changes_no_word(texts: list[str]) -> None:
    once = read_plain("\f".join(texts)).text
    twice = read_plain(once).text
    thrice = read_plain(twice).text
    assert twice.split() == thrice.split()


HARD = ["a-\n", "a\n\n", "1\n\n", "¹a\n\n", "- ", "› - ", "\t", " | ", "a   ", "*a", "**a ", "[a](", "<http://", "\\",
        "Wort und der\n\n",
        "abc der\n\nAbb. 1: x\n\n", "Seite 3\n", "\f", "1) a\n", "(", ". ", "■ ",
        "Ab- Cd ", "A\t\tb\na\tc\n", "Abb. 1", "# a\n", "e. "]  # fmt: skip


@pytest.mark.parametrize("part", HARD)
def test_long_texts_are_read(part: str) -> None:
    assert read_plain(part * (100_000 // len(part))).text is not None
