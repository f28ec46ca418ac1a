from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Chunk
from ingest.read.blocks import Reading
from ingest.read.compose import Composer
from ingest.read.markdown import read_markdown
from ingest.read.plain import read_plain
from ingest.split import CHUNK_LENGTH, split_document

LINES = st.sampled_from(
    ["# Titel", "## Unter", "### **Tief**", "1.2 Nummer", "GROSS", "Etikett", "Der Satz. Noch ein Satz.", "Ziele sind:",
     "- eins", "  - zwei", "2. drei", "12. Mai 2024", "(a) vier", "> fünf", "| a | b |", "|---|---|", "| | c |", "a\tb",
     "\tc", "---", "===", "```", "<!-- x -->", "…", "z. B. Köln", "  ", "", "", "🧬 über 3,5 Mio. Euro", "x" * 400,
     "Wort " * 60, "\u00a0", "\x0c"]
)  # fmt: skip
JOINED = st.lists(LINES, max_size=40).map("\n".join) | st.lists(LINES, max_size=20).map("\r\n".join)
TEXTS = (JOINED | st.text(max_size=400)).filter(
    lambda text: not text.startswith("---")
)  # front matter has its own tests
READERS = st.sampled_from([read_markdown, read_plain])


def split(text: str, reader: Callable[[str], Reading] = read_markdown) -> list[Chunk]:
    return split_document("doc", "hash", reader(text), "de")


def units(text: str, reader: Callable[[str], Reading] = read_markdown) -> list[tuple[str, str, str | None]]:
    return units_of(reader(text))


def units_of(reading: Reading) -> list[tuple[str, str, str | None]]:
    text = reading.text
    return [
        (u.kind, text[u.span.start : u.span.end], text[u.lead.start : u.lead.end] if u.lead else None)
        for chunk in split_document("doc", "hash", reading, "de")
        for u in chunk.units
    ]


@given(TEXTS, READERS)
def test_no_character_is_lost_and_none_said_twice(text: str, reader: Callable[[str], Reading]) -> None:
    reading = reader(text)
    text, blocks = reading.text, reading.blocks
    chunks = split_document("doc", "hash", reading, "de")
    owners = [0] * len(text)
    for chunk in chunks:
        for unit in chunk.units:
            for position in range(unit.span.start, unit.span.end):
                owners[position] += 1
    for block in blocks:
        for position in range(block.span.start, block.span.end):
            expected = 0 if block.kind == "heading" else 1
            assert owners[position] == expected or text[position].isspace()
    assert sum(owners) == sum(u.span.end - u.span.start for c in chunks for u in c.units)


@given(TEXTS, READERS)
def test_every_letter_is_in_a_block(text: str, reader: Callable[[str], Reading]) -> None:
    """What belongs to no block is markup: bullets, numbers of items, marks of headings, comments."""
    reading = reader(text)
    text = reading.text
    inside = bytearray(len(text))
    for block in reading.blocks:
        inside[block.span.start : block.span.end] = b"\1" * (block.span.end - block.span.start)
    outside = "".join(c for c, covered in zip(text, inside, strict=True) if not covered)
    assert not [word for word in outside.replace("<!-- x -->", "").split() if len([c for c in word if c.isalpha()]) > 1]


@given(TEXTS, READERS)
def test_spans_are_ordered_and_nested(text: str, reader: Callable[[str], Reading]) -> None:
    position = 0
    reading = reader(text)
    text = reading.text
    chunks = split_document("doc", "hash", reading, "de")
    for chunk in chunks:
        assert chunk.units
        assert (chunk.span.start, chunk.span.end) == (chunk.units[0].span.start, chunk.units[-1].span.end)
        assert chunk.span.start >= position
        for unit in chunk.units:
            assert position <= unit.span.start < unit.span.end <= chunk.span.end
            quote = text[unit.span.start : unit.span.end]
            assert quote == quote.strip()
            assert unit.lead is None or unit.lead.end <= unit.span.start
            position = unit.span.end
    assert len({chunk.id for chunk in chunks}) == len(chunks)


@given(TEXTS)
def test_passages_are_short(text: str) -> None:
    for chunk in split(text):
        sentences = [unit for unit in chunk.units if unit.kind == "sentence"]
        if len(sentences) == len(chunk.units) > 1:
            assert chunk.span.end - chunk.span.start <= CHUNK_LENGTH
        if len(chunk.units) > 1:
            assert chunk.span.end - chunk.span.start <= 2 * CHUNK_LENGTH


def test_ids_tell_document_version_and_place_apart() -> None:
    text = "Ein Satz."
    reading = read_markdown(text)
    (first,) = split_document("doc", "hash", reading, "de")
    assert [first] == split_document("doc", "hash", reading, "de")
    others = [split_document("doc2", "hash", reading, "de"), split_document("doc", "hash2", reading, "de")]
    assert len({first.id, *(chunk.id for chunks in others for chunk in chunks)}) == 3


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("Vorweg.\n# A\na.\n## B\nb.\n## C\nc.\n# D\nd.", [(), ("A",), ("A", "B"), ("A", "C"), ("D",)]),
        ("### Tief\na.\n# Hoch\nb.", [("Tief",), ("Hoch",)]),
        ("# A\n## B\nText.", [("A", "B")]),
        ("# Viel \t  Raum\nText.", [("Viel Raum",)]),
        ("# A", []),
    ],
)
def test_sections(text: str, sections: list[tuple[str, ...]]) -> None:
    assert [chunk.section for chunk in split(text)] == sections


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Eins. Zwei.", [("sentence", "Eins.", None), ("sentence", "Zwei.", None)]),
        (
            "Vorher. Ziele sind:\n\n- a. b\n- c\n\nDanach.",
            [("sentence", "Vorher.", None), ("sentence", "Ziele sind:", None), ("item", "a. b", "Ziele sind:"),
             ("item", "c", "Ziele sind:"), ("sentence", "Danach.", None)],
        ),
        ("- a\n- b", [("item", "a", None), ("item", "b", None)]),
        ("Text.\n\n# Neu\n\n- a", [("sentence", "Text.", None), ("item", "a", None)]),
        ("Ziele:\n- a\n  - b", [("sentence", "Ziele:", None), ("item", "a", "Ziele:"), ("item", "b", "Ziele:")]),
        (
            "| N | O |\n|---|---|\n| a | b |\n| | c |\n| d | e |",
            [("row", "| N | O |", None), ("row", "| a | b |", "| N | O |"), ("row", "| | c |", "| a | b |"),
             ("row", "| d | e |", "| N | O |")],
        ),
        (
            "| N | O | P |\n|---|---|---|\n| Uni | a | 1 |\n| Uni | b | 2 |\n| | | 3 |",
            [("row", "| N | O | P |", None), ("row", "| Uni | a | 1 |", "| N | O | P |"),
             ("row", "| Uni | b | 2 |", "| N | O | P |"), ("row", "| | | 3 |", "| Uni | b | 2 |")],
        ),
        (
            "N\tO\na\tb\n\tc\tx\n\ty",
            [("row", "N\tO", None), ("row", "a\tb", "N\tO"), ("row", "c\tx", "a\tb"), ("row", "y", "a\tb")],
        ),
        (
            "a | b\n\nText.\n\nc | d\ne | f",
            [("row", "a | b", None), ("sentence", "Text.", None), ("row", "c | d", None), ("row", "e | f", "c | d")],
        ),
        (
            "Dazu:\n\n| a | b |\n\n- c",
            [("sentence", "Dazu:", None), ("row", "| a | b |", None), ("item", "c", None)],
        ),
    ],
)  # fmt: skip
def test_units_and_what_introduces_them(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert units(text) == expected


def test_a_table_that_begins_the_text_is_no_continuation() -> None:
    text = "a\tb\nc\td\t"
    assert units(text, read_plain) == [("row", "a\tb", None), ("row", "c\td", "a\tb")]


def test_long_paragraphs_are_cut_between_sentences_and_lists_stay_whole() -> None:
    sentence = "Dieser Satz hat ungefähr fünfzig Zeichen, ganz genau. "
    long = split(sentence * 60)
    assert len(long) > 2
    assert all(chunk.units[-1].span.end - chunk.span.start <= CHUNK_LENGTH for chunk in long)
    items = "\n".join(f"- Punkt {n} der Liste mit einigen Wörtern dahinter" for n in range(25))
    (whole,) = split(f"{sentence}\nDie 25 Punkte sind:\n\n{items}")
    assert len(whole.units) == 27


def test_a_chunk_lies_on_one_page() -> None:
    composer = Composer()
    composer.page(1)
    composer.heading("Ziele", 1)
    composer.paragraph("Eins steht vorn. Zwei auch.")
    composer.page(2)
    composer.paragraph("Drei steht hinten.")
    chunks = split_document("doc", "hash", composer.reading(), "de")
    assert [(chunk.page, chunk.section, len(chunk.units)) for chunk in chunks] == [
        (1, ("Ziele",), 2),
        (2, ("Ziele",), 1),
    ]


def test_rows_of_a_sheet_name_their_place_and_keep_their_header() -> None:
    composer = Composer()
    composer.heading("Mitglieder", 1)
    for number, row in enumerate([("Name", "Ort"), ("Nomad", "Halle"), ("Vita 34", "Leipzig")], 1):
        composer.row(row, f"Zeile {number}")
    reading = composer.reading()
    chunks = split_document("doc", "hash", reading, "de")
    assert [chunk.section for chunk in chunks] == [("Mitglieder", f"Zeile {n}") for n in (1, 2, 3)]
    assert units_of(reading)[2] == ("row", "| Vita 34 | Leipzig |", "| Name | Ort |")


def test_a_break_ends_a_table() -> None:
    composer = Composer()
    composer.row(["Name", "Ort"])
    composer.end_table()
    composer.row(["Jahr", "Zahl"])
    composer.row(["2024", "35"])
    assert units_of(composer.reading())[2] == ("row", "| 2024 | 35 |", "| Jahr | Zahl |")


@pytest.mark.parametrize(
    ("sentences", "note", "belongs_to"),
    [
        ("Das Erste¹. Das Zweite. Das Dritte.", "1) Vgl. dort.", "Das Erste¹."),
        ("Das Erste1 gilt. Das Zweite.", "1 Vgl. dort.", "Das Erste1 gilt."),
        ("Das Erste gilt. Das Zweite auch[12]. Das Dritte.", "12) Vgl. dort.", "Das Zweite auch[12]."),
        ("Im Jahr 2011 war eins. Das Zweite.", "1) Vgl. dort.", "Das Zweite."),
        ("Das Erste. Das Zweite.", "* Vgl. dort.", "Das Zweite."),
    ],
)
def test_a_footnote_knows_the_sentence_it_belongs_to(sentences: str, note: str, belongs_to: str) -> None:
    composer = Composer()
    composer.paragraph(sentences)
    composer.footnote(note)
    assert units_of(composer.reading())[-1] == ("footnote", note, belongs_to)


def test_a_section_in_the_other_language_is_recognised() -> None:
    english = (
        "This is the summary of the report for all those who do not read German. It is short and it says what is in it."
    )
    chunks = split(
        f"# Bericht\n\nDies ist der Bericht für das Jahr.\n\n# Summary\n\n{english}\n\n# Namen\n\nBio City Leipzig."
    )
    assert [chunk.language for chunk in chunks] == ["de", "en", "de"]


INTERVIEW = """# Gespräch

**Was ändert sich bis 2030?**

Wir wollen zwei Kräne. Das wird schwer.

**Und danach?**

Dann sehen wir weiter.
"""


def test_a_question_leads_the_sentences_that_answer_it() -> None:
    asked, further = "**Was ändert sich bis 2030?**", "**Und danach?**"
    assert units(INTERVIEW) == [
        ("sentence", asked, None),
        ("sentence", "Wir wollen zwei Kräne.", asked),
        ("sentence", "Das wird schwer.", asked),
        ("sentence", further, None),
        ("sentence", "Dann sehen wir weiter.", further),
    ]


@pytest.mark.parametrize(
    ("rows", "leads"),
    [
        ("Sitz       Kiel\nMitglieder   44", [None, None]),
        ("Partner    Aufgabe   Anteil\nKranwerk   Gerät     44", [None, "Partner    Aufgabe   Anteil"]),
        ("Partner    Anteil\n-----------------\nKranwerk   44", [None, "Partner    Anteil"]),
    ],
)
def test_a_table_set_with_blanks_may_have_no_header(rows: str, leads: list[str | None]) -> None:
    assert [lead for _, _, lead in units(rows, read_plain)] == leads
