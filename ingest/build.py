"""Bring the index in line with files: read, split, embed what is new or changed, build beside, switch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from assistant.errors import AssistantError, InvalidInputError, UnreadableFileError
from assistant.index.store import Store, UnitEntry
from assistant.index.vectors import Vectors
from assistant.index.versions import STORE, VECTORS, current_folder, current_version, publish, start_building
from assistant.models import SentenceEmbeddings
from assistant.text.language import detect_language
from assistant.text.words import index_terms
from assistant.types import Chunk, Document, Unit
from ingest.read import read_file
from ingest.read.blocks import Reading
from ingest.split import split_document

PIPELINE = "1"  # part of every content hash: raise it when reading or splitting changes, and everything is read anew
_SAMPLE = 20_000  # characters the language is detected from
_LEAD_LENGTH = 200
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


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document ready to be embedded."""

    document: Document
    chunks: tuple[Chunk, ...]


Progress = Callable[[int, int], None]
"""Called with the number of units embedded so far and their total."""


def ingest(
    paths: Sequence[Path], data: Path, embedder: SentenceEmbeddings, *, chroma_url: str | None = None,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Bring the index in `data` in line with the files under `paths`.

    Raises:
        InvalidInputError: a path does not exist, or no file under the paths can be read.
        AssistantError: another import is running, or the folder cannot be written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        with FileLock(data / "lock", timeout=0):
            return _ingest(paths, data, embedder, chroma_url, progress)
    except Timeout:
        raise AssistantError(f"Another import is writing to {data}.", "Wait until it is done.") from None
    except OSError as error:
        raise AssistantError(f"The folder {data} cannot be written ({error.strerror}).", "Name another with --data.") from None


def _ingest(
    paths: Sequence[Path], data: Path, embedder: SentenceEmbeddings, chroma_url: str | None, progress: Progress
) -> Report:
    parsed, refused = _parse_all(paths)
    if not parsed:
        raise InvalidInputError(_nothing_readable(refused), "The index stays as it was. Name files that can be read.")
    folder = start_building(data)
    if (store := _usable_store(folder, embedder)) is None:
        (folder / STORE).unlink(missing_ok=True)
        store = Store(folder / STORE, writable=True)
        store.set_meta("model", embedder.name)
    try:
        before = {document.name: document for document in store.documents()}
        kept = {refusal.name for refusal in refused}  # a file that became unreadable keeps its last good version
        wanted = {item.document.name: item for item in parsed}
        removed = [name for name in before if name not in wanted and name not in kept]
        changed = [n for n, item in wanted.items() if n in before and before[n].content_hash != item.document.content_hash]
        added = [name for name in wanted if name not in before]
        for name in (*removed, *changed):
            store.remove(before[name].id)
        _embed_into(store, [wanted[name] for name in (*added, *changed)], embedder, progress)
        version = _version(store, embedder)
        store.set_meta("version", version)
        store.commit()
        if version != current_version(data) or not _serves(data, chroma_url):
            vectors = Vectors(folder / VECTORS, version, chroma_url)
            vectors.build(store)
            vectors.close()
            counts = store.counts()
            store.close()
            publish(data, folder, version)
        else:
            counts = store.counts()
    finally:
        store.close()
    unchanged = [name for name in wanted if name not in added and name not in changed]
    return Report(
        version, tuple(added), tuple(changed), tuple(removed), tuple(unchanged), tuple(refused),
        counts["documents"], counts["chunks"],
    )  # fmt: skip


def _usable_store(folder: Path, embedder: SentenceEmbeddings) -> Store | None:
    """The copied store, unless it is of another program version or another model: then everything is made anew."""
    if not (folder / STORE).is_file():
        return None
    try:
        store = Store(folder / STORE, writable=True)
    except AssistantError:
        return None
    if store.meta("model") != embedder.name:
        store.close()
        return None
    return store


def _serves(data: Path, chroma_url: str | None) -> bool:
    """Whether the serving version has all its vectors."""
    folder = current_folder(data)
    store = Store(folder / STORE)
    try:
        version = store.meta("version") or ""
        if chroma_url is None and not (folder / VECTORS).is_dir():
            return False
        vectors = Vectors(folder / VECTORS, version, chroma_url)
        try:
            return vectors.is_complete(store)
        finally:
            vectors.close()
    finally:
        store.close()


def _version(store: Store, embedder: SentenceEmbeddings) -> str:
    """The index version: the hash of all that is in it, so that the same files always give the same version."""
    parts = [PIPELINE, embedder.name, *(f"{d.name}:{d.content_hash}" for d in store.documents())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


# ---- reading -------------------------------------------------------------------------------------------------


def _parse_all(paths: Sequence[Path]) -> tuple[list[Parsed], list[Refusal]]:
    parsed: dict[str, Parsed] = {}
    refused: list[Refusal] = []
    for name, path in _files(paths):
        try:
            if name in parsed:
                raise UnreadableFileError("another file has the same name.", "Rename one of the two.")
            parsed[name] = parse(name, path)
        except UnreadableFileError as error:
            refused.append(Refusal(name, str(error)))
    return list(parsed.values()), refused


def _files(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Files with their document names, in the order of the names; hidden files are left out."""
    for path in paths:
        if path.is_file():
            yield path.name, path
        elif path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.is_file())
            for file in found:
                relative = file.relative_to(path)
                if not any(part.startswith(".") for part in relative.parts):
                    yield relative.as_posix(), file
        else:
            raise InvalidInputError(f"{path} does not exist.", "Name a file or a folder.")


def _nothing_readable(refused: Sequence[Refusal]) -> str:
    if not refused:
        return "There is no file under the given paths."
    return f"None of the files can be read; {refused[0].name}: {refused[0].reason}"


def parse(name: str, path: Path) -> Parsed:
    """Read and split one file.

    Raises:
        UnreadableFileError: the file cannot be read, or nothing in it can be quoted.
    """
    reading = read_file(path)
    document = _document(name, reading)
    chunks = split_document(document.id, document.content_hash, reading.text, reading.blocks)
    if not chunks:
        raise UnreadableFileError("it holds no text besides headings.", "Remove or fill it.")
    return Parsed(document, tuple(chunks))


def _document(name: str, reading: Reading) -> Document:
    content_hash = hashlib.sha256(f"{PIPELINE}\n{reading.text}".encode()).hexdigest()
    return Document(
        id=hashlib.sha256(name.encode()).hexdigest()[:16],
        name=name,
        title=reading.title or Path(name).stem,
        publisher=reading.publisher,
        date=reading.date,
        language=reading.language or detect_language(reading.text[:_SAMPLE]),
        source=reading.source,
        translation_of=reading.translation_of,
        content_hash=content_hash,
        text=reading.text,
    )


# ---- embedding -----------------------------------------------------------------------------------------------


def _embed_into(store: Store, parsed: Sequence[Parsed], embedder: SentenceEmbeddings, progress: Progress) -> None:
    total = sum(len(chunk.units) for item in parsed for chunk in item.chunks)
    done = 0
    for item in parsed:
        units = [(chunk, unit) for chunk in item.chunks for unit in chunk.units]
        texts = [embedding_text(item.document, chunk, unit) for chunk, unit in units]
        vectors: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
        for start in range(0, len(texts), _BATCH):
            vectors.extend(embedder.document_vectors(texts[start : start + _BATCH]))
            progress(done + len(vectors), total)
        done += len(vectors)
        by_chunk: dict[str, list[UnitEntry]] = {chunk.id: [] for chunk in item.chunks}
        for (chunk, unit), vector in zip(units, vectors, strict=True):
            by_chunk[chunk.id].append(_entry(item.document, chunk, unit, vector))
        store.add(item.document, [(chunk, by_chunk[chunk.id]) for chunk in item.chunks])


def embedding_text(document: Document, chunk: Chunk, unit: Unit) -> str:
    """What is embedded for a unit: its nearest heading, the line that introduces it, and its own words."""
    return ". ".join([_heading(document, chunk), *_lead(document, unit), document.text[unit.span.start : unit.span.end]])


def _heading(document: Document, chunk: Chunk) -> str:
    return chunk.section[-1] if chunk.section else document.title


def _lead(document: Document, unit: Unit) -> Iterable[str]:
    if unit.lead:
        yield document.text[unit.lead.start : unit.lead.end][-_LEAD_LENGTH:]


def _entry(
    document: Document, chunk: Chunk, unit: Unit, vector: np.ndarray[tuple[int], np.dtype[np.float32]]
) -> UnitEntry:
    language = document.language
    context = " ".join([document.title, *chunk.section, *_lead(document, unit)])
    body = document.text[unit.span.start : unit.span.end]
    return UnitEntry(unit, " ".join(index_terms(body, language)), " ".join(index_terms(context, language)), vector)
