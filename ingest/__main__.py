"""The command lotse-ingest."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from assistant.console import run_command
from assistant.models import load_embedder
from assistant.resources import resource_dir
from assistant.settings import Settings, load_settings
from ingest.build import ingest
from ingest.doctor import examine
from ingest.files import check_paths
from ingest.progress import report_line, shown_progress, summary

SOME_REFUSED = 3
SOMETHING_OPEN = 3

app = typer.Typer(add_completion=False)


@app.command()
def ingest_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH ...]", help="Files, folders or, with LOTSE_FETCH, addresses; default: the shipped corpus."
        ),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the index.", metavar="DIR")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print events and report as JSON lines.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Import nothing: examine the index and the files, repair what can be.")
    ] = False,
) -> None:
    """Bring the index in line with the files under PATH: new and changed in, removed out, unchanged untouched."""
    settings = load_settings()
    check_paths(paths or [], fetch=settings.fetch and not check)
    folder = data or settings.data
    if check:
        _check(settings, folder, paths or [], as_json=as_json)
    with shown_progress(as_json=as_json) as tell:
        report = ingest(
            paths or [resource_dir("corpus")],
            folder,
            load_embedder(settings, later=True),
            chroma_url=settings.chroma_url,
            fetch=settings.fetch,
            tell=tell,
        )
    typer.echo(report_line(report) if as_json else summary(report))
    raise typer.Exit(SOME_REFUSED if report.refused else 0)


def _check(settings: Settings, data: Path, paths: list[Path], *, as_json: bool) -> None:
    findings = examine(data, paths, chroma_url=settings.chroma_url)
    for finding in findings:
        typer.echo(json.dumps(dataclasses.asdict(finding), ensure_ascii=False) if as_json else str(finding))
    left = sum(finding.is_open for finding in findings)
    if not as_json:
        typer.echo(f"{len(findings)} findings, {left} of them for you." if findings else "Nothing to complain about.")
    raise typer.Exit(SOMETHING_OPEN if left else 0)


def main() -> None:
    """Run the command; errors become one line and an exit code."""
    run_command(app)


if __name__ == "__main__":
    main()
