"""The command lotse-eval."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.console import FAILED, run_command
from assistant.errors import InvalidInputError
from assistant.pipeline import Service, build_service
from assistant.settings import load_settings
from evals import commands
from evals.cases import Case
from evals.gates import FEWEST_CASES, check_gates, load_gates
from evals.machine import SAMPLE, machine, stage_memory
from evals.outcome import Outcome
from evals.report.data import as_json, as_junit
from evals.report.page import write_page
from evals.report.terminal import print_report
from evals.result import Result
from evals.run import Corpus, run_cases
from evals.stability import load_paraphrases, stability
from evals.suite import Suite, documents_missing, named_cases, own_cases, sample
from evals.summary import summarise

app = typer.Typer(add_completion=False)


@app.command(epilog=f"Other commands: {', '.join(commands.NAMES)}. Each tells with --help what it does.")
def evaluate(
    cases: Annotated[
        list[Path] | None,
        typer.Option(
            help="Cases as JSON Lines, or question, expected, source as CSV; default: our own.", metavar="FILE ..."
        ),
    ] = None,
    more: Annotated[list[Path] | None, typer.Argument(metavar="", hidden=True)] = None,  # --cases one.jsonl two.jsonl
    data: Annotated[Path | None, typer.Option(help="Folder of the index.", metavar="DIR")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write figures and answers as JSON.", metavar="FILE")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            help="Write a page with plots and each wrong answer, and evaluation.json, junit.xml.", metavar="DIR"
        ),
    ] = None,
    facts: Annotated[
        int | None, typer.Option("--sample", min=1, help="Ask about N facts only, the same in every run.", metavar="N")
    ] = None,
) -> None:
    """Ask the evaluation cases and print how many answers are right; exit code 1 if a gate is missed."""
    if more and not cases:
        raise InvalidInputError(f"Unexpected argument {more[0]}.", "Name files with cases after --cases.")
    named = named_cases([*cases, *(more or [])]) if cases else None
    settings = load_settings()
    service = build_service(settings if data is None else settings.model_copy(update={"data": data}))
    corpus = Corpus.of(service.index.current().store)
    documents = {document.name for document in corpus.documents.values()}
    suite = sample(named or own_cases(documents), facts)
    for line in (*suite.skipped, *documents_missing(suite, documents)):
        typer.echo(line)
    result = measure(suite, service, corpus)
    print_report(result, Console())
    _write(result, json_file, report)
    for check in result.checks:
        typer.echo(f"Gate {'missed' if check.missed else 'kept'}: {check}")
    if len(suite.cases) < FEWEST_CASES:
        typer.echo(f"Gates decide nothing below {FEWEST_CASES} cases.")
    elif result.missed:
        raise typer.Exit(FAILED)


def measure(suite: Suite, service: Service, corpus: Corpus) -> Result:
    """Ask the cases, then some of them once more, varied and with their memory traced."""
    outcomes = _asked(suite.cases, service, corpus)
    answered = [outcome.case for outcome in outcomes if outcome.answer]
    again = tuple(stability(outcomes, service.assistant, load_paraphrases()))
    summary = summarise(outcomes)
    figures = summary.figures() | {f"stable_{one.variant}": one.share.value for one in again}
    checks = check_gates(load_gates(suite.cases), figures, suite.cases if suite.sampled else ())
    memory = stage_memory(service.assistant, answered[:: max(1, len(answered) // SAMPLE)][:SAMPLE])
    return Result(summary, tuple(checks), tuple(outcomes), again, machine(outcomes, memory))


def _asked(cases: Sequence[Case], service: Service, corpus: Corpus) -> list[Outcome]:
    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking", total=len(cases))
        return list(bar.track(run_cases(cases, service.assistant, corpus), task_id=task))


def _write(result: Result, json_file: Path | None, report: Path | None) -> None:
    if json_file:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(as_json(result) + "\n", encoding="utf-8")
    if report:
        typer.echo(f"Wrong answers: {write_page(report, result)}")
        (report / "evaluation.json").write_text(as_json(result) + "\n", encoding="utf-8")
        (report / "junit.xml").write_text(as_junit(result), encoding="utf-8")


def main() -> None:
    """Run the command; errors become one line and an exit code."""
    run_command(commands.app if sys.argv[1:] and sys.argv[1] in commands.NAMES else app)


if __name__ == "__main__":
    main()
