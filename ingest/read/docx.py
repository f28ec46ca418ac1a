"""Word documents: headings by style, lists with the numbers Word shows, tables, captions, text boxes and notes.

Deleted text of tracked changes, hidden text, tables of contents and the pages' headers and footers are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import docx
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from lxml.etree import LxmlError
from lxml.etree import _Element as Element

from assistant.errors import UnreadableFileError
from ingest.read.blocks import Reading
from ingest.read.cells import compose_table, joined, repeated
from ingest.read.compose import Composer
from ingest.read.counting import raised
from ingest.read.docx_styles import Numbering, Styles, W, value, whole
from ingest.read.package import harmless, readable_package
from ingest.read.properties import one_line, properties

_SPACES = {"tab", "ptab", "br", "cr"}
_LEFT_OUT = {
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "Fallback",
    "pPr",
    "rPr",
    "rt",
    "sectPr",
    "tblPr",
    "commentReference",
}
_CONTAINERS = {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "body", "AlternateContent", "Choice"}
_MAX_SPAN = 100  # columns


def read_docx(data: bytes) -> Reading:
    """Read a Word document.

    Raises:
        UnreadableFileError: damaged, protected, or a zip bomb.
    """
    package = harmless(data)
    with readable_package("Word document", LxmlError, OpcError):
        document = docx.Document(package)
        parts = {relation.reltype.rpartition("/")[2]: relation for relation in document.part.rels.values()}
        roots = {
            kind: cast("Element", parse_xml(parts[kind].target_part.blob))
            for kind in ("styles", "numbering", "footnotes", "endnotes")
            if kind in parts and not parts[kind].is_external
        }
        core = document.core_properties
        stated = properties(core.title, core.author, core.created, core.modified)
        walk = _Walk(roots)
        body = cast("Element", document.element).find(f"{W}body")
        if body is None:
            raise UnreadableFileError("it is a damaged Word document (no body).", "Save it again.")
        walk.blocks(body)
        return walk.composer.reading(replace(stated, title=walk.title or stated.title))


class _Walk:
    """The way through a document, in reading order."""

    def __init__(self, roots: dict[str, Element]) -> None:
        self.composer = Composer()
        self.title: str | None = None
        self._styles = Styles(roots.get("styles"))
        self._numbering = Numbering(roots.get("numbering"), self._styles)
        self._notes = {
            f"{kind}Reference": {
                note.get(f"{W}id"): note
                for note in (roots[f"{kind}s"].iterchildren(f"{W}{kind}") if f"{kind}s" in roots else ())
            }
            for kind in ("footnote", "endnote")
        }
        self._numbers = dict.fromkeys(self._notes, 0)
        self._carried = ""  # text in front of a deleted paragraph mark

    def blocks(self, container: Element) -> None:
        """Compose what stands in a container: paragraphs, tables, and containers again."""
        for element in container.iterchildren("*"):
            kind = _name(element)
            if kind == "p":
                self._paragraph(element)
            elif kind == "tbl":
                self._table(element)
            elif kind == "sdt" and value(element, "sdtPr/docPartObj/docPartGallery") == "Table of Contents":
                continue
            elif kind in _CONTAINERS:
                self.blocks(element)

    def _paragraph(self, paragraph: Element) -> None:
        attached: list[Element] = []
        words = self._carried + _words(paragraph, attached)
        self._carried = ""
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self._carried = words
            return
        look = self._styles.look(paragraph)
        if words.strip() and look.kind != "contents":
            label = self._numbering.label(look.number) if look.number else ""
            words = f"{label} {words}" if label else words
            if look.kind == "title" and self.title is None:
                self.title = one_line(words)
            if look.kind in ("heading", "title"):
                # under the document's title, where it has one
                self.composer.heading(words, look.level + (look.kind == "heading" and self.title is not None))
            elif look.kind == "caption":
                self.composer.caption(words)
            elif look.number:
                self.composer.item(words, look.number[1])
            else:
                self.composer.paragraph(words)
        self._attach(attached)

    def _attach(self, attached: list[Element]) -> None:
        """Notes and text boxes, behind the paragraph or table they belong to."""
        for element in attached:
            kind = _name(element)
            if kind == "txbxContent":
                self.blocks(element)
                continue
            note = self._notes[kind].get(element.get(f"{W}id"))
            if note is not None:
                self._numbers[kind] += 1
                words = joined(_words(paragraph, []) for paragraph in note.iter(f"{W}p"))
                self.composer.footnote(f"{self._numbers[kind]} {words}")

    def _table(self, table: Element) -> None:
        rows = [list(_children(row, "tc")) for row in _children(table, "tr") if row.find(f"{W}trPr/{W}del") is None]
        if all(len(row) <= 1 for row in rows):  # a box around text
            for row in rows:
                for cell in row:
                    self.blocks(cell)
            return
        attached: list[Element] = []
        compose_table(self.composer, enumerate(_grid(rows, attached), 1))
        self._attach(attached)


def _grid(rows: list[list[Element]], attached: list[Element]) -> Iterator[list[str]]:
    """The texts of cells by row and column; a cell that goes on with the one above has its words again."""
    above: dict[int, str] = {}  # columns that a merged cell covers
    for row in rows:
        cells: list[str] = []
        own = goes_on = False
        for cell in row:
            span = min(whole(value(cell, "tcPr/gridSpan")) or 1, _MAX_SPAN)
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if merged is not None and merged.get(f"{W}val", "continue") == "continue":
                words, goes_on = above.get(len(cells), ""), True
            else:
                words = joined(_words(p, attached) for p in cell.iter(f"{W}p") if not _in_box(p, cell))
                own = own or bool(words)
                above[len(cells)] = repeated(words) if merged is not None else ""
            cells += [words, *[""] * (span - 1)]
        if own or not goes_on:  # a row that only goes on says nothing new
            yield cells


def _in_box(paragraph: Element, cell: Element) -> bool:
    for parent in paragraph.iterancestors():
        if parent is cell:
            return False
        if _name(parent) in ("txbxContent", "Fallback"):
            return True
    return False


def _children(element: Element, kind: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those in a control or a tracked insertion."""
    for child in element.iterchildren("*"):
        if _name(child) == kind:
            yield child
        elif _name(child) in _CONTAINERS:
            yield from _children(child, kind)


def _words(paragraph: Element, attached: list[Element]) -> str:
    """The text of a paragraph as it is shown; notes and text boxes in it are added to `attached`."""
    words: list[str] = []
    stack = [(child, False) for child in reversed(paragraph)]
    while stack:
        element, high = stack.pop()
        kind = _name(element)
        if kind in ("t", "noBreakHyphen"):
            text = "-" if kind == "noBreakHyphen" else element.text or ""
            words.append(raised(text) if high else text)
        elif kind in _SPACES:
            words.append(" ")
        elif kind in ("txbxContent", "footnoteReference", "endnoteReference"):
            attached.append(element)
        elif kind and kind not in _LEFT_OUT and not _hidden(element):
            high = high or value(element, "rPr/vertAlign") == "superscript"
            stack += [(child, high) for child in reversed(element)]
    return "".join(words)


def _hidden(run: Element) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val", "1") not in ("0", "false")


def _name(element: Element) -> str:
    """A tag without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
