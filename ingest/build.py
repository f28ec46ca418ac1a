"""Bring the index in line with files: read, split, embed what is new or changed, build beside, switch."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from assistant.errors import AssistantError, IndexUnavailableError, InvalidInputError, UnreadableFileError
from assistant.index.store import Store, UnitEntry
from assistant.index.vectors import Vectors
from assistant.index.versions import (
    LOCK,
    STORE,
    VECTORS,
    current_version,
    discard_building,
    publish,
    start_building,
    switch,
)  # fmt: skip
from assistant.models import SentenceEmbeddings
from assistant.text.abbreviations import explained_abbreviations
from assistant.text.words import index_terms
from assistant.types import Chunk, Document, Unit
from ingest.files import find_files, shown
from ingest.parse import PIPELINE, Parsed, parse

_LEAD_LENGTH = 200
_EMBEDDED_LENGTH = 4_000  # characters; embedding models see less than that
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that did not go in."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. Names are document names."""

    version: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[Refusal, ...]
    documents: int
    passages: int


Progress = Callable[[int, int], None]
"""Called with the number of units embedded so far and their total."""


def ingest(
    paths: Sequence[Path],
    data: Path,
    embedder: SentenceEmbeddings,
    *,
    chroma_url: str | None = None,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Bring the index in `data` in line with the files under `paths`.

    Raises:
        InvalidInputError: a path does not exist, or there is no file under the paths.
        UnreadableFileError: none of the files can be read.
        AssistantError: another import is running, or a folder cannot be read or written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        with FileLock(data / LOCK, timeout=0):
            return _ingest(paths, data, embedder, chroma_url, progress)
    except Timeout:
        raise AssistantError(f"Another import is writing to {data}.", "Wait until it is done.") from None
    except OSError as error:
        raise AssistantError(
            f"The folder {data} cannot be written ({error.strerror or error}).", "Name another with --data."
        ) from None


def _ingest(
    paths: Sequence[Path], data: Path, embedder: SentenceEmbeddings, chroma_url: str | None, progress: Progress
) -> Report:
    parsed, refused = _parse_all(paths, data)
    folder = start_building(data)
    try:
        with closing(_open_store(folder, embedder)) as store:
            before = {document.name: document for document in store.documents()}
            wanted = {item.document.name: item for item in parsed}
            kept = {refusal.name for refusal in refused}  # a file that became unreadable keeps its last good version
            removed = [name for name in before if name not in wanted and name not in kept]
            added = [name for name in wanted if name not in before]
            changed = [
                name
                for name, item in wanted.items()
                if name in before and before[name].content_hash != item.document.content_hash
            ]
            for name in (*removed, *changed):
                store.remove(before[name].id)
            _embed_into(store, [wanted[name] for name in (*added, *changed)], embedder, progress)
            version = _version(store, embedder)
            store.set_meta("version", version)
            store.commit()
            counts = store.counts()
        _serve(data, folder, version, chroma_url)
    finally:
        discard_building(data)
    unchanged = [name for name in wanted if name not in added and name not in changed]
    return Report(
        version, tuple(added), tuple(changed), tuple(removed), tuple(unchanged), tuple(refused),
        counts["documents"], counts["chunks"],
    )  # fmt: skip


def _parse_all(paths: Sequence[Path], data: Path) -> tuple[list[Parsed], list[Refusal]]:
    parsed: dict[str, Parsed] = {}
    refused: list[Refusal] = []
    for file in find_files(paths, data):
        if file.name in parsed:
            refused.append(Refusal(file.name, "another file has the same name. Rename one of the two."))
            continue
        try:
            parsed[file.name] = parse(file)
        except UnreadableFileError as error:
            refused.append(Refusal(shown(file.name), str(error)))
    if not parsed and not refused:
        raise InvalidInputError("There is no file under the given paths.", "Name files or folders with documents.")
    if not parsed:
        reasons = " ".join(f"{refusal.name}: {refusal.reason}" for refusal in refused)
        raise UnreadableFileError(f"None of the files can be read. {reasons}", "The index stays as it was.")
    return list(parsed.values()), refused


# ---- versions ------------------------------------------------------------------------------------------------


def _open_store(folder: Path, embedder: SentenceEmbeddings) -> Store:
    """The copied store; an empty one where there is none, or where it is damaged or of another format or model."""
    path = folder / STORE
    if path.is_file():
        try:
            store = Store(path, writable=True)
            if store.is_sound() and store.meta("model") == embedder.name:
                return store
            store.close()
        except IndexUnavailableError:
            pass  # made anew below
        path.unlink()
    store = Store(path, writable=True)
    store.set_meta("model", embedder.name)
    return store


def _version(store: Store, embedder: SentenceEmbeddings) -> str:
    """The index version: the hash of all that is in it, so that the same files always give the same version."""
    parts = [PIPELINE, embedder.name, *(f"{d.name}:{d.content_hash}" for d in store.documents())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _serve(data: Path, folder: Path, version: str, chroma_url: str | None) -> None:
    """Serve the version in the building folder, or the same one where it still lies complete in the data folder."""
    if _is_complete(data / version, folder, version, chroma_url):
        gone = switch(data, version) if version != current_version(data) else []
    else:
        with (
            closing(Store(folder / STORE)) as store,
            closing(Vectors(folder / VECTORS, version, chroma_url)) as vectors,
        ):
            vectors.build(store)
        gone = publish(data, folder, version)
    for old in gone if chroma_url else []:
        with closing(Vectors(folder / VECTORS, old, chroma_url)) as vectors:
            vectors.drop()


def _is_complete(served: Path, scratch: Path, version: str, chroma_url: str | None) -> bool:
    """Whether a version can be served. Looked at in a copy: a server may have it open, and opening a Chroma writes to it."""
    try:
        with closing(Store(served / STORE)) as store, tempfile.TemporaryDirectory(dir=scratch) as copy:
            if not chroma_url:
                shutil.copytree(served / VECTORS, copy, dirs_exist_ok=True)
            with closing(Vectors(Path(copy), version, chroma_url)) as vectors:
                return store.is_sound() and vectors.is_complete(store)
    except (IndexUnavailableError, OSError):
        return False  # made anew then; what hinders that too will be said there


# ---- embedding -----------------------------------------------------------------------------------------------


def _embed_into(store: Store, parsed: Sequence[Parsed], embedder: SentenceEmbeddings, progress: Progress) -> None:
    total = sum(len(chunk.units) for item in parsed for chunk in item.chunks)
    done = 0
    for item in parsed:
        units = [(chunk, unit) for chunk in item.chunks for unit in chunk.units]
        texts = [embedding_text(item.document, chunk, unit)[:_EMBEDDED_LENGTH] for chunk, unit in units]
        vectors: list[NDArray[np.float32]] = []
        for start in range(0, len(texts), _BATCH):
            vectors.extend(embedder.document_vectors(texts[start : start + _BATCH]))
            progress(done + len(vectors), total)
        done += len(vectors)
        by_chunk: dict[str, list[UnitEntry]] = {chunk.id: [] for chunk in item.chunks}
        for (chunk, unit), vector in zip(units, vectors, strict=True):
            by_chunk[chunk.id].append(_entry(item.document, chunk, unit, vector))
        store.add(item.document, [(chunk, by_chunk[chunk.id]) for chunk in item.chunks])
        store.add_abbreviations(item.document, explained_abbreviations(item.document.text))


def embedding_text(document: Document, chunk: Chunk, unit: Unit) -> str:
    """What is embedded for a unit: its nearest heading, the line that introduces it, and its own words."""
    return ". ".join(
        [_heading(document, chunk), *_lead(document, unit), document.text[unit.span.start : unit.span.end]]
    )


def _heading(document: Document, chunk: Chunk) -> str:
    return chunk.section[-1] if chunk.section else document.title


def _lead(document: Document, unit: Unit) -> Iterable[str]:
    if unit.lead:
        yield document.text[unit.lead.start : unit.lead.end][-_LEAD_LENGTH:]


def _entry(document: Document, chunk: Chunk, unit: Unit, vector: NDArray[np.float32]) -> UnitEntry:
    language = document.language
    context = " ".join([document.title, *chunk.section, *_lead(document, unit)])
    body = document.text[unit.span.start : unit.span.end]
    return UnitEntry(unit, " ".join(index_terms(body, language)), " ".join(index_terms(context, language)), vector)
