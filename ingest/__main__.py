"""The command lotse-ingest."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.console import run_command
from assistant.models import load_embedder
from assistant.resources import resource_dir
from assistant.settings import load_settings
from ingest.build import Report, ingest
from ingest.files import check_paths

SOME_REFUSED = 3

app = typer.Typer(add_completion=False)


@app.command()
def ingest_command(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH ...]", help="Files or folders; default: the shipped corpus.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the index.", metavar="DIR")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Bring the index in line with the files under PATH: new and changed in, removed out, unchanged untouched."""
    settings = load_settings()
    chosen = paths or [resource_dir("corpus")]
    check_paths(chosen)  # before the model is loaded, which takes seconds
    console = Console(stderr=True)
    columns = (TextColumn("Embedding"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("embedding", total=None)
        report = ingest(
            chosen,
            data or settings.data,
            load_embedder(settings),
            chroma_url=settings.chroma_url,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    typer.echo(json.dumps(dataclasses.asdict(report), ensure_ascii=False) if as_json else _summary(report))
    raise typer.Exit(SOME_REFUSED if report.refused else 0)


def _summary(report: Report) -> str:
    refused = [f"refused {refusal.name}: {refusal.reason}" for refusal in report.refused]
    closing = (
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{len(report.unchanged)} unchanged, {len(report.refused)} refused; "
        f"the index {report.version} holds {report.documents} documents in {report.passages} passages."
    )
    return "\n".join([*refused, closing])


def main() -> None:
    """Run the command; errors become one line and an exit code."""
    run_command(app)


if __name__ == "__main__":
    main()
