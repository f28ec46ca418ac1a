"""What eighty times the documents cost: answering and searching a large index beside the one it was made of, in one run.

    python benchmarks/scale.py [--passages 100000] [--sample 100] [--data DIR] [--into DIR]

The large index is made once (see copies.py) and stays: 100,000 passages (547,000 sentences) take
half an hour and 9 GB on disk while it is made, 4 GB after it.
"""

from __future__ import annotations

import gc
import resource
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated

import typer
from copies import build_copies, read_corpus
from measure import seconds, spread
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from assistant.console import run_command
from assistant.index.store import Store
from assistant.index.versions import STORE, served
from assistant.models import SentenceEmbeddings, load_embedder
from assistant.pipeline import Service, build_service
from assistant.resources import resource_dir
from assistant.settings import Settings, load_settings
from assistant.text.language import detect_language
from assistant.types import Question
from evals.cases import load_cases, shipped_files

app = typer.Typer(add_completion=False)

WARM_UP = 5  # questions; the first ones open files
PASSAGES = 10
_WIDTH = 120  # columns, also where the output is no terminal


def service_of(settings: Settings, data: Path, embedder: SentenceEmbeddings) -> tuple[Service, float, float]:
    """A service, the seconds it took to open its index, and the bytes of memory it takes."""
    gc.collect()
    before, opened = _resident(), []
    took = seconds(lambda: opened.append(build_service(settings.model_copy(update={"data": data}), embedder)))
    return opened[0], took, _resident() - before


def _resident() -> float:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def measured(
    small: Service, large: Service, embedder: SentenceEmbeddings, questions: list[str]
) -> dict[str, list[float]]:
    """Seconds of each thing for each question, all of them in turns."""
    times: dict[str, list[float]] = {}
    for question in questions:
        for name, work in _works(small, large, embedder, question):
            times.setdefault(name, []).append(seconds(work))
    return times


def _works(
    small: Service, large: Service, embedder: SentenceEmbeddings, text: str
) -> list[tuple[str, Callable[[], object]]]:
    question = Question(text, text, detect_language(text))
    works: list[tuple[str, Callable[[], object]]] = [("embedding", partial(embedder.query_vector, text))]
    for size, service in (("small", small), ("large", large)):
        works += [
            (f"answer, {size}", partial(service.assistant.ask, text)),
            (f"search, {size}", partial(service.index, question, PASSAGES)),
            (f"search in its language, {size}", partial(service.index, question, PASSAGES, question.language)),
        ]
    return works


@app.command()
def scale(
    passages: Annotated[int, typer.Option(help="Of the large index, about.", min=100)] = 100_000,
    sample: Annotated[int, typer.Option(help="Questions.", min=2)] = 100,
    data: Annotated[Path | None, typer.Option(help="Folder of the index of the shipped corpus.", metavar="DIR")] = None,
    into: Annotated[Path | None, typer.Option(help="Folder of the large index.", metavar="DIR")] = None,
) -> None:
    """Print the tables."""
    settings = load_settings()
    data, into, embedder = data or settings.data, into or Path(f"build/scale-{passages}"), load_embedder(settings)
    if not into.exists():
        with closing(Store(served(data).folder / STORE)) as store:
            took = seconds(
                partial(build_copies, read_corpus([resource_dir("corpus")], store), into, passages, embedder.name)
            )
        print(f"made {into} in {took:,.0f} s")
    opened = {"small": service_of(settings, data, embedder), "large": service_of(settings, into, embedder)}
    (small, *_), (large, *_) = opened.values()
    asked = [case.question for case in load_cases(shipped_files())]
    for question in spread(asked, WARM_UP):
        measured(small, large, embedder, [question])
    times = measured(small, large, embedder, spread(asked, sample))
    table = Table("index", "passages", "sentences", "facts", "opened in, s", "memory, MB", box=MARKDOWN)
    for size, (service, took, memory) in opened.items():
        held, facts = service.index.current().store.counts(), service.index.current().store.fact_count()
        table.add_row(
            size, f"{held['chunks']:,}", f"{held['units']:,}", f"{facts:,}", f"{took:.1f}", f"{memory / 1e6:,.0f}"
        )
    console = Console(width=_WIDTH)
    console.print(table)
    console.print(_ratios(times))


def _ratios(times: dict[str, list[float]]) -> Table:
    table = Table("what", "median, ms", "p95, ms", "median / embedding", "p95 / median", "median / small", box=MARKDOWN)
    middles = {name: median(values) for name, values in times.items()}
    for name, values in times.items():
        middle, most = middles[name], quantiles(values, n=20, method="inclusive")[-1]
        beside = middles.get(name.replace("large", "small"), middle)
        ratios = (middle / middles["embedding"], most / middle, middle / beside)
        table.add_row(name, f"{1000 * middle:.1f}", f"{1000 * most:.1f}", *(f"{ratio:.2f}" for ratio in ratios))
    return table


if __name__ == "__main__":
    run_command(app)
