import io
from datetime import datetime
from typing import Any

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Cm

from assistant.errors import UnreadableFileError
from ingest.read.pptx import read_pptx
from tests.ingest.readings import labels, quoted, repacked, told

BOX = (Cm(1), Cm(1), Cm(10), Cm(3))
TITLE_AND_CONTENT, TITLE_ONLY, BLANK = 1, 5, 6


def saved(presentation: Any) -> bytes:
    file = io.BytesIO()
    presentation.save(file)
    return file.getvalue()


def slide_of(presentation: Any, title: str | None, layout: int = TITLE_AND_CONTENT) -> Any:
    slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
    if title is not None:
        slide.shapes.title.text = title
    return slide


def fill(frame: Any, *lines: tuple[str, int]) -> None:
    for place, (text, level) in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text, paragraph.level = text, level


def test_a_slide_is_a_page_with_title_list_and_notes() -> None:
    presentation = pptx.Presentation()
    first = slide_of(presentation, "Ziele des Clusters")
    fill(first.placeholders[1].text_frame, ("Förderung für\vGründer", 0), ("Köln und Bonn", 1), ("Forschung", 0))
    first.notes_slide.notes_text_frame.text = "Hier die Größe erklären.\nUnd die Zahlen."
    second = slide_of(presentation, "Zahlen", TITLE_ONLY)
    second.shapes.add_textbox(*BOX).text_frame.text = "Der Verein hat 35 Mitglieder."
    reading = read_pptx(saved(presentation))
    assert told(reading) == [
        ("h1", "Ziele des Clusters"),
        ("item", "Förderung für Gründer"),
        ("item", "Köln und Bonn"),
        ("item", "Forschung"),
        ("paragraph", "Hier die Größe erklären."),
        ("paragraph", "Und die Zahlen."),
        ("h1", "Zahlen"),
        ("paragraph", "Der Verein hat 35 Mitglieder."),
    ]
    assert "- Förderung für Gründer\n  - Köln und Bonn\n- Forschung" in reading.text
    assert labels(reading) == ["Notizen", "Notizen"]
    assert [(section, page) for section, page, _, _ in quoted(reading)] == [
        *[(("Ziele des Clusters",), 1)] * 3,
        *[(("Ziele des Clusters", "Notizen"), 1)] * 2,
        (("Zahlen",), 2),
    ]


@pytest.mark.parametrize(
    ("properties", "placeholder", "kind"),
    [
        ("", True, "item"),
        ("<a:buNone/>", True, "paragraph"),
        ("", False, "paragraph"),
        ("<a:buChar char='•'/>", False, "item"),
        ("<a:buAutoNum type='arabicPeriod'/>", False, "item"),
    ],
)
def test_what_has_a_bullet_is_an_item(properties: str, placeholder: bool, kind: str) -> None:
    presentation = pptx.Presentation()
    slide = slide_of(presentation, "Titel")
    shape = slide.placeholders[1] if placeholder else slide.shapes.add_textbox(*BOX)
    shape.text_frame.text = "Wort"
    if properties:
        shape.text_frame.paragraphs[0]._p.insert(0, parse_xml(f"<a:pPr {nsdecls('a')}>{properties}</a:pPr>"))
    assert told(read_pptx(saved(presentation)))[1] == (kind, "Wort")


def test_tables_carry_their_header_and_merged_cells_are_filled_once() -> None:
    presentation = pptx.Presentation()
    table = slide_of(presentation, "Ziele", TITLE_ONLY).shapes.add_table(3, 3, *BOX).table
    for row, words in enumerate([["Indikator", "Zielwert", "Status"], ["Gründungen", "12", "offen"], ["", "15", "ja"]]):
        for column, word in enumerate(words):
            table.cell(row, column).text = word
    table.cell(1, 0).merge(table.cell(2, 0))
    assert [(page, words, lead) for _, page, words, lead in quoted(read_pptx(saved(presentation)))] == [
        (1, "| Indikator | Zielwert | Status |", None),
        (1, "| Gründungen | 12 | offen |", "| Indikator | Zielwert | Status |"),
        (1, "| | 15 | ja |", "| Gründungen | 12 | offen |"),
    ]


def test_a_chart_is_read_as_a_table() -> None:
    presentation = pptx.Presentation()
    slide = slide_of(presentation, "Die Entwicklung der Mitglieder", TITLE_ONLY)
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["2022", "2023"]
    data.add_series("Anteil der Länder", (0.125, 0.2))
    data.add_series("Ziel", (None, 0.25))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *BOX, data)
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "Anteile"
    assert told(read_pptx(saved(presentation)))[1:] == [
        ("caption", "Anteile"),
        ("row", "| | Anteil der Länder | Ziel |"),
        ("row", "| 2022 | 12,5 % |"),
        ("row", "| 2023 | 20,0 % | 25,0 % |"),
    ]


def test_groups_are_opened_and_high_figures_kept_apart() -> None:
    presentation = pptx.Presentation()
    group = slide_of(presentation, "Titel", TITLE_ONLY).shapes.add_group_shape()
    frame = group.shapes.add_group_shape().shapes.add_textbox(*BOX).text_frame
    frame.text = "Es sind 10"
    run = frame.paragraphs[0].add_run()
    run.text = "6"
    run._r.get_or_add_rPr().set("baseline", "30000")
    assert told(read_pptx(saved(presentation)))[1] == ("paragraph", "Es sind 10⁶")


def test_hidden_slides_are_left_out_but_counted_and_a_missing_title_is_made_up_for() -> None:
    presentation = pptx.Presentation()
    slide_of(presentation, "Versteckt")._element.set("show", "0")
    slide_of(presentation, None, BLANK).shapes.add_textbox(*BOX).text_frame.text = "Der Satz ist für alle."
    reading = read_pptx(saved(presentation))
    assert quoted(reading) == [(("Folie 2",), 2, "Der Satz ist für alle.", None)]


def test_date_number_and_footer_of_the_slides_are_left_out() -> None:
    presentation = pptx.Presentation()
    slide = slide_of(presentation, "Titel", TITLE_ONLY)
    for layout_placeholder in presentation.slide_layouts[TITLE_ONLY].placeholders:
        if layout_placeholder.placeholder_format.idx in (10, 11, 12):
            slide.shapes.clone_placeholder(layout_placeholder)
    for placeholder in slide.placeholders:
        if placeholder.placeholder_format.idx in (10, 11, 12):
            placeholder.text = "Rand"
    assert len(slide.placeholders) == 4
    assert told(read_pptx(saved(presentation))) == [("h1", "Titel")]


def test_what_a_presentation_says_about_itself() -> None:
    presentation = pptx.Presentation()
    presentation.core_properties.title = "PowerPoint-Präsentation"
    presentation.core_properties.author = "Cluster Nord e.V."
    presentation.core_properties.modified = datetime(2024, 3, 12)
    slide_of(presentation, "Erste\vFolie")
    stated = read_pptx(saved(presentation)).stated
    assert (stated.title, stated.publisher, stated.date) == ("Erste Folie", "Cluster Nord e.V.", None)
    assert stated.metadata_date == "2024-03-12"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ppt/slides/slide1.xml": None}, "it is a damaged PowerPoint presentation (KeyError)."),
        ({"ppt/slides/slide1.xml": "<p:sld"}, "it is a damaged PowerPoint presentation (XMLSyntaxError)."),
        ({"ppt/presentation.xml": None}, "it is a damaged PowerPoint presentation (KeyError)."),
        ({"ppt/presentation.xml": "<!DOCTYPE x><x/>"}, "its XML declares entities"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(changes: dict[str, str | None], reason: str) -> None:
    presentation = pptx.Presentation()
    slide_of(presentation, "Titel")
    with pytest.raises(UnreadableFileError) as caught:
        read_pptx(repacked(saved(presentation), changes))
    assert str(caught.value).startswith(reason)
