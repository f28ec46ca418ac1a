"""Sidecars: `report.pdf.yaml` beside `report.pdf` says what that document is, and is right against the document itself."""

from __future__ import annotations

import difflib
import os
import stat
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ConfigDict, model_validator

from assistant.errors import UnreadableFileError
from assistant.index.digest import SIDECAR
from assistant.text.characters import readable
from ingest.read.blocks import Stated
from ingest.read.frontmatter import FrontMatter, read_about

_MAX_BYTES = 64_000


class Sidecar(FrontMatter):
    """The keys of front matter. Unlike there an unknown key is a mistake: nobody else writes into a sidecar."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        for key in data if isinstance(data, dict) else ():
            if key not in cls.model_fields:
                near = difflib.get_close_matches(str(key).lower(), cls.model_fields, 1, 0)
                raise ValueError(f"there is no key {str(key)[:40]!r}, the nearest is {near[0]!r}")
        return data


def sidecar_of(document: Path) -> Path | None:
    """The sidecar beside a document, if it has one."""
    path = document.with_name(document.name + SIDECAR)
    return path if os.path.isfile(path) else None  # noqa: PTH113 - Path.is_file() fails on names that are too long


def is_sidecar(path: Path) -> bool:
    """Whether a file belongs to the document beside it, so that it is none itself."""
    return path.name.endswith(SIDECAR) and path.with_name(path.name.removesuffix(SIDECAR)).is_file()


def refuse_lone(name: str) -> None:
    """Refuse a sidecar whose document is not there.

    Raises:
        UnreadableFileError: the name is that of a sidecar.
    """
    document = PurePosixPath(name).name.removesuffix(SIDECAR)
    if name.endswith(SIDECAR) and PurePosixPath(document).suffix:
        raise UnreadableFileError(f"its document {document} is missing.", "Put it beside, or remove the sidecar.")


def read_sidecar(path: Path | None) -> Stated:
    """What a sidecar says; nothing where there is none.

    Raises:
        UnreadableFileError: the sidecar cannot be used.
    """
    if path is None:
        return Stated()
    where = f"its sidecar {path.name}"
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > _MAX_BYTES:
            raise UnreadableFileError(f"{where} is a link or too large.", "Write a small file of `key: value` lines.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFileError(f"{where} cannot be opened ({error.strerror}).", "Check its rights.") from None
    except UnicodeDecodeError:
        raise UnreadableFileError(f"{where} is not UTF-8.", "Save it as UTF-8.") from None
    return read_about(readable(text), Sidecar, where)
