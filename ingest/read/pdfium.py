"""A PDF as PDFium sees it: text with its places, ruled lines, pictures of pages."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.errors import UnreadableFileError
from ingest.read.pieces import Piece, pieces_of

MOST_OBJECTS = 20_000  # drawn things of one page that are looked at for ruled lines
MOST_PIXELS = 12_000_000  # of a page drawn for Tesseract; A4 at 300 dpi has 9 million
SMALLEST = 1.0  # points; nobody can read less
_DPI = 300
_PASSWORD = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
_SAVE_AGAIN = "Open and save it again in a PDF program."


@contextmanager
def opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """A document, closed afterwards.

    Raises:
        UnreadableFileError: protected by a password, or damaged.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code in _PASSWORD:
            raise UnreadableFileError("it is protected by a password.", "Save it without one.") from None
        raise UnreadableFileError("it is damaged.", _SAVE_AGAIN) from None
    try:
        yield document
    finally:
        document.close()


def metadata(document: pdfium.PdfDocument) -> dict[str, str]:
    """Title, Author, CreationDate and so on, as far as they are given."""
    return {key: value.strip() for key, value in document.get_metadata_dict(skip_empty=True).items()}


class Page:
    """One page; close it."""

    def __init__(self, document: pdfium.PdfDocument, index: int) -> None:
        try:
            self._page = document[index]
            self._text = self._page.get_textpage()
        except pdfium.PdfiumError:
            raise UnreadableFileError(f"its page {index + 1} is damaged.", _SAVE_AGAIN) from None
        self.width, self.height = self._page.get_size()
        self._turn = self._page.get_rotation() // 90
        self._box = self._page.get_bbox()

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()
        self._page.close()

    def pieces(self) -> list[Piece]:
        """The text of the page in the order of the file, without what lies outside the page; empty if it has none."""
        found = [piece for piece in pieces_of(self._text.raw, self._place, self._turn) if self._visible(piece)]
        if sum(piece.text.count("\ufffd") for piece in found) * 2 > sum(len(piece.text) for piece in found):
            return []  # its fonts do not say which letters they draw
        return found

    def _place(self, rect: raw.FS_RECTF) -> tuple[float, float, float, float]:
        """x0, x1, top, bottom as seen, whichever way the page is turned."""
        left, bottom, right, top = self._box
        match self._turn:
            case 1:
                return rect.bottom - bottom, rect.top - bottom, rect.left - left, rect.right - left
            case 2:
                return right - rect.right, right - rect.left, rect.bottom - bottom, rect.top - bottom
            case 3:
                return top - rect.top, top - rect.bottom, right - rect.right, right - rect.left
        return rect.left - left, rect.right - left, top - rect.top, top - rect.bottom

    def _visible(self, piece: Piece) -> bool:
        across, down = (piece.x0 + piece.x1) / 2, (piece.top + piece.bottom) / 2
        return piece.size >= SMALLEST and 0 <= across <= self.width and 0 <= down <= self.height

    def rules(self) -> list[tuple[float, float, float]]:
        """Horizontal ruled lines and edges of boxes: height on the page, left end, right end."""
        rect = raw.FS_RECTF()
        edges = [ctypes.c_float() for _ in range(4)]
        found = []
        for index in range(min(raw.FPDFPage_CountObjects(self._page), MOST_OBJECTS)):
            drawn = raw.FPDFPage_GetObject(self._page, index)
            if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_PATH:
                continue
            if not raw.FPDFPageObj_GetBounds(drawn, *edges):
                continue
            rect.left, rect.bottom, rect.right, rect.top = (edge.value for edge in edges)
            x0, x1, top, bottom = self._place(rect)
            if x1 - x0 > 15:
                found += [(top, x0, x1)] if bottom - top < 3 else [(top, x0, x1), (bottom, x0, x1)]
        return found

    def picture(self) -> bytes:
        """The page in shades of grey at 300 dpi (less for huge pages), as PGM."""
        scale = min(_DPI / 72, math.sqrt(MOST_PIXELS / max(1.0, self.width * self.height)))
        bitmap = self._page.render(scale=scale, grayscale=True)
        try:
            rows = memoryview(bitmap.buffer).cast("B")
            width, stride = bitmap.width, bitmap.stride
            body = b"".join(bytes(rows[line * stride : line * stride + width]) for line in range(bitmap.height))
            return b"P5 %d %d 255\n" % (width, bitmap.height) + body
        finally:
            bitmap.close()
