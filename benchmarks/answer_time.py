"""What answering costs on top of embedding the question: ratios, both sides measured in turns within one run.

python benchmarks/answer_time.py [--sample N] [--data DIR]
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from measure import Pair, in_turns, spread
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from assistant.console import run_command
from assistant.pipeline import build_service
from assistant.settings import load_settings
from evals.cases import load_cases, shipped_files

app = typer.Typer(add_completion=False)

WARM_UP = 3  # questions; the first ones open files


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


@app.command()
def answer_time(
    sample: Annotated[int | None, typer.Option(help="Only so many questions.", min=1)] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the index of the shipped corpus.", metavar="DIR")] = None,
) -> None:
    """Print the table."""
    table = Table("median of", "whole, ms", "embedding alone, ms", "ratio", box=MARKDOWN)
    table.add_row(*answering(sample, data).row())
    Console().print(table)


if __name__ == "__main__":
    run_command(app)
