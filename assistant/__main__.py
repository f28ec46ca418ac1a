"""The command lotse: ask and serve."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from assistant.catalogue import text
from assistant.console import run_command
from assistant.errors import AssistantError
from assistant.pipeline import build_service, check_question
from assistant.settings import Settings, load_settings
from assistant.types import Answer, Citation, Language

app = typer.Typer(add_completion=False, no_args_is_help=True)

Data = Annotated[Path | None, typer.Option(help="Folder of the index.", metavar="DIR")]


@app.callback()
def lotse() -> None:
    """Ask about German life-science clusters; answers are quoted from documents, with citations."""


@app.command()
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What you want to know, German or English.")],
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer object as JSON.")] = False,
) -> None:
    """Answer one question."""
    check_question(question)
    answer = build_service(_settings(data)).assistant.ask(question)
    typer.echo(json.dumps(dataclasses.asdict(answer), ensure_ascii=False, indent=2) if as_json else _printed(answer))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 7860,
    data: Data = None,
) -> None:
    """Serve the web chat at / and the API under /v1."""
    settings = _settings(data)
    _check_port(host, port)
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # before gradio is imported: it phones home otherwise
    import uvicorn

    from assistant.web.api import create_app

    application = create_app(build_service(settings))
    typer.echo(f"Clusterlotse is ready: http://{host}:{port}", err=True)
    uvicorn.run(application, host=host, port=port, log_level="warning")


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
    sources = [
        f"[{c.marker}] {', '.join(part for part in (c.title, c.publisher, c.date, _page(c, answer.language)) if part)}"
        f"{': ' + ' > '.join(c.section) if c.section else ''}"
        for c in answer.citations
    ]
    return "\n".join([answer.answer, *([""] if sources else []), *sources])


def _page(citation: Citation, language: Language) -> str:
    return text(language, "page", page=str(citation.page)) if citation.page is not None else ""


def main() -> None:
    """Run the command; errors become one line and an exit code."""
    run_command(app)


if __name__ == "__main__":
    main()
