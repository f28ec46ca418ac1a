import io
import tracemalloc
from datetime import datetime
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from assistant.errors import UnreadableFileError
from ingest.read.blocks import Stated
from ingest.read.docx import read_docx
from ingest.read.package import MAX_MEMBERS
from tests.ingest.readings import part, quoted, repacked, told

W = nsdecls("w")


def saved(document: Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def document_of(body: str) -> bytes:
    """A document whose body is this WordprocessingML."""
    document = docx.Document()
    parent = document.element.body
    for element in parse_xml(f"<w:body {W}>{body}</w:body>"):
        parent.insert(len(parent) - 1, element)
    return saved(document)


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def simple() -> Document:
    document = docx.Document()
    document.add_paragraph("Jahresbericht", style="Title")
    document.add_heading("Übersicht", 1)
    document.add_paragraph("Der Verein hat 35 Mitglieder. Sein Sitz ist Köln.")
    document.add_heading("Ziele", 2)
    document.add_paragraph("Ziele sind:")
    document.add_paragraph("Forschung", style="List Bullet")
    document.add_paragraph("Ausgründung", style="List Bullet 2")
    document.add_paragraph("Abb. 1: Größe", style="Caption")
    return document


def test_headings_lists_and_captions() -> None:
    reading = read_docx(saved(simple()))
    assert told(reading) == [
        ("h1", "Jahresbericht"),
        ("h2", "Übersicht"),
        ("paragraph", "Der Verein hat 35 Mitglieder. Sein Sitz ist Köln."),
        ("h3", "Ziele"),
        ("paragraph", "Ziele sind:"),
        ("item", "Forschung"),
        ("item", "Ausgründung"),
        ("caption", "Abb. 1: Größe"),
    ]
    assert quoted(reading)[3] == (("Jahresbericht", "Übersicht", "Ziele"), None, "Forschung", "Ziele sind:")
    assert reading.pages == ()


@pytest.mark.parametrize(
    ("style", "properties", "expected"),
    [
        ("<w:name w:val='heading 3'/>", "", "h3"),
        ("<w:name w:val='Überschrift 2'/>", "", "h2"),
        ("<w:name w:val='Kapitel'/><w:pPr><w:outlineLvl w:val='1'/></w:pPr>", "", "h2"),
        ("<w:name w:val='Kapitel'/><w:basedOn w:val='Heading2'/>", "", "h2"),
        ("<w:name w:val='Kapitel'/><w:basedOn w:val='X'/>", "", "paragraph"),
        ("<w:name w:val='Kasten'/><w:basedOn w:val='Heading2'/><w:pPr><w:outlineLvl w:val='9'/></w:pPr>", "", "paragraph"),
        ("<w:name w:val='Text'/>", "<w:outlineLvl w:val='0'/>", "h1"),
        ("<w:name w:val='caption'/>", "", "caption"),
        ("<w:name w:val='Beschriftung'/>", "", "caption"),
        ("<w:name w:val='Titel'/>", "", "h1"),
        ("<w:name w:val='Aufzählung'/><w:basedOn w:val='ListBullet'/>", "", "item"),
        ("<w:name w:val='Aufzählung'/><w:basedOn w:val='ListBullet'/>", "<w:numPr><w:numId w:val='0'/></w:numPr>", "paragraph"),
        ("<w:name w:val='toc 1'/>", "", None),
        ("<w:name w:val='Verzeichnis 2'/>", "", None),
    ],
)  # fmt: skip
def test_what_a_paragraph_is_by_its_style(style: str, properties: str, expected: str | None) -> None:
    document = docx.Document()
    document.styles.element.append(parse_xml(f"<w:style {W} w:type='paragraph' w:styleId='X'>{style}</w:style>"))
    body = document.element.body
    body.insert(
        0, parse_xml(f"<w:p {W}><w:pPr><w:pStyle w:val='X'/>{properties}</w:pPr><w:r><w:t>Wort</w:t></w:r></w:p>")
    )
    assert told(read_docx(saved(document))) == ([(expected, "Wort")] if expected else [])


def numbered(levels: str, overrides: str = "") -> Document:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f"<w:abstractNum {W} w:abstractNumId='77'>{levels}</w:abstractNum>"))
    for number in (77, 78):
        inner = f"<w:abstractNumId w:val='77'/>{overrides if number == 78 else ''}"
        numbering.append(parse_xml(f"<w:num {W} w:numId='{number}'>{inner}</w:num>"))
    return document


def add_numbered(document: Document, text: str, depth: int, number: int = 77, style: str | None = None) -> None:
    added = document.add_paragraph(text, style=style)
    inner = f"<w:ilvl w:val='{depth}'/><w:numId w:val='{number}'/>"
    added._p.get_or_add_pPr().append(parse_xml(f"<w:numPr {W}>{inner}</w:numPr>"))


def level(depth: int, form: str, pattern: str, start: int = 1) -> str:
    inner = f"<w:start w:val='{start}'/><w:numFmt w:val='{form}'/><w:lvlText w:val='{pattern}'/>"
    return f"<w:lvl w:ilvl='{depth}'>{inner}</w:lvl>"


def test_numbers_are_those_that_word_shows() -> None:
    levels = level(0, "decimal", "%1.") + level(1, "lowerLetter", "%2)") + level(2, "bullet", "•")
    document = numbered(levels, "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride>")
    for text, depth in [("eins", 0), ("ein a", 1), ("ein b", 1), ("Punkt", 2), ("zwei", 0), ("wieder a", 1)]:
        add_numbered(document, text, depth)
    add_numbered(document, "von vorn", 0, 78)
    reading = read_docx(saved(document))
    assert [words for _, words in told(reading)] == [
        *("1. eins", "a) ein a", "b) ein b", "Punkt", "2. zwei", "a) wieder a", "1. von vorn"),
    ]
    assert reading.text.startswith("- 1. eins\n  - a) ein a\n  - b) ein b\n    - Punkt\n- 2. zwei")


def test_headings_carry_their_numbers() -> None:
    document = numbered(level(0, "decimal", "%1") + level(1, "upperRoman", "%1.%2", 4))
    add_numbered(document, "Lage", 0, style="Heading 1")
    add_numbered(document, "Köln", 1, style="Heading 2")
    add_numbered(document, "Bonn", 1, style="Heading 2")
    assert told(read_docx(saved(document))) == [("h1", "1 Lage"), ("h2", "1.IV Köln"), ("h2", "1.V Bonn")]


def test_tables_carry_their_header_and_merged_cells_head_each_row() -> None:
    document = docx.Document()
    document.add_paragraph("Vorher.")
    table = document.add_table(4, 3)
    cells = [
        ["Indikator", "Zielwert", "Status"],
        ["Gründungen", "12", "offen"],
        ["", "15", "erreicht"],
        ["Gesamt", "", ""],
    ]
    for row, words in zip(table.rows, cells, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 2))
    second = document.add_table(2, 2)
    second.cell(0, 0).text, second.cell(0, 1).text, second.cell(1, 0).text = "Land", "Zahl | Jahr", "NRW"
    second.cell(1, 1).text = "3"
    second.cell(1, 1).add_paragraph("davon 1 neu")
    units = quoted(read_docx(saved(document)))
    header = "| Indikator | Zielwert | Status |"
    assert [(words, lead) for _, _, words, lead in units] == [
        ("Vorher.", None),
        (header, None),
        ("| Gründungen | 12 | offen |", header),
        ("| Gründungen | 15 | erreicht |", header),
        ("| Gesamt |", header),
        ("| Land | Zahl / Jahr |", None),
        ("| NRW | 3; davon 1 neu |", "| Land | Zahl / Jahr |"),
    ]


def test_a_row_that_only_goes_on_ends_no_table() -> None:
    start, goes_on = ("<w:tc><w:tcPr><w:vMerge{}/></w:tcPr>{}</w:tc>".format(*pair) for pair in (
        (" w:val='restart'", paragraph("Uni")), ("", paragraph("")),
    ))  # fmt: skip
    cell = f"<w:tc>{paragraph('{}')}</w:tc>"
    rows = [cell.format("Ort") + cell.format("Zahl"), start + cell.format("1"), goes_on * 2, goes_on + cell.format("3")]
    body = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    header = "| Ort | Zahl |"
    assert [(words, lead) for _, _, words, lead in quoted(read_docx(document_of(f"<w:tbl>{body}</w:tbl>")))] == [
        (header, None),
        ("| Uni | 1 |", header),
        ("| Uni | 3 |", header),
    ]


def test_a_table_of_one_column_is_a_box_around_text() -> None:
    document = docx.Document()
    box = document.add_table(1, 1).cell(0, 0)
    box.paragraphs[0].text = "Kasten"
    box.paragraphs[0].style = "Heading 2"
    box.add_paragraph("Ein Satz.")
    assert told(read_docx(saved(document))) == [("h2", "Kasten"), ("paragraph", "Ein Satz.")]


RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (f"{RUN.format('A ')}<w:del w:id='1'><w:r><w:delText>weg </w:delText></w:r></w:del>{RUN.format('B')}", "A B"),
        (f"{RUN.format('A ')}<w:ins w:id='1'>{RUN.format('neu')}</w:ins>", "A neu"),
        (
            f"<w:moveFrom w:id='1'>{RUN.format('alt')}</w:moveFrom><w:moveTo w:id='2'>{RUN.format('da')}</w:moveTo>",
            "da",
        ),
        ("<w:r><w:t>A</w:t><w:br/><w:t>B</w:t><w:tab/><w:t>C</w:t></w:r>", "A B C"),
        ("<w:r><w:t>CAR</w:t><w:noBreakHyphen/><w:t>T</w:t></w:r>", "CAR-T"),
        ("<w:r><w:t>För</w:t><w:softHyphen/><w:t>derung</w:t></w:r>", "Förderung"),
        (f"{RUN.format('A')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>geheim</w:t></w:r>", "A"),
        (f"{RUN.format('A')}<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>B</w:t></w:r>", "AB"),
        (f"{RUN.format('10')}<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>6</w:t></w:r>", "10⁶"),
        (f"<w:hyperlink>{RUN.format('Verweis')}</w:hyperlink>", "Verweis"),
        (
            f"<w:fldSimple w:instr='PAGE'>{RUN.format('7')}</w:fldSimple><w:r><w:instrText>REF x</w:instrText></w:r>",
            "7",
        ),
        (f"<w:sdt><w:sdtContent>{RUN.format('Feld')}</w:sdtContent></w:sdt>", "Feld"),
        (RUN.format("o\u0308rtlich\u200b\u202e"), "örtlich"),
    ],
)
def test_text_is_what_is_shown(runs: str, expected: str) -> None:
    assert told(read_docx(document_of(f"<w:p>{runs}</w:p>"))) == [("paragraph", expected)]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    deleted = "<w:rPr><w:del w:id='1'/></w:rPr>"
    body = paragraph("Der Verein ", deleted) + paragraph("hat 35 Mitglieder.") + paragraph("Ende.")
    assert told(read_docx(document_of(body))) == [
        ("paragraph", "Der Verein hat 35 Mitglieder."),
        ("paragraph", "Ende."),
    ]


def test_tables_of_contents_and_deleted_rows_are_left_out_and_controls_opened() -> None:
    contents = "<w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
    gone = "<w:trPr><w:del w:id='1'/></w:trPr>"
    row = "<w:tr>{}<w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    body = (
        f"<w:sdt>{contents}<w:sdtContent>{paragraph('Inhalt 3')}</w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtContent>{paragraph('Im Feld.')}</w:sdtContent></w:sdt>"
        f"<w:tbl>{row.format('', paragraph('A'), paragraph('B'))}"
        f"{row.format(gone, paragraph('x'), paragraph('y'))}</w:tbl>"
    )
    assert told(read_docx(document_of(body))) == [("paragraph", "Im Feld."), ("row", "| A | B |")]


def test_a_text_box_follows_the_paragraph_it_hangs_on_and_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('Im Kasten.')}</w:txbxContent>"
    mc = "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
    run = f"<w:r><mc:AlternateContent {mc}><mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"  # noqa: E501
    body = f"<w:p>{run}{RUN.format('Der Absatz.')}</w:p>{paragraph('Danach.')}"
    assert [words for _, words in told(read_docx(document_of(body)))] == ["Der Absatz.", "Im Kasten.", "Danach."]


def with_notes() -> bytes:
    """A document with two footnotes, the second referred to first, in a table."""
    reference = "<w:r><w:footnoteReference w:id='{}'/></w:r>"
    cell = f"<w:tc><w:p>{RUN.format('Zahl')}{reference.format(3)}</w:p></w:tc><w:tc>{paragraph('12')}</w:tc>"
    body = f"<w:tbl><w:tr>{cell}</w:tr></w:tbl><w:p>{RUN.format('35 Mitglieder')}{reference.format(2)}{RUN.format('.')}</w:p>"
    notes = "".join(
        f"<w:footnote w:id='{key}'>{paragraph(text)}{paragraph('S. 4')}</w:footnote>"
        for key, text in ((2, "Vorstand"), (3, "Amt"))
    )
    data = document_of(body + paragraph("Danach."))
    types = part(data, "[Content_Types].xml").replace(
        "</Types>",
        "<Override PartName='/word/footnotes.xml' "
        "ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml'/></Types>",
    )
    relations = part(data, "word/_rels/document.xml.rels").replace(
        "</Relationships>",
        "<Relationship Id='rId99' Target='footnotes.xml' "
        "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes'/></Relationships>",
    )
    return repacked(
        data,
        {
            "[Content_Types].xml": types,
            "word/_rels/document.xml.rels": relations,
            "word/footnotes.xml": f"<w:footnotes {W}>{notes}</w:footnotes>",
        },
    )


def test_footnotes_follow_what_refers_to_them() -> None:
    reading = read_docx(with_notes())
    assert told(reading) == [
        ("row", "| Zahl | 12 |"),
        ("footnote", "1 Amt; S. 4"),
        ("paragraph", "35 Mitglieder."),
        ("footnote", "2 Vorstand; S. 4"),
        ("paragraph", "Danach."),
    ]
    assert quoted(reading)[3][2:] == ("2 Vorstand; S. 4", "35 Mitglieder.")


def test_headers_and_footers_of_the_pages_are_left_out() -> None:
    document = simple()
    document.sections[0].header.paragraphs[0].text = "Kopfzeile"
    document.sections[0].footer.paragraphs[0].text = "Seite 1"
    text = read_docx(saved(document)).text
    assert "Kopfzeile" not in text
    assert "Seite" not in text


@pytest.mark.parametrize(
    ("properties", "titled", "expected"),
    [
        ({"title": "Aus den Eigenschaften", "author": "Erika Muster"}, False, Stated("Aus den Eigenschaften")),
        ({"title": "Alt", "author": "BioRegio e. V."}, True, Stated("Jahresbericht", "BioRegio e. V.")),
        ({"title": "Microsoft Word - Dokument1"}, False, Stated()),
        ({"title": "bericht_v2.docx", "author": ""}, False, Stated()),
        ({"modified": datetime(2024, 3, 12, 8, 30)}, False, Stated(metadata_date="2024-03-12")),
    ],
)
def test_what_a_document_says_about_itself(properties: dict[str, Any], titled: bool, expected: Stated) -> None:
    document = simple() if titled else docx.Document()
    document.core_properties.author = ""
    document.add_paragraph("Ein Satz.")
    for name, value in ({"modified": datetime(2013, 12, 23)} | properties).items():
        setattr(document.core_properties, name, value)
    stated = read_docx(saved(document)).stated
    assert (stated.title, stated.publisher, stated.date) == (expected.title, expected.publisher, None)
    assert stated.metadata_date == (expected.metadata_date or "2013-12-23")


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(f"<!ENTITY a{i} '{'&a;' * 10}'>" for i in range(9)) + "]>"


def changed(**changes: str | bytes | None) -> bytes:
    names = {"document": "word/document.xml", "types": "[Content_Types].xml", "styles": "word/styles.xml"}
    return repacked(saved(simple()), {names.get(name, name): content for name, content in changes.items()})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (saved(simple())[:2000], "it is a damaged zip package (BadZipFile). Open it in the program"),
        (saved(simple())[:-2000] + b"\0" * 2000, "it is a damaged zip package (BadZipFile)."),
        (changed(document=None), "it is a damaged Word document (KeyError)."),
        (changed(types=None), "it is a damaged Word document (KeyError)."),
        (changed(document="<w:document"), "it is a damaged Word document (XMLSyntaxError)."),
        (changed(document=f"<w:document {W}/>"), "it is a damaged Word document (no body)."),
        (changed(styles="<"), "it is a damaged Word document (XMLSyntaxError)."),
        (changed(document=BOMB + f"<w:document {W}/>"), "its XML declares entities, which no office program does."),
        (changed(document="<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>".encode("utf-16")), "its XML declares entities"),
        (changed(document=b" " * 50_000_000), "it swells to "),
        (changed(document=f"<w:document {W}><w:body>{'<w:sdt>' * 900}{'</w:sdt>' * 900}</w:body></w:document>"),
         "it is a damaged Word document (XMLSyntaxError)."),
        (changed(**{f"customXml/{n}.xml": "" for n in range(MAX_MEMBERS)}), "it holds "),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_docx(data)
    assert str(caught.value).startswith(reason)
    assert caught.value.fix


def test_a_directory_that_lies_about_a_part_does_not_make_it_swell() -> None:
    content = f"<w:document {W}><w:body>" + " " * 50_000_000
    data = changed(document=content)
    honest = len(content).to_bytes(4, "little")
    assert data.count(honest) == 2  # in front of the part and in the directory
    lying = data.replace(honest, (2000).to_bytes(4, "little"))
    tracemalloc.start()
    with pytest.raises(UnreadableFileError, match="damaged"):
        read_docx(lying)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
