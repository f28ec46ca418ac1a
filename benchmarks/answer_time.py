"""What answering and importing cost on top of embedding: ratios, both sides measured in turns within one run.

    python benchmarks/answer_time.py [--sample N]

Seconds depend on the machine and on what else it does, so only the ratios are worth comparing.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated, TypeVar

import numpy as np
import typer
from numpy.typing import NDArray
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from assistant.console import run_command
from assistant.models import SentenceEmbeddings, load_embedder
from assistant.pipeline import build_service
from assistant.resources import resource_dir
from assistant.settings import load_settings
from evals.cases import load_cases, shipped_files
from ingest.build import ingest

T = TypeVar("T")
app = typer.Typer(add_completion=False)

WARM_UP = 3  # questions; the first ones open files


@dataclass(frozen=True)
class Pair:
    """Seconds of the whole and of embedding alone, one value per turn."""

    name: str
    whole: list[float]
    alone: list[float]

    def row(self) -> tuple[str, ...]:
        """The row of the table: medians in milliseconds and their ratio."""
        whole, alone = median(self.whole), median(self.alone)
        return self.name, f"{1000 * whole:,.1f}", f"{1000 * alone:,.1f}", f"{whole / alone:.2f}"


class Recorder(SentenceEmbeddings):
    """Embeds nothing; keeps the batches of texts an import asks for."""

    def __init__(self) -> None:
        self.name, self.batches = "benchmark/recorder", list[list[str]]()
        self._random = np.random.default_rng(0)

    def document_vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """Shape (len(texts), 8), at random."""
        self.batches.append(texts)
        return self._random.normal(size=(len(texts), 8)).astype(np.float32)


def seconds(work: Callable[[], object]) -> float:
    """How long the work took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turns(name: str, pairs: Sequence[tuple[Callable[[], object], Callable[[], object]]]) -> Pair:
    """Time both sides of every pair; each time the other one goes first."""
    result = Pair(name, [], [])
    for turn, (whole, alone) in enumerate(pairs):
        sides = [(result.whole, whole), (result.alone, alone)]
        for times, work in sides if turn % 2 == 0 else sides[::-1]:
            times.append(seconds(work))
    return result


def spread(items: Sequence[T], count: int | None) -> list[T]:
    """`count` of the items at even distances; all of them without a count."""
    if count is None or count >= len(items):
        return list(items)
    return [items[index * len(items) // count] for index in range(count)]


def answering(count: int | None, data: Path | None) -> Pair:
    """One turn a question of the evaluation cases, on the index of the settings."""
    settings = load_settings()
    service = build_service(settings.model_copy(update={"data": data}) if data else settings)
    embedder = service.index.embedder
    questions = spread([case.question for case in load_cases(shipped_files())], count)
    for question in spread(questions, WARM_UP):
        service.assistant.ask(question)
    turns = [
        (partial(service.assistant.ask, question), partial(embedder.query_vector, question)) for question in questions
    ]
    return in_turns(f"an answer ({len(questions)} questions)", turns)


def importing(count: int | None, folder: Path) -> Pair:
    """Two turns over the shipped corpus, each into an empty folder."""
    corpus = resource_dir("corpus")
    files = spread(sorted(corpus.rglob("*.md")), count)
    for file in files:  # a folder of its own, since names are relative to the folder that is given
        copy = folder / "documents" / file.relative_to(corpus)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    recorder = Recorder()
    ingest([folder / "documents"], folder / "recorded", recorder)
    embedder = load_embedder(load_settings())

    def embed() -> None:
        for batch in recorder.batches:
            embedder.document_vectors(batch)

    turns = [(partial(ingest, [folder / "documents"], folder / f"turn-{turn}", embedder), embed) for turn in range(2)]
    return in_turns(f"an import ({len(files)} documents, {sum(map(len, recorder.batches)):,} texts)", turns)


@app.command()
def answer_time(
    sample: Annotated[int | None, typer.Option(help="Only so many questions and documents.", min=1)] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the index of the shipped corpus.", metavar="DIR")] = None,
) -> None:
    """Print the table."""
    console = Console()
    table = Table("median of", "whole, ms", "embedding alone, ms", "ratio", box=MARKDOWN)
    with tempfile.TemporaryDirectory() as folder:
        for measure in (partial(answering, sample, data), partial(importing, sample, Path(folder))):
            table.add_row(*measure().row())
    console.print(table)


if __name__ == "__main__":
    run_command(app)
