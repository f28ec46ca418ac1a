"""A page of a PDF as a picture, drawn in a process of its own so that a bad file costs only that.

`python -m assistant.page_picture PAGE WIDTH` reads the file from its standard input and writes a PNG.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
from pathlib import Path

from assistant.errors import UnreadableFileError

SECONDS = 20  # for one page
_MEMORY = 2_000_000_000  # bytes of addresses; PDFium takes few hundred million for the worst page seen
_MOST_PIXELS = 12_000_000
_NO_PAGE = 3


def page_picture(path: Path, page: int, width: int = 1200) -> bytes:
    """A page of a file as PNG.

    Args:
        path: of a PDF.
        page: from 1.
        width: of the picture in pixels.

    Raises:
        UnreadableFileError: it cannot be drawn, or has no such page.
    """
    with path.open("rb") as file:
        try:
            done = subprocess.run(  # noqa: S603 - ourselves
                [sys.executable, "-P", "-m", "assistant.page_picture", str(page), str(width)],
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},  # no keys: it needs none
                stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise UnreadableFileError("The page takes too long to draw.", "Open the original file.") from None
    if done.returncode == _NO_PAGE:
        raise UnreadableFileError(f"The document has no page {page}.", "Pages are counted from 1.")
    if done.returncode:
        raise UnreadableFileError("The page cannot be drawn.", "Open the original file.")
    return done.stdout


def draw(data: bytes, page: int, width: int) -> bytes | None:
    """The picture, or None where there is no such page."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        if not 1 <= page <= len(document):
            return None
        drawn = document[page - 1]
        across, down = drawn.get_size()
        scale = min(width / max(across, 1.0), (_MOST_PIXELS / max(across * down, 1.0)) ** 0.5)
        png = io.BytesIO()
        drawn.render(scale=scale).to_pil().save(png, "PNG")
        return png.getvalue()


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> int:
    """Draw what stands at the standard input."""
    data = sys.stdin.buffer.read()
    _limited()
    picture = draw(data, int(sys.argv[1]), int(sys.argv[2]))
    if picture is None:
        return _NO_PAGE
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
