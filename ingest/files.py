"""Paths to files with their document names."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from assistant.errors import AssistantError, InvalidInputError, UnreadableFileError
from assistant.index.versions import is_part_of_index
from ingest.about.sidecar import is_sidecar, sidecar_of

_ADDRESS = re.compile(r"(https?):/+", re.IGNORECASE)
_JOINERS = "\u200c\u200d"  # some scripts and emoji are written with them
_LEADS_OUT = ("it is a link that leads out of its folder.", "Put the document itself there, or name it on its own.")


@dataclass(frozen=True, slots=True)
class File:
    """A file, the name of the document it holds, and the sidecar that says more about it.

    One with a refusal must not be opened.
    """

    name: str
    path: Path
    sidecar: Path | None = None
    source: str | None = None  # the address it was fetched from
    refusal: tuple[str, str] | None = None  # what is wrong, and what to do


def check_paths(paths: Sequence[Path | str], *, fetch: bool = False) -> None:
    """Refuse paths that lead nowhere, and addresses where fetching is off.

    Raises:
        InvalidInputError: a path does not exist, or an address must not be fetched.
    """
    for path in paths:
        if is_address(path):
            if not fetch:
                raise InvalidInputError(
                    f"Fetching is off, so {_written(path)} is not read.",
                    "Set LOTSE_FETCH=true, or download it yourself.",
                )
        elif not os.path.lexists(path):
            raise InvalidInputError(f"{path} does not exist.", "Name a file or a folder.")


def find_files(paths: Sequence[Path | str], data: Path, downloads: Path | None = None) -> Iterator[File]:
    """The files of each path in the order of their names, each once; hidden ones and the index itself are left out.

    A link inside a folder that leads out of it comes with a refusal; a path that is itself a link is meant. Addresses
    are fetched into the folder `downloads`; None where fetching is off.

    Raises:
        InvalidInputError: a path does not exist, or an address must not be fetched.
        AssistantError: a folder cannot be listed. Its documents must not be taken for removed ones.
    """
    check_paths(paths, fetch=downloads is not None)
    seen: set[str] = set()
    for path in paths:
        for file in _files_of(path, downloads):
            place = os.path.abspath(file.path)  # noqa: PTH100 - without following links, they are files of their own
            if place not in seen and not is_part_of_index(file.path, data) and not is_sidecar(file.path):
                seen.add(place)
                yield replace(file, sidecar=sidecar_of(file.path))


def is_address(path: Path | str) -> bool:
    """Whether a path is an address on the web."""
    return bool(_ADDRESS.match(str(path)))


def _written(address: Path | str) -> str:
    """An address as it was written: a Path has lost one of the slashes."""
    return _ADDRESS.sub(r"\1://", str(address))


def is_showable(name: str) -> bool:
    """Whether a name can be stored and printed: no control or invisible characters, no bytes that are no text."""
    return not any(unicodedata.category(c) in {"Cc", "Cs", "Cf"} and c not in _JOINERS for c in name)


def shown(name: str) -> str:
    """A name with what cannot be shown written as escapes."""
    return "".join(c if is_showable(c) else c.encode("unicode_escape").decode() for c in name)


def _files_of(path: Path | str, downloads: Path | None) -> Sequence[File]:
    if downloads is not None and is_address(path):
        return [_downloaded(_written(path), downloads)]
    path = Path(path)
    return sorted(_below(path), key=lambda file: file.name) if path.is_dir() else [File(_name(path.name), path)]


def _downloaded(address: str, folder: Path) -> File:
    from ingest.fetch import document_name, fetch  # the process that reads the files has no use for it

    path = folder / hashlib.sha256(address.encode()).hexdigest()
    try:
        content = fetch(address)
    except UnreadableFileError as error:
        return File(document_name(address), path, source=address, refusal=(error.message, error.fix))
    name = document_name(address, content.media_type)
    path = path.with_suffix(Path(name).suffix)
    path.write_bytes(content.content)
    return File(name, path, source=content.address)


def _below(folder: Path) -> Iterator[File]:
    home = os.path.realpath(folder)
    for root, folders, names in os.walk(folder, onerror=_unlistable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        # a linked folder is not gone into: what it leads to is either found in its own place, or outside
        outside = [name for name in folders if _leads_out(Path(root) / name, home)]
        for name in [*names, *outside]:
            path = Path(root) / name
            if not name.startswith("."):
                yield File(
                    _name(path.relative_to(folder).as_posix()),
                    path,
                    refusal=_LEADS_OUT if _leads_out(path, home) else None,
                )


def _leads_out(path: Path, home: str) -> bool:
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(home)


def _name(path: str) -> str:
    """Composed characters, whatever the file system prefers, so that a document's name is the one its author types."""
    return unicodedata.normalize("NFC", path)


def _unlistable(error: OSError) -> NoReturn:
    raise AssistantError(
        f"The folder {error.filename} cannot be read ({error.strerror}).",
        "Check its rights; the index stays as it was.",
    )
