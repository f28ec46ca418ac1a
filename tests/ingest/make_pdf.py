"""PDFs for tests: text at given places, scans, and files that are broken on purpose."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


class Pdf:
    """A document under construction; `y` counts down from the upper edge, in points."""

    def __init__(self, *, key: str = "", **about: str) -> None:
        self._file = io.BytesIO()
        encryption = StandardEncryption(key, canPrint=1) if key else None
        self._canvas = Canvas(self._file, pagesize=A4, invariant=1, encrypt=encryption)
        for name, value in about.items():
            getattr(self._canvas, f"set{name.title()}")(value)
        self.y = 60.0

    def line(
        self, words: str, x: float = 60, *, y: float | None = None, size: float = 10, font: str = "Helvetica"
    ) -> Pdf:
        """One line; without `y` below the last one."""
        if font == "Vera" and font not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont("Vera", FONT))
        self.y = self.y + 1.2 * size if y is None else y
        self._canvas.setFont(font, size)
        self._canvas.drawString(x, HEIGHT - self.y, words)
        return self

    def lines(self, words: Sequence[str], x: float = 60, *, y: float | None = None, size: float = 10) -> Pdf:
        """Lines below each other, the first with a little white space in front."""
        self.y = self.y + 8 if y is None else y - 1.2 * size
        for text in words:
            self.line(text, x, size=size)
        return self

    def heading(self, words: str, size: float = 16) -> Pdf:
        """A bold line with white space around it."""
        self.y += 14
        self.line(words, size=size, font="Helvetica-Bold")
        self.y += 6
        return self

    def marked(self, before: str, mark: str, after: str) -> Pdf:
        """A line with a raised mark in it."""
        x = 60 + pdfmetrics.stringWidth(before, "Helvetica", 10)
        self.line(before)
        self.line(mark, x, y=self.y - 3.5, size=6)
        x += pdfmetrics.stringWidth(mark, "Helvetica", 6)
        return self.line(after, x, y=self.y + 3.5)

    def rule(self, y: float, x0: float = 60, x1: float = 535) -> Pdf:
        """A ruled line."""
        self._canvas.line(x0, HEIGHT - y, x1, HEIGHT - y)
        return self

    def turned(self, words: str, x: float, y: float) -> Pdf:
        """A line written upwards."""
        self._canvas.saveState()
        self._canvas.translate(x, HEIGHT - y)
        self._canvas.rotate(90)
        self._canvas.setFont("Helvetica", 8)
        self._canvas.drawString(0, 0, words)
        self._canvas.restoreState()
        return self

    def scan(self, lines: Sequence[str]) -> Pdf:
        """A page that is a picture of lines."""
        picture = Image.new("L", (1240, 1754), 255)
        draw, font = ImageDraw.Draw(picture), ImageFont.truetype(FONT, 34)
        for number, words in enumerate(lines):
            draw.text((120, 160 + 52 * number), words, fill=0, font=font)
        self._canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)
        return self

    def rotate(self, degrees: int) -> Pdf:
        """Show the current page turned."""
        self._canvas.setPageRotation(degrees)
        return self

    def page(self) -> Pdf:
        """Begin the next page."""
        self._canvas.showPage()
        self.y = 60.0
        return self

    def data(self) -> bytes:
        """The finished file."""
        self._canvas.showPage()
        self._canvas.save()
        return self._file.getvalue()


def with_objects(objects: Sequence[str], trailer: str = "") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    body = b"%PDF-1.4\n"
    starts = []
    for number, text in enumerate(objects, 1):
        starts.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{start:010} 00000 n \n" for start in starts
    )
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + (table + end).encode()
