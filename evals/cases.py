"""Evaluation cases: JSON Lines in, checked cases out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import InvalidInputError
from assistant.types import Language

ABSTAIN = "__ABSTAIN__"
SHIPPED = Path(__file__).resolve().parent / "cases"

Category = Literal[
    "cluster", "funding", "partner", "strategy", "governance", "number", "date", "person", "list", "comparison",
    "multi_hop", "conflict", "followup", "unanswerable", "false_premise",
]  # fmt: skip
Words = Annotated[str, Field(min_length=1)]


class Case(BaseModel):
    """One question and what a right answer holds; the fields are those of the contract."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Words
    lang: Language
    category: Category
    question: Words
    history: tuple[Words, ...]
    must_include: Annotated[tuple[Annotated[tuple[Words, ...], Field(min_length=1)], ...], Field(min_length=1)]
    must_not_include: tuple[Words, ...]
    sources: tuple[Words, ...]
    evidence: tuple[Words, ...]
    note: str

    @property
    def answerable(self) -> bool:
        """Whether the documents hold the answer."""
        return self.must_include != ((ABSTAIN,),)


def shipped_files() -> list[Path]:
    """The files with the project's own cases."""
    return sorted(SHIPPED.glob("*.jsonl"))


def load_cases(files: Iterable[Path]) -> list[Case]:
    """Read the cases of all files in order.

    Raises:
        InvalidInputError: a file is missing or holds no case, a line is no case, or two cases have the same id.
    """
    cases: dict[str, Case] = {}
    for file in files:
        count = len(cases)
        for place, case in _read(file):
            if case.id in cases:
                raise InvalidInputError(
                    f"{place} has the id {case.id} of an earlier case.", "Give each case its own id."
                )
            cases[case.id] = case
        if len(cases) == count:
            raise InvalidInputError(f"{file} holds no case.", "Write one case a line, or leave the file out.")
    return list(cases.values())


def _read(file: Path) -> Iterator[tuple[str, Case]]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")  # not splitlines: a case may hold a line separator
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise InvalidInputError(f"{file} cannot be read: {reason}.", "Name a file with one case a line.") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{file}, line {number}"
        try:
            yield place, Case.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise InvalidInputError(
                f"{place} is no case: {f'{field}: ' if field else ''}{first['msg']}.", "Correct the line."
            ) from None
