"""What importing costs on top of embedding, what an unchanged and a hardly changed folder cost, and the memory.

    python benchmarks/import_time.py [--documents N] [--length CHARACTERS] [--no-pdf]

The documents are those of the shipped corpus, again and again with other numbers, so that no two texts are the same.
Each import is a process of its own, as a user starts it; embedding alone is the same texts in the same process as one.
Bars: import ≤ 1.15 x embedding alone for text, ≤ 1.5 x for PDF; unchanged ≤ 2 %, one changed file ≤ 3 % of the first
import. `benchmarks/import_memory.py` looks at the memory.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from assistant.console import run_command
from assistant.index.late_interaction import Embedded
from assistant.models import SentenceEmbeddings, load_embedder
from assistant.resources import resource_dir
from assistant.settings import load_settings
from ingest.build import ingest

app = typer.Typer(add_completion=False)
_DIGIT = re.compile(r"\d")


def documents(count: int, length: int) -> Iterator[tuple[str, str]]:
    """Names and texts of about `length` characters; every paragraph carries a number that occurs nowhere else."""
    files = sorted(resource_dir("corpus").rglob("*.md"))
    for number in range(count):
        file = files[number % len(files)]
        front, _, body = file.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
        parts = body[:length].split("\n\n")
        body = "\n\n".join(
            part if part.startswith("#") else _numbered(part, f"{number}.{place}")
            for place, part in enumerate(parts[:-1] or parts)
        )
        front = "\n".join(line for line in front.splitlines() if not line.startswith("translation_of"))
        yield f"{file.parent.name}-{number:05d}.md", f"---\n{front}\n---\n{body}"


def _numbered(paragraph: str, number: str) -> str:
    """Every line and sentence ends on the number."""
    return re.sub(r"(?<=[^\W\d_]{3})\.(?=\s|$)", f" [{number}].", paragraph)


class Recorder(SentenceEmbeddings):
    """Embeds nothing; keeps the batches of texts an import asks for."""

    def __init__(self) -> None:
        self.name, self.batches = "benchmark/recorder", list[list[str]]()
        self._random = np.random.default_rng(0)

    def documents(self, texts: list[str]) -> list[Embedded]:
        """Vectors of 8 numbers, at random."""
        self.batches.append(texts)
        return [Embedded(vector) for vector in self._random.normal(size=(len(texts), 8)).astype(np.float32)]


def embedding_alone(folder: Path) -> tuple[float, int]:
    """Seconds it takes to embed the texts of an import, and how many there are; loading the model does not count."""
    with tempfile.TemporaryDirectory() as data:
        recorder = Recorder()
        ingest([folder], Path(data), recorder)
    embedder = load_embedder(load_settings())
    embedder.documents(["warm"])
    start = time.perf_counter()
    for batch in recorder.batches:
        embedder.documents(batch)
    return time.perf_counter() - start, sum(map(len, recorder.batches))


def import_process(folder: Path, data: Path) -> tuple[float, dict[str, object]]:
    """Seconds of `lotse-ingest` as a whole process, and its report."""
    command = [sys.executable, "-m", "ingest", str(folder), "--data", str(data), "--json"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    took = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(done.stderr or done.stdout[-2000:])
    return took, json.loads(done.stdout.splitlines()[-1])


def starting() -> float:
    """Seconds a process needs to load the model and embed one text: part of every import, whatever its size."""
    code = "import assistant.models as m, assistant.settings as s; m.load_embedder(s.load_settings()).document_vectors(['x'])"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - ourselves
    return time.perf_counter() - start


def as_pdf(text: str, path: Path) -> None:
    """The text on A4 pages."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pagesize=A4)
    lines = [line for part in text.splitlines() for line in textwrap.wrap(part, 90) or [""]]
    for start in range(0, len(lines), 55):
        for row, line in enumerate(lines[start : start + 55]):
            canvas.drawString(60, 790 - 13 * row, line)
        canvas.showPage()
    canvas.save()


def compared(name: str, seconds: float, against: str, other: float) -> tuple[str, ...]:
    """A row of the table."""
    return name, f"{seconds:.1f}", against, f"{other:.1f}", f"{seconds / other:.3f}"


@app.command()
def import_time(
    count: Annotated[int, typer.Option("--documents", help="How many documents.", min=10)] = 1000,
    length: Annotated[int, typer.Option(help="Characters of a document, about.", min=500)] = 3000,
    alone: Annotated[bool, typer.Option(help="Measure embedding alone, too.")] = True,
    pdf: Annotated[bool, typer.Option(help="Also measure PDF files.")] = True,
) -> None:
    """Print the table."""
    table = Table("import of", "seconds", "against", "seconds", "ratio", box=MARKDOWN)
    with tempfile.TemporaryDirectory() as name:
        folder, data = Path(name) / "documents", Path(name) / "data"
        folder.mkdir()
        for file, text in documents(count, length):
            (folder / file).write_text(text, encoding="utf-8")
        first, report = import_process(folder, data)
        start = starting()
        if alone:
            took, texts = embedding_alone(folder)
            about = f"{count:,} documents, {report['passages']:,} chunks, {texts:,} texts"
            table.add_row(*compared(about, first, "embedding alone + loading", took + start))
        again, _ = import_process(folder, data)
        table.add_row(*compared("the same again", again, "the first import", first))
        changed = folder / sorted(folder.iterdir())[count // 2].name
        changed.write_text(
            changed.read_text(encoding="utf-8") + "\n\nEin neuer Satz über 4711 Stellen.\n", encoding="utf-8"
        )
        one, _ = import_process(folder, data)
        table.add_row(*compared("one changed file", one, "the first import", first))
        if pdf:
            pages = Path(name) / "pdf"
            pages.mkdir()
            for file, text in documents(min(count, 100), 3 * length):
                as_pdf(text, pages / f"{file}.pdf")
            whole, report = import_process(pages, Path(name) / "pdf-data")
            took, texts = embedding_alone(pages)
            about = f"{report['documents']} PDF files, {texts:,} texts"
            table.add_row(*compared(about, whole, "embedding alone + loading", took + start))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        table.add_row("peak memory of an import", f"{peak:.2f} GB", "", "", "")
    Console(width=150).print(table)


if __name__ == "__main__":
    run_command(app)
