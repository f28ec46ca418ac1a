"""How much memory an import of many chunks takes: the peak of the importing process and of the one that reads.

    python benchmarks/import_memory.py [--chunks N]

The bar is 1.5 GB for 50,000 chunks. The packaged model is loaded and embeds the first documents; of the others the vectors
are drawn at random, which takes the same memory and hours less.
"""

from __future__ import annotations

import resource
import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from import_time import documents

from assistant.console import run_command
from assistant.index.late_interaction import AXES, Embedded
from assistant.models import SentenceEmbeddings, load_embedder
from assistant.settings import load_settings
from ingest.build import ingest

app = typer.Typer(add_completion=False)
_REAL = 20_000  # texts embedded by the model
_DIMENSION = 384
_TOKENS = 30
_CHUNKS_A_DOCUMENT = 11
_WHOLE = 100_000  # characters: nothing is cut off


class FirstOnes(SentenceEmbeddings):
    """The packaged model for the first texts, then vectors at random around 64 centres."""

    def __init__(self, model: SentenceEmbeddings, real: int) -> None:
        self.name, self._real, self._left = "benchmark/first", model, real
        self._random = np.random.default_rng(0)
        self._centres = self._random.normal(size=(64, _DIMENSION))

    def documents(self, texts: list[str]) -> list[Embedded]:
        """Vectors of 384 numbers, unit length, and tokens as many as a sentence has."""
        if self._left > 0:
            self._left -= len(texts)
            return self._real.documents(texts)
        near = self._centres[self._random.integers(64, size=len(texts))]
        vectors = near + 0.7 * self._random.normal(size=near.shape)
        unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        tokens = self._random.integers(-64, 64, size=(len(texts), _TOKENS, AXES)).astype(np.int8)
        words = np.arange(_TOKENS, dtype=np.int16)
        return [Embedded(*of_text, words) for of_text in zip(unit, tokens, strict=True)]


@app.command()
def import_memory(
    chunks: Annotated[int, typer.Option(help="How many chunks, about.", min=100)] = 50_000,
    real: Annotated[int, typer.Option(help="Texts that the model embeds.", min=1)] = _REAL,
) -> None:
    """Print the peaks."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "documents"
        folder.mkdir()
        for file, text in documents(chunks // _CHUNKS_A_DOCUMENT, _WHOLE):
            (folder / file).write_text(text, encoding="utf-8")
        report = ingest([folder], Path(name) / "data", FirstOnes(load_embedder(load_settings()), real))
    own, child = (resource.getrusage(who).ru_maxrss / 1e6 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{report.documents:,} documents, {report.passages:,} chunks: {own:.2f} GB importing, {child:.2f} GB reading")


if __name__ == "__main__":
    run_command(app)
