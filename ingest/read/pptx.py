"""PowerPoint presentations: a page for each slide, its title as heading, lists, tables, figures of charts, notes.

Hidden slides are left out, but counted: the others keep the numbers they are shown with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pptx
from lxml.etree import LxmlError
from lxml.etree import _Element as Element
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.oxml import parse_xml

from assistant.text.language import detect_language
from assistant.types import Language
from ingest.read.blocks import Reading
from ingest.read.cells import compose_table
from ingest.read.compose import Composer
from ingest.read.counting import raised
from ingest.read.figures import shown
from ingest.read.package import harmless, readable_package
from ingest.read.properties import one_line, properties

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_TITLES = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE}
_FRAME = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER}
_LISTS = {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT}
_NOTES: dict[Language, str] = {"de": "Notizen", "en": "Notes"}
_SLIDE: dict[Language, str] = {"de": "Folie", "en": "Slide"}  # stands for a title that is missing
_MAX_FIGURES = 10_000  # of a chart


def read_pptx(data: bytes) -> Reading:
    """Read a PowerPoint presentation.

    Raises:
        UnreadableFileError: damaged, protected, or a zip bomb.
    """
    package = harmless(data)
    with readable_package("PowerPoint presentation", LxmlError, PythonPptxError):
        presentation = pptx.Presentation(package)
        slides = [
            (number, slide) for number, slide in enumerate(presentation.slides, 1) if slide.element.get("show") != "0"
        ]
        language = detect_language(" ".join(text for _, slide in slides for text in _texts(slide.element)))
        composer = Composer()
        for number, slide in slides:
            composer.page(number)
            _compose_slide(composer, number, slide, language)
        core = presentation.core_properties
        stated = properties(core.title, core.author, core.created, core.modified)
        first = slides[0][1].shapes.title if slides else None
        title = one_line(_words(first.text_frame._txBody)) if first is not None else None
        return composer.reading(replace(stated, title=title or stated.title))


def _compose_slide(composer: Composer, number: int, slide: Any, language: Language) -> None:
    title = slide.shapes.title
    heading = _words(title.text_frame._txBody).strip() if title is not None else ""
    composer.heading(heading or f"{_SLIDE[language]} {number}", 1)
    for shape in _flat(slide.shapes):
        kind = shape.placeholder_format.type if shape.is_placeholder else None
        if kind in _FRAME or (kind in _TITLES and title is not None and shape.shape_id == title.shape_id):
            continue
        if shape.has_table:
            compose_table(composer, enumerate(_grid(shape.table), 1))
        elif shape.has_chart:
            _compose_chart(composer, shape.chart.element, language)
        elif shape.has_text_frame:
            _compose_text(composer, shape, slide, kind in _LISTS)
        elif shape.element.tag.endswith("}graphicFrame"):
            _compose_diagram(composer, shape, slide)
    if slide.has_notes_slide:
        frame = slide.notes_slide.notes_text_frame
        for paragraph in frame.paragraphs if frame is not None else ():
            composer.paragraph(_words(paragraph._p), _NOTES[language])


def _flat(shapes: Any) -> Iterator[Any]:
    """Shapes in the order of the file, which is that of reading aloud; those of groups in the group's place."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _compose_text(composer: Composer, shape: Any, slide: Any, is_list: bool) -> None:
    styles = [shape.text_frame._txBody.find(f"{_A}lstStyle")]
    if shape.is_placeholder:
        index = shape.placeholder_format.idx
        layout = next((p for p in slide.slide_layout.placeholders if p.placeholder_format.idx == index), None)
        styles.append(layout.element.find(f".//{_A}lstStyle") if layout is not None else None)
    for paragraph in shape.text_frame.paragraphs:
        words, depth = _words(paragraph._p), min(paragraph.level, 8)
        levels = [style.find(f"{_A}lvl{depth + 1}pPr") for style in styles if style is not None]
        bullet = next(
            (found for p in (paragraph._p.find(f"{_A}pPr"), *levels) if (found := _bullet(p)) is not None), is_list
        )
        if bullet:
            composer.item(words, depth)
        else:
            composer.paragraph(words)


def _bullet(properties: Element | None) -> bool | None:
    """Whether a paragraph has a bullet or number; None where that is not said."""
    for child in properties if properties is not None else ():
        kind = str(child.tag).removeprefix(_A)
        if kind in ("buNone", "buChar", "buAutoNum", "buBlip"):
            return kind != "buNone"
    return None


def _grid(table: Any) -> Iterator[list[str]]:
    """Rows of a table; merged cells are filled once."""
    for row in table._tbl.tr_lst:
        yield ["" if cell.hMerge or cell.vMerge else _words(cell) for cell in row.tc_lst]


def _compose_chart(composer: Composer, chart: Element, language: Language) -> None:
    """A chart as a table: its categories, and a column for each series."""
    title = chart.find(f".//{_C}title")
    if title is not None:
        composer.caption(_words(title))
    names: list[str] = []
    columns: list[dict[int, str]] = []
    categories: dict[int, str] = {}
    for series in chart.iter(f"{_C}ser"):
        names.append("".join(name.text or "" for name in series.iterfind(f"{_C}tx//{_C}v")))
        for kind in ("cat", "xVal"):
            categories |= _points(series.find(f"{_C}{kind}"), language)
        columns.append(
            {n: p for kind in ("val", "yVal") for n, p in _points(series.find(f"{_C}{kind}"), language).items()}
        )
    places = sorted({place for column in columns for place in column})
    rows = [["", *names]] + [[categories.get(n, str(n + 1)), *(c.get(n, "") for c in columns)] for n in places]
    if places:
        compose_table(composer, enumerate(rows, 1))


def _points(data: Element | None, language: Language) -> dict[int, str]:
    """The kept values of a chart by their place, numbers in their format."""
    found: dict[int, str] = {}
    form = ""
    for element in data.iter(f"{_C}formatCode", f"{_C}pt") if data is not None else ():
        if element.tag == f"{_C}formatCode":
            form = element.text or ""
        elif len(found) < _MAX_FIGURES:
            value = element.findtext(f"{_C}v") or ""
            try:
                found[int(element.get("idx") or 0)] = shown(float(value), form, language)
            except ValueError:
                found[int(element.get("idx") or 0)] = value
    return found


def _compose_diagram(composer: Composer, shape: Any, slide: Any) -> None:
    """The words of a diagram (SmartArt), in the order they were entered."""
    for data in shape.element.iter("{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"):
        key = data.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm")
        if key in slide.part.rels:
            for paragraph in cast("Element", parse_xml(slide.part.rels[key].target_part.blob)).iter(f"{_A}p"):
                composer.item(_words(paragraph))


def _texts(slide: Element) -> Iterator[str]:
    return (text.text or "" for text in slide.iter(f"{_A}t"))


def _words(element: Element) -> str:
    """The text of all runs; line breaks and ends of paragraphs are blanks."""
    words: list[str] = []
    for part in element.iter(f"{_A}t", f"{_A}br", f"{_A}p", f"{_A}tab"):
        if part.tag != f"{_A}t":
            words.append(" ")
            continue
        run = part.getparent()
        look = run.find(f"{_A}rPr") if run is not None else None
        high = look is not None and (look.get("baseline") or "0").isdigit() and look.get("baseline", "0") != "0"
        words.append(raised(part.text or "") if high else part.text or "")
    return "".join(words)
