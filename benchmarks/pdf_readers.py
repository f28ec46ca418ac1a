"""How PDF libraries read the PDFs of a folder: time a page, order of two columns, tables, hyphens at line ends.

    python benchmarks/pdf_readers.py FOLDER

Those of pypdfium2, pypdf, pdfplumber and kreuzberg that are installed, and our reader; milliseconds of computing.
Why pypdfium2 is the one we use (13 German documents, 315 pages, November 2026): 1.1 ms a page, against 2.3 for
kreuzberg 4.10, 13.6 for pypdf 7.1 and 53.8 for pdfplumber 0.11; BSD-3-Clause and Apache-2.0 (PyMuPDF, as fast, is
AGPL); released every few weeks with a new PDFium, the reader of Chrome, which nobody's files meet unprepared. None of
the four tells cells of a table apart or reads columns that were written line by line. pypdfium2 gives the place, size
and weight of every letter, and from these ingest/read finds columns, tables, headings and footnotes: 10.5 ms a page
with the mending of the text, which is less than embedding it takes by far. kreuzberg came second: it keeps the places
to itself, and draws in an engine for 90 other formats. docling was not tried: it needs gigabytes of models.
"""

from __future__ import annotations

import importlib.util
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Annotated

import typer
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from assistant.console import run_command
from assistant.errors import UnreadableFileError
from ingest.read.pdf import read_pdf
from tests.ingest.make_pdf import Pdf

app = typer.Typer(add_completion=False)
Reader = Callable[[bytes], list[str]]  # the text of each page

LEFT = [
    "Der Hafen hat siebzehn Kräne, von denen der",
    "größte neunzig Tonnen hebt. Er steht auf",
    "der Mole im Süden der Stadt.",
]
RIGHT = [
    "Die Fähren legen im Norden an. Sie fahren",
    "im Sommer zwölfmal am Tag, im Winter",
    "aber nur zweimal, weil Eis sie bremst.",
]
ROWS = [("Indikator", "Zielwert", "Status"), ("Betriebe am Kai", "120", "erreicht"), ("Umschlag", "4,5 Mio.", "offen")]


def with_pypdfium2(data: bytes) -> list[str]:
    """PDFium's own order of the text, without our layout."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def with_pypdf(data: bytes) -> list[str]:
    """Pure Python."""
    import pypdf

    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def with_pdfplumber(data: bytes) -> list[str]:
    """On pdfminer.six; knows the place of every character."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        return [page.extract_text() for page in document.pages]


def with_kreuzberg(data: bytes) -> list[str]:
    """Rust; gives the document as a whole."""
    import kreuzberg

    return [kreuzberg.extract_bytes_sync(data, "application/pdf").content]


def with_ours(data: bytes) -> list[str]:
    """pypdfium2 with columns, tables, headings and footnotes found from the layout, and the text mended."""
    return [read_pdf(data).text]


READERS: dict[str, Reader] = {
    "pypdfium2": with_pypdfium2,
    "pypdf": with_pypdf,
    "pdfplumber": with_pdfplumber,
    "kreuzberg": with_kreuzberg,
    "ours": with_ours,
}


@dataclass(frozen=True)
class Sample:
    """A page we know: what must be found in its text as it stands there."""

    data: bytes
    expected: list[str]

    def score(self, read: Reader) -> str:
        """How much of it a reader finds."""
        text = " ".join(" ".join(read(self.data)).split())
        return f"{sum(words in text for words in self.expected)}/{len(self.expected)}"


def samples() -> dict[str, Sample]:
    """Columns written one after the other and line by line, a table, words broken at line ends."""
    by_column, by_line, table = Pdf(), Pdf(), Pdf()
    by_column.lines(LEFT, 60, y=100).lines(RIGHT, 320, y=100)
    for number, (left, right) in enumerate(zip(LEFT * 2, RIGHT * 2, strict=True)):
        by_line.line(left, 60, y=100 + 12 * number).line(right, 320, y=100 + 12 * number)
    for row in ROWS:
        table.y += 16
        for x, words in zip((60, 260, 400), row, strict=True):
            table.line(words, x, y=table.y)
    hyphens = (
        Pdf().line("Die Stadt fördert die Wissen-").line("schaften an der Achse Leipzig-").line("Dresden seit 2019.")
    )
    whole, twice = [" ".join(LEFT), " ".join(RIGHT)], [" ".join(LEFT * 2), " ".join(RIGHT * 2)]
    return {
        "columns": Sample(by_column.data(), whole),
        "columns by line": Sample(by_line.data(), twice),
        "cells apart": Sample(table.data(), [f"{a} | {b} | {c}" for a, b, c in ROWS]),
        "hyphens": Sample(hyphens.data(), ["Wissenschaften", "Leipzig-Dresden"]),
    }


@app.command()
def pdf_readers(folder: Annotated[Path, typer.Argument(exists=True, file_okay=False)]) -> None:
    """Print the table."""
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.pdf"))}
    pages = {name: sum(1 for _ in with_pypdfium2(data)) for name, data in files.items()}
    known = samples()
    console = Console()
    table = Table("reader", "version", "licence", "pages/s", "ms/page", "failed", *known, box=MARKDOWN)
    for name, read in READERS.items():
        if name != "ours" and importlib.util.find_spec(name) is None:
            continue
        seconds, done, failed = 0.0, 0, 0
        for file, data in files.items():
            start = time.process_time()
            try:
                read(data)
            except (UnreadableFileError, ValueError, RuntimeError, KeyError, TypeError) as error:
                failed += 1
                console.print(f"{name} on {file}: {error}", style="dim")
                continue
            seconds, done = seconds + time.process_time() - start, done + pages[file]
        about = metadata(name) if name != "ours" else {}
        licence = about.get("License-Expression") or (about.get("License") or "")[:40]
        table.add_row(
            name,
            version(name) if name != "ours" else "",
            licence,
            f"{done / seconds:,.0f}" if seconds else "",
            f"{1000 * seconds / done:.1f}" if done else "",
            str(failed),
            *(sample.score(read) for sample in known.values()),
        )
    console.print(f"{len(files)} files, {sum(pages.values())} pages")
    console.print(table)


if __name__ == "__main__":
    run_command(app)
