"""PDF: the lines of every page in reading order, tables as rows; pages without text are read by Tesseract."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import pairwise

from assistant.errors import UnreadableFileError
from ingest.clean.compose import compose_lines
from ingest.clean.lines import TextLine
from ingest.read import ocr
from ingest.read.blocks import Reading, Stated
from ingest.read.layout import Column, arranged
from ingest.read.pdfium import Page, metadata, opened
from ingest.read.roles import body_of, lines_of_pages
from ingest.read.strips import Strip, strips_of, turned_of
from ingest.read.tables import Table

MOST_PAGES = 2_000
MOST_CHARACTERS = 20_000_000
_MARGIN = 0.1  # of the page's height, at its top and bottom: where running heads stand
_NO_TITLE = re.compile(
    r"(?:Microsoft (?:Word|PowerPoint|Excel)\b.*|untitled|unbenannt|ohne titel|document\d*|dokument\d*|presentation\d*"
    r"|präsentation\d*|folie \d+|slide \d+|.*\.(?:docx?|pptx?|xlsx?|odt|indd|qxd|pdf|tex|dvi|rtf|cdr|ai)|[\d\W_]*|\w{0,3})",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:e\. ?V\.|g?GmbH|AG|KG|Verein|Verband|Bundes\w+|Landes\w+|Ministerium|\w+ministerium|Stiftung|Universität|Hochschule"
    r"|Institut|Gesellschaft|Akademie|Agentur|Kammer|Stadt|Freistaat|Cluster\w*|Netzwerk|Zentrum|Forum|Association|University"
    r"|Institute|Ministry|Foundation|Agency|Commission|Council|Network|Ltd|Inc)\b"
)


def read_pdf(data: bytes) -> Reading:
    """Read a PDF.

    Raises:
        UnreadableFileError: protected, damaged, without text (and no Tesseract), or too large.
    """
    with opened(data) as document:
        count = len(document)
        if count > MOST_PAGES:
            raise UnreadableFileError(f"it has {count:,} pages, more than {MOST_PAGES:,}.", "Split it.")
        pages = _Pages()
        for index in range(count):
            with Page(document, index) as page:
                pages.add(page)
        stated = _stated(metadata(document))
    return compose_lines(pages.lines(), stated)


class _Pages:
    """What has been read so far."""

    def __init__(self) -> None:
        self._flows: list[list[Column | Table]] = []
        self._turned: list[list[str]] = []
        self._scanned: dict[int, list[TextLine]] = {}
        self._without_text = 0
        self._length = 0

    def add(self, page: Page) -> None:
        """Read the next page."""
        pieces = page.pieces()
        self._length += sum(len(piece.text) for piece in pieces)
        if self._length > MOST_CHARACTERS:
            raise UnreadableFileError(f"it holds more than {MOST_CHARACTERS:,} characters.", "Split it.")
        self._flows.append(_flows(strips_of(pieces), page))
        self._turned.append(turned_of(pieces))
        if not pieces:
            self._without_text += 1
            if ocr.available():
                number = len(self._flows)
                self._scanned[number] = [
                    TextLine(line.text, number, gap=line.gap) for line in ocr.read_picture(page.picture())
                ]

    def lines(self) -> list[TextLine]:
        """All lines in reading order."""
        found: list[TextLine] = []
        for number, lines in enumerate(lines_of_pages(self._flows, body_of(self._flows)), 1):
            found += lines or self._scanned.get(number, [])
            found += [TextLine(text, number, "caption", gap=True) for text in self._turned[number - 1]]
        if not any(line.text.strip() for line in found):
            raise self._no_text()
        return found

    def _no_text(self) -> UnreadableFileError:
        if not self._flows:
            return UnreadableFileError("it has no pages.", "Remove it.")
        if ocr.available():
            return UnreadableFileError("it holds no text, and Tesseract finds none.", "Remove it, or scan it again.")
        return UnreadableFileError("it holds no text (a scan?).", ocr.INSTALL)


def _flows(strips: list[Strip], page: Page) -> list[Column | Table]:
    """Columns and tables of a page; running heads first and last, so that they stand in no column."""
    head, body, foot = _margins(strips, page.height)
    flows = list(arranged(body, cache(page.rules)))
    if head:
        flows.insert(0, Column(_by_rows(head), margin=True))
    if foot:
        flows.append(Column(_by_rows(foot), margin=True))
    return flows


def _by_rows(strips: list[Strip]) -> list[Strip]:
    return sorted(strips, key=lambda s: (round(s.base), s.x0))


def _margins(strips: list[Strip], height: float) -> tuple[list[Strip], list[Strip], list[Strip]]:
    """What stands at the top and at the bottom of the page, parted from the rest by white space, and the rest."""
    rows = sorted(strips, key=lambda s: s.base)
    above, below = float("-inf"), float("inf")
    for a, b in pairwise(rows):
        if b.base - a.base - 0.75 * b.size - 0.2 * a.size > 0.8 * min(a.size, b.size):  # white space
            if a.base < _MARGIN * height:
                above = a.base
            elif b.base > (1 - _MARGIN) * height:
                below = b.base
    return (
        [s for s in strips if s.base <= above],
        [s for s in strips if above < s.base < below],
        [s for s in strips if s.base >= below],
    )


def _stated(values: dict[str, str]) -> Stated:
    title, author = values.get("Title", ""), values.get("Author", "")
    return Stated(
        title=None if _NO_TITLE.fullmatch(title) else " ".join(title.split()),
        publisher=" ".join(author.split()) if _BODY.search(author) else None,
        metadata_date=_iso(values.get("CreationDate", "")) or _iso(values.get("ModDate", "")),
    )


def _iso(stamp: str) -> str | None:
    """The day of a PDF's time stamp ("D:20240131160855+01'00'")."""
    match = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", stamp)
    if not match:
        return None
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        return None
