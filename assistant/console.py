"""How every command ends: one clear line and the right exit code, never a stack trace."""

from __future__ import annotations

import sys

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
