"""What is written about a document in YAML: in its front matter, or in a sidecar."""

from __future__ import annotations

from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from assistant.errors import UnreadableFileError
from assistant.text.numbers import first_day
from assistant.types import Language
from ingest.read.blocks import Stated


def _one_line(value: Any) -> Any:
    """White space collapsed; nothing at all counts as not stated."""
    return (" ".join(value.split()) or None) if isinstance(value, str) else value


def _iso_date(value: Any) -> Any:
    """Only 2024-03-12, 2024-03 or 2024, as they are: pydantic's own date takes numbers for seconds since 1970."""
    if isinstance(value, str):
        try:
            first_day(value)
        except ValueError:
            raise ValueError(f"{value} is no date like 2024-03-12, 2024-03 or 2024") from None
    return value


Words = Annotated[str | None, BeforeValidator(_one_line)]


class FrontMatter(BaseModel):
    """What a document may say about itself; other keys are the author's business."""

    model_config = ConfigDict(extra="ignore")

    title: Words = None
    publisher: Words = None
    date: Annotated[str | None, BeforeValidator(_iso_date), BeforeValidator(_one_line)] = None
    language: Annotated[Language | None, BeforeValidator(_one_line)] = None
    source: Words = None
    translation_of: Words = None
    supersedes: Words = None


def read_about(front: str, model: type[FrontMatter], where: str) -> Stated:
    """What YAML says about a document; `where` it stands is for messages ("its front matter").

    Raises:
        UnreadableFileError: it is no YAML, or a value is not what its key asks for.
    """
    try:
        # The base loader makes texts of everything, so `title: 2024` stays a title and no tag constructs anything.
        return Stated(**model.model_validate(yaml.load(front, yaml.BaseLoader) or {}).model_dump())  # noqa: S506
    except (yaml.YAMLError, RecursionError):
        raise UnreadableFileError(f"{where} is not YAML.", "Correct it.") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "as a whole"
        reason = first["msg"].removeprefix("Value error, ")
        raise UnreadableFileError(f"{where} is unusable, {field}: {reason}.", "Correct it.") from None
