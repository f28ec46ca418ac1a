"""The command lotse-eval."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.console import FAILED, run_command
from assistant.errors import InvalidInputError
from assistant.pipeline import Service, build_service
from assistant.settings import load_settings
from evals.cases import Case, load_cases, shipped_files
from evals.gates import FEWEST_CASES, check_gates, load_gates
from evals.metrics import Outcome, summarise
from evals.report import as_json, print_report, write_page
from evals.run import run_cases

app = typer.Typer(add_completion=False)


@app.command()
def evaluate(
    cases: Annotated[
        list[Path] | None, typer.Option(help="Cases as JSON Lines; default: the shipped ones.", metavar="FILE ...")
    ] = None,
    more: Annotated[list[Path] | None, typer.Argument(metavar="", hidden=True)] = None,  # --cases one.jsonl two.jsonl
    data: Annotated[Path | None, typer.Option(help="Folder of the index.", metavar="DIR")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write figures and answers as JSON.", metavar="FILE")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write a page with each wrong answer.", metavar="DIR")] = None,
) -> None:
    """Ask the evaluation cases and print how many answers are right; exit code 1 if a gate is missed."""
    if more and not cases:
        raise InvalidInputError(f"Unexpected argument {more[0]}.", "Name files with cases after --cases.")
    loaded = load_cases([*(cases or shipped_files()), *(more or [])])
    settings = load_settings()
    outcomes = _run(loaded, build_service(settings if data is None else settings.model_copy(update={"data": data})))
    summary = summarise(outcomes)
    checks = check_gates(load_gates(), summary.figures())
    print_report(summary, outcomes, Console())
    if json_file:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(as_json(summary, checks, outcomes) + "\n", encoding="utf-8")
    if report:
        typer.echo(f"Wrong answers: {write_page(report, summary, checks, outcomes)}")
    for check in checks:
        typer.echo(f"Gate {'missed' if check.missed else 'kept'}: {check}")
    if len(loaded) < FEWEST_CASES:
        typer.echo(f"Gates decide nothing below {FEWEST_CASES} cases.")
    elif any(check.missed for check in checks):
        raise typer.Exit(FAILED)


def _run(cases: list[Case], service: Service) -> list[Outcome]:
    def text_of(document_id: str) -> str | None:
        document = service.index.document(document_id)
        return document.text if document else None

    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking", total=len(cases))
        return list(bar.track(run_cases(cases, service.assistant, text_of), task_id=task))


def main() -> None:
    """Run the command; errors become one line and an exit code."""
    run_command(app)


if __name__ == "__main__":
    main()
