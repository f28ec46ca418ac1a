"""How every command ends: one clear line and the right exit code, never a stack trace."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import typer

from assistant.errors import AssistantError, ConfigurationError, InvalidInputError

FAILED, WRONG_CALL = 1, 2


def run_command(app: typer.Typer) -> None:
    """Run a typer application and leave the process with its exit code: 2 for a wrong call, 1 for a failure.

    Typer itself ends a wrong option with 2 and an interrupt with 130.
    """
    try:
        app()
    except AssistantError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(WRONG_CALL if isinstance(error, InvalidInputError | ConfigurationError) else FAILED)
    except Exception as error:  # noqa: BLE001 - the last stop: what nobody foresaw ends as a line that can be reported
        typer.echo(_unforeseen(error), err=True)
        sys.exit(FAILED)


def _unforeseen(error: Exception) -> str:
    """The error and the line of code it comes from, which is what a report needs."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    about = " ".join(f"{type(error).__name__}: {error}".split())
    return f"Error: Something unexpected happened ({about}; {Path(place.filename).name}:{place.lineno}). Please report this line."
