"""Paths to files with their document names."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from assistant.errors import AssistantError, InvalidInputError
from assistant.index.versions import is_part_of_index


@dataclass(frozen=True, slots=True)
class File:
    """A file and the name of the document it holds."""

    name: str
    path: Path


def check_paths(paths: Sequence[Path]) -> None:
    """Refuse paths that lead nowhere.

    Raises:
        InvalidInputError: a path does not exist.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise InvalidInputError(f"{path} does not exist.", "Name a file or a folder.")


def find_files(paths: Sequence[Path], data: Path) -> Iterator[File]:
    """The files of each path in the order of their names, each once; hidden ones and the index itself are left out.

    Raises:
        InvalidInputError: a path does not exist.
        AssistantError: a folder cannot be listed. Its documents must not be taken for removed ones.
    """
    check_paths(paths)
    seen: set[str] = set()
    for path in paths:
        for file in (
            sorted(_below(path), key=lambda file: file.name) if path.is_dir() else [File(_name(path.name), path)]
        ):
            place = os.path.abspath(file.path)  # noqa: PTH100 - without following links, they are files of their own
            if place not in seen and not is_part_of_index(file.path, data):
                seen.add(place)
                yield file


def is_showable(name: str) -> bool:
    """Whether a name can be stored and printed: no control characters, no bytes that are no text."""
    return not any(unicodedata.category(c) in {"Cc", "Cs"} for c in name)


def shown(name: str) -> str:
    """A name with what cannot be shown written as escapes."""
    return "".join(c if is_showable(c) else c.encode("unicode_escape").decode() for c in name)


def _below(folder: Path) -> Iterator[File]:
    for root, folders, names in os.walk(folder, onerror=_unlistable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(root) / name
            if not name.startswith("."):
                yield File(_name(path.relative_to(folder).as_posix()), path)


def _name(path: str) -> str:
    """Composed characters, whatever the file system prefers, so that a document's name is the one its author types."""
    return unicodedata.normalize("NFC", path)


def _unlistable(error: OSError) -> NoReturn:
    raise AssistantError(
        f"The folder {error.filename} cannot be read ({error.strerror}).",
        "Check its rights; the index stays as it was.",
    )
