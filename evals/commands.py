"""The other commands of lotse-eval: around cases, runs, and data of others."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console

from assistant.console import FAILED
from assistant.errors import InvalidInputError
from assistant.models import load_chat_model, load_embedder
from assistant.pipeline import Assistant, build_assistant, build_service
from assistant.resources import resource_dir
from assistant.settings import Settings, load_settings
from evals import drafts
from evals.cases import load_cases, shipped_files
from evals.compare import as_lines, load_run
from evals.compare import compare as compared
from evals.gates import load_gates
from evals.judge import GradedCase, agreement, grade
from evals.lint import lint as findings_of
from evals.mutations import caught
from evals.order import order_stability
from evals.run import Corpus
from evals.suite import named_cases, own_cases, sample
from ingest.build import ingest

NAMES = ("lint", "compare", "mutate", "order", "judge", "outside", "drafts")
_ORDERED = 8  # documents that are imported in two orders

app = typer.Typer(add_completion=False)
app.add_typer(drafts.app, name="drafts")

Data = Annotated[Path | None, typer.Option(help="Folder of the index.", metavar="DIR")]
Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE ...]", help="Cases; default: our own.")]


class _Graded(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    cases: tuple[GradedCase, ...]


@app.command()
def lint(
    files: Files = None,
    documents: Annotated[
        Path | None, typer.Option(help="Folder with the documents as text; default: the shipped corpus.", metavar="DIR")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Index with the documents, instead.", metavar="DIR")] = None,
) -> None:
    """Prove that cases are sound: evidence verbatim, answers in it, unanswerable ones nowhere; exit code 1 if not."""
    cases = load_cases(files or shipped_files())
    found = findings_of(cases, _indexed(data) if data else _texts(documents or resource_dir("corpus")))
    for finding in found:
        typer.echo(str(finding))
    facts = len({case.fact for case in cases})
    typer.echo(f"{len(cases)} cases on {facts} facts, {len(found)} things to correct.")
    if found:
        raise typer.Exit(FAILED)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="JSON of a run.")],
    after: Annotated[Path, typer.Argument(help="JSON of another one.")],
) -> None:
    """Show case by case what got better and what got worse from one run to another, and whether that is chance."""
    for line in as_lines(compared(load_run(before), load_run(after))):
        typer.echo(line)


@app.command()
def mutate(
    files: Files = None,
    data: Data = None,
    facts: Annotated[int | None, typer.Option("--sample", min=1, help="Ask about N facts only.", metavar="N")] = None,
) -> None:
    """Break the assistant in known ways; exit code 1 if the gates do not notice one of them."""
    service = build_service(_settings(data))
    corpus = Corpus.of(service.index.current().store)
    suite = named_cases(files) if files else own_cases({d.name for d in corpus.documents.values()})
    cases = sample(suite, facts).cases
    missed = 0
    for one in caught(cases, service.assistant, corpus, load_gates(cases)):
        missed += not one.gates
        typer.echo(f"{one.mutation}: {'missed by ' + ', '.join(one.gates) if one.gates else 'NOT NOTICED'}")
    if missed:
        raise typer.Exit(FAILED)


@app.command()
def order() -> None:
    """Import some shipped documents in two orders and ask about them; exit code 1 where an answer differs."""
    corpus, settings = resource_dir("corpus"), load_settings()
    cases = load_cases(shipped_files())
    names = sorted({source for case in cases for source in case.sources if source.startswith("de/")})[:_ORDERED]
    embedder = load_embedder(settings)

    def bring_in(documents: Path, data: Path) -> Assistant:
        ingest([documents], data, embedder)
        return build_assistant(settings.model_copy(update={"data": data}))

    with tempfile.TemporaryDirectory() as folder:
        share = order_stability(cases, [(name, corpus / name) for name in names], Path(folder), bring_in)
    typer.echo(f"{share.hits} of {share.of} questions are answered alike, whatever the order of import.")
    if share.hits < share.of:
        raise typer.Exit(FAILED)


@app.command()
def judge(run: Annotated[Path, typer.Argument(help="JSON of a run.")]) -> None:
    """Let the chat model of LOTSE_MODEL grade the answers of a run, and say how far it agrees; never part of a gate."""
    try:
        graded = _Graded.model_validate_json(run.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        raise InvalidInputError(f"{run} is no run.", "Name a file that lotse-eval --json has written.") from None
    settings = load_settings()
    for line in agreement(grade(graded.cases, load_chat_model(settings)), settings.model or ""):
        typer.echo(line)


@app.command()
def outside(
    source: Annotated[Path, typer.Argument(help="SQuAD's or XQuAD's JSON, or a folder in BEIR's form.")],
    data: Annotated[
        Path | None, typer.Option(help="Where its index is made, and kept; default: a temporary folder.", metavar="DIR")
    ] = None,
    hold_out: Annotated[
        float, typer.Option(help="Share of the documents left out, to make questions unanswerable.", min=0, max=0.9)
    ] = 0.1,
    facts: Annotated[int | None, typer.Option("--sample", min=1, help="Ask N questions only.", metavar="N")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures as JSON.", metavar="FILE")] = None,
) -> None:
    """Index a public data set and ask its questions; no gate is held against it."""
    from evals.outside.run import run_outside

    with tempfile.TemporaryDirectory() as folder:
        figures = run_outside(source, data or Path(folder), load_settings(), hold_out, facts, Console())
    if json_file:
        json_file.write_text(
            json.dumps(figures, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8"
        )


def _settings(data: Path | None) -> Settings:
    settings = load_settings()
    return settings if data is None else settings.model_copy(update={"data": data})


def _indexed(data: Path) -> dict[str, str]:
    store = build_service(_settings(data)).index.current().store
    return {document.name: document.text for document in Corpus.of(store).documents.values()}


def _texts(folder: Path) -> dict[str, str]:
    """The text files of a folder by their names in it."""
    texts: dict[str, str] = {}
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".txt")):
        texts[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
    if not texts:
        raise InvalidInputError(
            f"{folder} holds no text files.", "Name the folder of the documents, or an index with --data."
        )
    return texts
