"""lotse keys: create, list, revoke."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.keys import KeyStore
from assistant.settings import load_settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Make and revoke keys of the HTTP interface; LOTSE_KEYS names the file they are kept in."""


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who will use it.")],
    scope: Annotated[
        list[str], typer.Option(metavar="SCOPE", help="What it opens: ask, ingest or admin; may be repeated.")
    ],
) -> None:
    """Make a key and print it; only its hash is kept, so it is shown this once."""
    shown, key = KeyStore(load_settings().keys).create(name, scope)
    typer.echo(f"Key {key.id} for {key.name}; it is not shown again:", err=True)
    typer.echo(shown)


@app.command("list")
def list_keys() -> None:
    """List the keys: id, scopes, when it was made, who uses it."""
    for key in KeyStore(load_settings().keys).all():
        typer.echo(f"{key.id}  {','.join(sorted(key.scopes)):16}  {key.created}  {key.name}")


@app.command()
def revoke(identifier: Annotated[str, typer.Argument(metavar="ID", help="As `lotse keys list` shows it.")]) -> None:
    """Take a key back; running servers refuse it from the next request on."""
    key = KeyStore(load_settings().keys).revoke(identifier)
    typer.echo(f"Key {key.id} of {key.name} opens nothing any more.", err=True)
