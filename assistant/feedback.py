"""What visitors think of an answer, kept as drafts of evaluation cases in the data folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import AssistantError, InvalidInputError
from assistant.pipeline import MAX_QUESTION
from assistant.types import Language

FILE = "feedback.jsonl"
MOST_BYTES = 20_000_000  # of the file; whoever fills it is not a visitor
REASONS = ("right", "wrong_value", "wrong_source", "outdated", "incomplete", "refused", "other")

Reason = Literal["right", "wrong_value", "wrong_source", "outdated", "incomplete", "refused", "other"]
Words = Annotated[str, Field(max_length=2_000)]


class Draft(BaseModel):
    """One judgement on an answer, or on one of its citations: what an evaluation case can be made of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    given: str  # when, ISO 8601
    verdict: Literal["right", "wrong"]
    reason: Reason
    comment: Words
    language: Language
    question: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
    history: tuple[Words, ...]
    status: Literal["answered", "not_found", "conflict"]
    answer: Annotated[str, Field(max_length=20_000)]
    marker: int | None
    sources: tuple[str, ...]  # names of the documents that were cited: of the one citation where a marker is given
    evidence: tuple[str, ...]  # their quotes
    index_version: str


def keep(draft: Draft, data: Path) -> None:
    """Add a draft to those in the data folder; the same one again changes nothing.

    Raises:
        AssistantError: there are too many, or the folder cannot be written.
    """
    file = data / FILE
    try:
        with FileLock(data / f".{FILE}.lock", timeout=10):
            if any(known.id == draft.id for known in drafts(data)):
                return
            if file.exists() and file.stat().st_size > MOST_BYTES:
                raise AssistantError("There is too much feedback already.", f"Sort out {file} first.")
            with file.open("a", encoding="utf-8") as opened:
                opened.write(draft.model_dump_json() + "\n")
    except (OSError, Timeout) as error:
        raise AssistantError(
            f"The feedback cannot be kept ({error}).", "Check the rights of the data folder."
        ) from None


def drafts(data: Path) -> Iterator[Draft]:
    """The drafts in the data folder, oldest first.

    Raises:
        InvalidInputError: a line of the file is no draft.
    """
    file = data / FILE
    if not file.exists():
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                yield Draft.model_validate_json(line)
            except ValidationError as error:
                raise InvalidInputError(
                    f"{file}, line {number} is no feedback: {error.errors()[0]['msg']}.", "Correct or remove the line."
                ) from None


def remove(draft_id: str, data: Path) -> None:
    """Take a draft out of the data folder."""
    with FileLock(data / f".{FILE}.lock", timeout=10):
        left = [draft.model_dump_json() for draft in drafts(data) if draft.id != draft_id]
        new = data / f".{FILE}.new"
        new.write_text("".join(f"{line}\n" for line in left), encoding="utf-8")
        new.replace(data / FILE)


def draft_id(*parts: object) -> str:
    """The same for the same judgement on the same answer."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:12]


def now() -> str:
    """The time a draft is given at, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
