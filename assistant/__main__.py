"""The command lotse: ask and serve."""

from __future__ import annotations

import dataclasses
import errno
import html
import json
import os
import socket
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assistant import key_commands
from assistant.console import run_command
from assistant.errors import AssistantError
from assistant.explanation import ExplainedAnswer
from assistant.explanation_text import explanation_text
from assistant.fact_rows import as_csv, as_json, as_table, check_kind, fact_row
from assistant.index.store import Store
from assistant.index.versions import STORE, served
from assistant.pipeline import build_service, check_question
from assistant.settings import Settings, load_settings
from assistant.sources import source_line
from assistant.types import Answer, Language
from assistant.web.guard.door import door_of

app = typer.Typer(add_completion=False, no_args_is_help=True)
app.add_typer(key_commands.app, name="keys")

Data = Annotated[Path | None, typer.Option(help="Folder of the index.", metavar="DIR")]


@app.callback()
def lotse() -> None:
    """Ask about German life-science clusters; answers are quoted from documents, with citations."""


@app.command()
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What you want to know, German or English.")],
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer object as JSON.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Tell how the answer came about.")] = False,
) -> None:
    """Answer one question."""
    check_question(question)
    asked = build_service(_settings(data)).assistant
    answer = asked.explain(question) if explain else asked.ask(question)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(answer), ensure_ascii=False, indent=2))
        return
    typer.echo(_printed(answer))
    if isinstance(answer, ExplainedAnswer):
        typer.echo(f"\n{explanation_text(answer.explain)}")


class Format(StrEnum):
    """How facts are printed."""

    table = "table"
    csv = "csv"
    json = "json"


@app.command()
def facts(
    subject: Annotated[str | None, typer.Option(help="Only facts about this body.", metavar="NAME")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind, such as founded or members.")] = None,
    language: Annotated[Language | None, typer.Option(help="Only as documents of this language state it.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print them.")] = Format.table,
    data: Data = None,
) -> None:
    """List what the documents state: founded, seat, members, funding, people …, each with its source."""
    check_kind(kind)
    with closing(Store(served(_settings(data).data).folder / STORE)) as store:
        rows = [fact_row(fact) for fact in store.facts(subject, kind, language)]
    printed = {Format.table: as_table, Format.csv: as_csv, Format.json: as_json}[form](rows)
    typer.echo(printed, nl=form is not Format.csv)


@app.command()
def mcp(data: Data = None) -> None:
    """Serve agents over the Model Context Protocol on standard input and output."""
    from assistant.web.mcp_server import serve_stdio

    settings = _settings(data)
    served(settings.data)  # says at once that there is no index; the models are loaded while clients are greeted
    serve_stdio(lambda: build_service(settings))


@app.command()
def openapi() -> None:
    """Print the description of the HTTP interface."""
    from assistant.web.api import described

    typer.echo(json.dumps(described(), ensure_ascii=False, indent=1))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 7860,
    data: Data = None,
) -> None:
    """Serve the web chat at / and the API under /v1; on another address than loopback with keys only."""
    settings = _settings(data)
    door = door_of(settings, host)
    _check_port(host, port)
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before gradio is imported: it phones home otherwise
    from assistant.web.server import serve as serve_until_the_end

    def ready() -> None:
        typer.echo(f"Clusterlotse is ready: http://{host}:{port}", err=True)

    serve_until_the_end(settings, host, port, door, ready=ready)


def _settings(data: Path | None) -> Settings:
    settings = load_settings()
    return settings.model_copy(update={"data": data}) if data else settings


def _check_port(host: str, port: int) -> None:
    """Say that a port is taken before the models are loaded."""
    try:
        with socket.create_server((host, port)):
            return
    except OSError as error:
        reason = "is already in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise AssistantError(f"{host}:{port} {reason}.", "Choose another with --port.") from None


def _printed(answer: Answer) -> str:
    sources = [source_line(citation, answer.language) for citation in answer.citations]
    return "\n".join([html.unescape(answer.answer), *([""] if sources else []), *sources])


def main() -> None:
    """Run the command; errors become one line and an exit code."""
    run_command(app)


if __name__ == "__main__":
    main()
