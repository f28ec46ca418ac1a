import sqlite3

import pytest
import typer

from assistant.console import run_command
from assistant.errors import (
    AssistantError,
    ConfigurationError,
    IndexUnavailableError,
    InvalidInputError,
    UnreadableFileError,
)

OUTCOMES = [
    (None, 0, ""),
    (typer.Exit(3), 3, ""),
    (AssistantError("It broke.", "Mend it."), 1, "Error: It broke. Mend it.\n"),
    (IndexUnavailableError("No index.", "Make one."), 1, "Error: No index. Make one.\n"),
    (UnreadableFileError("No.", "Yes."), 1, "Error: No. Yes.\n"),
    (InvalidInputError("No.", "Yes."), 2, "Error: No. Yes.\n"),
    (ConfigurationError("No.", "Yes."), 2, "Error: No. Yes.\n"),
    (KeyboardInterrupt(), 130, ""),
]


@pytest.mark.parametrize(("outcome", "code", "message"), OUTCOMES, ids=lambda value: type(value).__name__)
def test_how_a_command_ends(
    outcome: BaseException | None,
    code: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = typer.Typer()

    @app.command()
    def command() -> None:
        if outcome:
            raise outcome

    monkeypatch.setattr("sys.argv", ["command"])
    with pytest.raises(SystemExit) as ended:
        run_command(app)
    assert (ended.value.code, *capsys.readouterr()) == (code, "", message)


def test_a_wrong_option_is_a_wrong_call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    app = typer.Typer()

    @app.command()
    def command() -> None:
        """Nothing."""

    monkeypatch.setattr("sys.argv", ["command", "--no-such-option"])
    with pytest.raises(SystemExit) as ended:
        run_command(app)
    assert ended.value.code == 2
    assert "--no-such-option" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
        (sqlite3.DatabaseError("file is not a database"), "DatabaseError: file is not a database"),
        (PermissionError(13, "Permission denied", "a"), "PermissionError: [Errno 13] Permission denied: 'a'"),
        (RuntimeError("two\nlines"), "RuntimeError: two lines"),
    ],
)
def test_what_nobody_foresaw_is_a_line_to_report(
    outcome: Exception, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = typer.Typer()

    @app.command()
    def command() -> None:
        raise outcome

    monkeypatch.setattr("sys.argv", ["command"])
    with pytest.raises(SystemExit) as ended:
        run_command(app)
    out, err = capsys.readouterr()
    assert (ended.value.code, out, len(err.splitlines())) == (1, "", 1)
    assert f"({said}; test_console.py:" in err
    assert err.endswith("Please report this line.\n")
