"""What an import has to do: the files as they are against the files that went in."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.index.stored import StoredFile
from ingest.files import File
from ingest.parse import PIPELINE

_MOST_BYTES = 1_000_000_000  # no reader takes more


@dataclass(frozen=True, slots=True)
class Plan:
    """Names of documents' files by what happens to them; `hashes` holds those of all that can be read."""

    read: tuple[File, ...]
    unchanged: tuple[str, ...]
    gone: tuple[str, ...]
    hashes: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether everything is as it was."""
        return not self.read and not self.gone


def plan_import(
    files: Sequence[File], stored: Mapping[str, StoredFile], hashes: Mapping[str, str] | None = None
) -> Plan:
    """Compare the files with those that went in; `hashes` are those of an earlier plan, where there is one.

    A file that is one more place of another's document is read again when that other one changed or went.
    """
    if hashes is None:
        hashes = {file.name: found for file in files if (found := file_hash(file))}
    same = {name for name, kept in stored.items() if hashes.get(name) == kept.hash}
    unchanged = [name for name in stored if name in same and stored[name].document in same]
    return Plan(
        read=tuple(file for file in files if file.name not in unchanged),
        unchanged=tuple(unchanged),
        gone=tuple(sorted(stored.keys() - {file.name for file in files})),
        hashes=hashes,
    )


def file_hash(file: File) -> str | None:
    """The hash of all that decides what becomes of a file: its bytes, its sidecar's and our way of reading them.

    None for what is no ordinary file, too large for any reader, or closed to us: reading it will say what is wrong.
    """
    if file.refusal:
        return None
    digest = hashlib.sha256(PIPELINE.encode())
    try:
        for path in filter(None, (file.path, file.sidecar)):
            about = path.stat()
            if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST_BYTES:
                return None
            digest.update(_bytes_hash(path))
    except OSError:
        return None
    digest.update((file.source or "").encode())
    return digest.hexdigest()


def _bytes_hash(path: Path) -> bytes:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()
