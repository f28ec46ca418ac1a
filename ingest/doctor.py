"""What is wrong with an index and its documents, and what of it can be repaired without reading them again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UnreadableFileError
from assistant.index.store import Store
from assistant.index.vectors import Vectors
from assistant.index.versions import (
    BUILDING,
    STORE,
    VECTORS,
    current_version,
    damage,
    next_serial,
    outdated,
    served,
    switch,
)  # fmt: skip
from ingest.assemble import renew_vectors
from ingest.build import found_files, locked, writing
from ingest.files import shown
from ingest.plan import plan_import
from ingest.sandbox import read_all


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the doctor found; `repaired` says what was done about it, or that nothing needs to be."""

    what: str
    repaired: str | None = None
    fix: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody has to do something."""
        return self.repaired is None

    def __str__(self) -> str:
        return f"{self.what} {self.repaired or self.fix}".strip()


def examine(data: Path, paths: Sequence[Path], *, chroma_url: str | None = None) -> list[Finding]:
    """Look at the index in `data`, repair what can be repaired, and look at the files under `paths`.

    Raises:
        IndexUnavailableError: there is no index, or nothing of it is whole.
        AssistantError: an import is running.
    """
    served(data)  # where there is nothing, nothing is written
    with writing(data), locked(data):
        findings = [*_versions(data), *_vectors(data, chroma_url), *_unused(data)]
        with closing(Store(served(data).folder / STORE)) as store:
            findings += _documents(store)
            if paths:
                findings += _files(paths, data, store)
    return findings


def _versions(data: Path) -> Iterator[Finding]:
    found = served(data)
    if found.instead_of:
        version = current_version(data)
        switch(data, found.folder.name)
        what = f"The index is damaged ({found.instead_of})."
        if version:
            yield Finding(
                what,
                fix=f"The last good version, {found.folder.name}, serves; run lotse-ingest to bring the documents in again.",
            )
        else:
            yield Finding(what, f"The newest version, {found.folder.name}, was named again.")
        if version and (data / version).exists():
            shutil.rmtree(data / version)


def _vectors(data: Path, chroma_url: str | None) -> Iterator[Finding]:
    folder = served(data).folder
    with closing(Store(folder / STORE)) as store:
        if chroma_url:
            with closing(Vectors(folder, folder.name, chroma_url)) as vectors:
                if vectors.is_complete(store):
                    return
            renew_vectors(folder, next_serial(data), chroma_url)
            yield Finding(f"The Chroma at {chroma_url} had lost vectors.", "They were made anew.")
        elif problem := damage(folder, VECTORS):
            renew_vectors(folder, next_serial(data))
            yield Finding(f"The vectors were damaged ({problem}).", "They were made anew.")


def _unused(data: Path) -> Iterator[Finding]:
    for version in outdated(data):
        shutil.rmtree(data / version)
        yield Finding(f"The version {version} was used by nobody.", "It was removed.")
    if (data / BUILDING).exists():
        yield Finding("An interrupted import left its work.", fix="Run lotse-ingest again, it goes on there.")


def _documents(store: Store) -> Iterator[Finding]:
    for file in store.files().values():
        if file.name != file.document:
            yield Finding(f"{file.name} has the same content as {file.document}.", "One document has both places.")
    for document in store.documents():
        if document.superseded_by:
            yield Finding(f"{document.name} is superseded by {document.superseded_by}.", "It answers no more.")
        elif document.date is None:
            yield Finding(f"{document.name} has no date.", fix=f"State one in {document.name}.yaml beside it.")


def _files(paths: Sequence[Path], data: Path, store: Store) -> Iterator[Finding]:
    files, refused = found_files(paths, data)
    plan = plan_import(files, store.files())
    for refusal in refused:
        yield Finding(f"{refusal.name}: {refusal.reason}")
    for file, outcome in read_all(plan.read):
        if isinstance(outcome, UnreadableFileError):
            yield Finding(f"{shown(file.name)} cannot be read: {outcome.message}", fix=outcome.fix)
        else:
            yield Finding(f"{file.name} is not in the index as it is now.", fix="Run lotse-ingest.")
    for name in plan.gone:
        yield Finding(f"{name} is in the index, but no more among the files.", fix="Run lotse-ingest.")
