"""A page of a PDF as a picture, a quote marked on it, drawn in a process of its own so that a bad file costs only that.

`python -m assistant.page_picture PAGE WIDTH` reads the file from its standard input and writes a PNG; the letters of a quote
to be marked are in the environment variable QUOTE, where other users do not see them.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import UnreadableFileError

SECONDS = 20  # for one page
_MEMORY = 2_000_000_000  # bytes of addresses; PDFium takes few hundred million for the worst page seen
_MOST_PIXELS = 12_000_000
_NO_PAGE = 3
_MARK = (255, 229, 138)
_AROUND = 3  # pixels around a marked line
_LONGEST = 20_000  # letters of a quote that is looked for

if TYPE_CHECKING:
    from PIL.Image import Image


def page_picture(path: Path, page: int, width: int = 1200, quote: str = "") -> bytes:
    """A page of a file as PNG.

    Args:
        path: of a PDF.
        page: from 1.
        width: of the picture in pixels.
        quote: marked if its letters and figures stand on the page in this order, whatever lies between them.

    Raises:
        UnreadableFileError: it cannot be drawn, or has no such page.
    """
    with path.open("rb") as file:
        try:
            done = subprocess.run(  # noqa: S603 - ourselves
                [sys.executable, "-P", "-m", "assistant.page_picture", str(page), str(width)],
                env={  # no keys: it needs none
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                    "PYTHONUTF8": "1",
                    "QUOTE": letters(quote)[:_LONGEST],
                },
                stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise UnreadableFileError("The page takes too long to draw.", "Open the original file.") from None
    if done.returncode == _NO_PAGE:
        raise UnreadableFileError(f"The document has no page {page}.", "Pages are counted from 1.")
    if done.returncode:
        raise UnreadableFileError("The page cannot be drawn.", "Open the original file.")
    return done.stdout


def letters(text: str) -> str:
    """What is compared: letters and figures in one form, without marks, spaces and hyphens."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def find(characters: Sequence[str], quote: str) -> list[int]:
    """The places of a quote among the characters of a page; empty where it is not there once and in one piece."""
    joined: list[str] = []
    places: list[int] = []
    for place, character in enumerate(characters):
        kept = letters(character)
        joined.append(kept)
        places += [place] * len(kept)
    wanted = letters(quote)
    start = "".join(joined).find(wanted) if wanted else -1
    return sorted(set(places[start : start + len(wanted)])) if start >= 0 else []


def draw(data: bytes, page: int, width: int, quote: str) -> bytes | None:
    """The picture, or None where there is no such page."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        if not 1 <= page <= len(document):
            return None
        drawn = document[page - 1]
        across, down = drawn.get_size()
        scale = min(width / max(across, 1.0), (_MOST_PIXELS / max(across * down, 1.0)) ** 0.5)
        bitmap = drawn.render(scale=scale)
        picture = bitmap.to_pil()
        png = io.BytesIO()
        _marked(picture.convert("RGB"), bitmap, drawn, quote).save(png, "PNG") if quote else picture.save(png, "PNG")
        return png.getvalue()


def _marked(picture: Image, bitmap: Any, page: Any, quote: str) -> Image:
    """The picture with what was found of the quote coloured."""
    from PIL import Image, ImageChops, ImageDraw
    from pypdfium2 import raw

    text = page.get_textpage()
    characters = [chr(raw.FPDFText_GetUnicode(text.raw, place)) for place in range(text.count_chars())]
    to_pixels = bitmap.get_posconv(page).to_bitmap
    marks = Image.new("RGB", picture.size, "white")
    pen = ImageDraw.Draw(marks)
    for place in find(characters, quote):
        left, bottom, right, top = text.get_charbox(place, loose=True)
        (x0, y0), (x1, y1) = to_pixels(left, bottom), to_pixels(right, top)
        box = (min(x0, x1) - _AROUND, min(y0, y1) - 1, max(x0, x1) + _AROUND, max(y0, y1) + 1)
        pen.rectangle(box, fill=_MARK)
    return ImageChops.multiply(picture, marks)


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> int:
    """Draw what stands at the standard input."""
    data = sys.stdin.buffer.read()
    _limited()
    picture = draw(data, int(sys.argv[1]), int(sys.argv[2]), os.environ.get("QUOTE", ""))
    if picture is None:
        return _NO_PAGE
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
