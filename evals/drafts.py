"""The command `lotse-eval drafts`: what visitors said about answers, listed and accepted as evaluation cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant import feedback
from assistant.errors import InvalidInputError
from assistant.feedback import Draft
from assistant.settings import load_settings
from evals.cases import ABSTAIN, Case, Category, load_cases

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Feedback of visitors as drafts of evaluation cases."
)

Data = Annotated[Path | None, typer.Option(help="Folder of the index.", metavar="DIR")]


@app.command("list")
def list_drafts(data: Data = None) -> None:
    """List the drafts, oldest first."""
    found = list(feedback.drafts(data or load_settings().data))
    for draft in found:
        about = f" [{draft.marker}]" if draft.marker else ""
        typer.echo(
            f"{draft.id}  {draft.given[:10]}  {draft.verdict}, {draft.reason}{about}: {' '.join(draft.question.split())}"
        )
        if draft.comment:
            typer.echo(f"              {' '.join(draft.comment.split())}")
    typer.echo(f"{len(found)} drafts.")


@app.command()
def accept(
    name: Annotated[str, typer.Argument(metavar="ID", help="The draft, as `list` names it.")],
    file: Annotated[Path, typer.Option(help="Cases as JSON Lines; the new one is added.", metavar="FILE")],
    category: Annotated[Category, typer.Option(help="What kind of question it is.")],
    must_include: Annotated[
        list[str] | None,
        typer.Option(help="What a right answer holds, alternatives separated by |; none: it must be refused."),
    ] = None,
    data: Data = None,
) -> None:
    """Make a case of a draft and take it out of the drafts."""
    folder = data or load_settings().data
    draft = next((one for one in feedback.drafts(folder) if one.id == name), None)
    if draft is None:
        raise InvalidInputError(f"There is no draft {name}.", "`lotse-eval drafts list` names them.")
    case = case_of(draft, category, must_include or [])
    if file.exists() and any(known.id == case.id for known in load_cases([file])):
        raise InvalidInputError(f"{file} has the case {case.id} already.", "Reject the draft.")
    with file.open("a", encoding="utf-8") as opened:
        opened.write(case.model_dump_json() + "\n")
    feedback.remove(name, folder)
    typer.echo(f"{case.id} is in {file} now.")


@app.command()
def reject(
    name: Annotated[str, typer.Argument(metavar="ID", help="The draft, as `list` names it.")], data: Data = None
) -> None:
    """Take a draft out."""
    feedback.remove(name, data or load_settings().data)


def case_of(draft: Draft, category: Category, must_include: list[str]) -> Case:
    """The case of a draft; its quotes are evidence where the answer was right."""
    groups = tuple(tuple(words.split("|")) for words in must_include) or ((ABSTAIN,),)
    right = draft.verdict == "right" and bool(must_include)
    return Case(
        id=f"feedback-{draft.id}", lang=draft.language, category=category, question=draft.question, history=draft.history,
        must_include=groups, must_not_include=(), sources=draft.sources if right else (),
        evidence=draft.evidence if right else (), note=draft.comment or draft.reason,
    )  # fmt: skip
