"""What an import has to do: the files as they are against the files that went in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.index.digest import PIPELINE, digest_of
from assistant.index.stored import StoredFile
from ingest.files import File


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
    return digest_of([path for path in (file.path, file.sidecar) if path], file.source, PIPELINE)
