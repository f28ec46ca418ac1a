"""Evaluation cases: JSON Lines in, checked cases out.

Facts are split into two folds: `dev.jsonl` is there to tune with, `held_back.jsonl` to tell whether that helped on facts nobody
looked at. `cases/originals/` asks the same facts of the documents the shipped corpus was written from, which are not shipped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import InvalidInputError
from assistant.types import Language

ABSTAIN = "__ABSTAIN__"
SHIPPED = Path(__file__).resolve().parent / "cases"
ORIGINALS = SHIPPED / "originals"
DEVELOPMENT, HELD_BACK = "dev.jsonl", "held_back.jsonl"
COMPUTED = "computed"  # a note that begins so: the answer follows from the evidence, but is not written there

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

    @property
    def fact(self) -> str:
        """What all languages of a case ask about: its id without the language."""
        return self.id.removesuffix(f"-{self.lang}")

    @property
    def computed(self) -> bool:
        """Whether the answer follows from the evidence without standing there."""
        return self.note.startswith(COMPUTED)


def shipped_files() -> list[Path]:
    """The files with the project's own cases on the shipped corpus."""
    return sorted(SHIPPED.glob("*.jsonl"))


def originals_files() -> list[Path]:
    """The files with the project's own cases on the documents that are not shipped."""
    return sorted(ORIGINALS.glob("*.jsonl"))


def is_source(source: str, document: str) -> bool:
    """Whether a case's source names a document: by its name, without its ending, or by what comes before its first "_".

    Folders count on both sides where the document has one ("de/…" and "en/…" are different), else on neither.
    """
    named = source if "/" in document else source.rpartition("/")[2]
    stem = document.rpartition("/")[2].rpartition(".")[0]
    return named in (document, document.rpartition(".")[0], stem, stem.partition("_")[0])


def missing_sources(cases: Iterable[Case], documents: Collection[str]) -> list[str]:
    """The sources of the cases that none of the documents is."""
    sources = {source for case in cases for source in case.sources}
    return sorted(s for s in sources if s not in documents and not any(is_source(s, name) for name in documents))


def tuning_cases(files: Iterable[Path]) -> list[Case]:
    """The cases that weights and thresholds may be fitted to.

    Raises:
        InvalidInputError: as for `load_cases`, or a case asks what a held-back one asks.
    """
    held_back = load_cases([SHIPPED / HELD_BACK, ORIGINALS / HELD_BACK])
    ids, questions = {case.id for case in held_back}, {_asked(case) for case in held_back}
    cases = load_cases(files)
    for case in cases:
        if case.id in ids or _asked(case) in questions:
            raise InvalidInputError(
                f"{case.id} is held back.", f"Tune with {DEVELOPMENT}; the other fold tells whether that helped."
            )
    return cases


def _asked(case: Case) -> tuple[str, ...]:
    return tuple(question.casefold() for question in (*case.history, case.question))


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
    if file.suffix.lower() == ".csv":
        from evals.outside.sheet import read_sheet  # which makes cases itself

        yield from read_sheet(file)
        return
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
