"""Bring the index in line with files: plan, stage, assemble beside the serving version, switch."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout

from assistant.errors import AssistantError, IndexUnavailableError, InvalidInputError, UnreadableFileError
from assistant.index.store import Store
from assistant.index.stored import StoredFile
from assistant.index.vectors import Vectors
from assistant.index.versions import (
    BUILDING,
    HOLDER,
    LOCK,
    NEW_POINTER,
    STORE,
    VECTORS,
    current_version,
    damage,
    next_serial,
    outdated,
    publish,
    served,
    switch,
)  # fmt: skip
from assistant.models import SentenceEmbeddings
from ingest.assemble import assemble, contents_of, renew_vectors
from ingest.events import Event, Tell, silent
from ingest.files import File, find_files, shown
from ingest.plan import Plan, plan_import
from ingest.stage import Refusal, open_staging, stage


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. Names are those of files; a document may have several."""

    version: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[Refusal, ...]
    duplicates: tuple[tuple[str, str], ...]  # file, and the document whose content it has
    superseded: tuple[tuple[str, str], ...]  # older edition, newer edition
    warnings: tuple[str, ...]
    documents: int
    passages: int


def ingest(
    paths: Sequence[Path],
    data: Path,
    embedder: SentenceEmbeddings,
    *,
    chroma_url: str | None = None,
    fetch: bool = False,
    tell: Tell = silent,
) -> Report:
    """Bring the index in `data` in line with the files under `paths`.

    Where nothing changed, nothing is written and the embedder is not used. An interrupted import goes on where it was.

    Raises:
        InvalidInputError: a path does not exist, or there is no file under the paths.
        UnreadableFileError: none of the files can be read.
        AssistantError: another import is running, or a folder cannot be read or written.
    """
    with _downloads(fetch) as downloads:
        files, refused = found_files(paths, data, downloads)
        return _bring_in_line(files, refused, data, embedder, chroma_url, tell)


@contextmanager
def _downloads(fetch: bool) -> Iterator[Path | None]:
    """A folder for what is fetched; None where nothing may be."""
    if fetch:
        with TemporaryDirectory(prefix="clusterlotse-fetched-") as folder:
            yield Path(folder)
    else:
        yield None


def _bring_in_line(
    files: Sequence[File],
    refused: list[Refusal],
    data: Path,
    embedder: SentenceEmbeddings,
    chroma_url: str | None,
    tell: Tell,
) -> Report:
    with writing(data):
        with _serving(data, embedder.name) as serving:
            before = serving.files() if serving else {}
        if not files:
            raise InvalidInputError(f"There is no file under the given paths.{_still(before, data)}", "Name documents.")
        data.mkdir(parents=True, exist_ok=True)
        plan = plan_import(files, before)
        current = data / (current_version(data) or "none")
        left_over = any((data / name).exists() for name in (BUILDING, HOLDER, NEW_POINTER)) or outdated(data)
        if plan.is_empty and before and not left_over and _can_serve(current, chroma_url):
            return _report(current, before, plan, (), refused)
        with locked(data):
            return _ingest(files, refused, data, embedder, chroma_url, tell, plan.hashes)


def _ingest(
    files: Sequence[File],
    refused: list[Refusal],
    data: Path,
    embedder: SentenceEmbeddings,
    chroma_url: str | None,
    tell: Tell,
    hashes: Mapping[str, str],
) -> Report:
    building = data / BUILDING
    building.mkdir(exist_ok=True)
    with _serving(data, embedder.name) as serving, open_staging(building, embedder.name) as staging:
        before = serving.files() if serving else {}
        plan = plan_import(files, before, hashes)
        tell(Event("planned"))
        refused = [*refused, *stage(plan, staging, serving, embedder, tell)]
        contents = contents_of(plan, serving, staging)
        if not contents.files:
            staging.close()
            shutil.rmtree(building)
            reasons = " ".join(f"{refusal.name}: {refusal.reason}" for refusal in refused)
            raise UnreadableFileError(
                f"None of the files can be read. {reasons}{_still(before, data)}", "The index stays as it was."
            )
        version = contents.version(embedder.name)
        is_new = not _can_serve(data / version, chroma_url)
        if is_new and damage(data / version, STORE) is None:
            renew_vectors(data / version, next_serial(data), chroma_url)
        elif is_new:
            base = serving.path.parent if serving else None
            folder = assemble(building, contents, base, embedder.name, chroma_url, next_serial(data), tell)
            publish(data, folder, version)
            tell(Event("published"))
    if is_new or version != current_version(data):
        switch(data, version)
        tell(Event("switched"))
    _clean(data, chroma_url)
    tell(Event("cleaned"))
    return _report(data / version, before, plan, contents.warnings, refused)


def _still(before: Mapping[str, StoredFile], data: Path) -> str:
    """What an import without a readable file leaves as it was: it may be a slip, so nothing is withdrawn."""
    many = f" {len(before)} files that went in before go on answering; to withdraw them all, remove {data}."
    return many if before else ""


@contextmanager
def _serving(data: Path, model: str) -> Iterator[Store | None]:
    """The store to start from: the one being served, if it can be read and was made with the same model."""
    try:
        store: Store | None = Store(served(data).folder / STORE)
    except IndexUnavailableError:
        store = None
    with closing(store) if store else nullcontext():
        yield store if store and store.meta("model") == model else None


def _can_serve(folder: Path, chroma_url: str | None) -> bool:
    """Whether a version lies there whole, with its vectors."""
    if damage(folder):
        return False
    if not chroma_url:
        return any((folder / VECTORS).glob("*"))  # whole, if they are there at all
    with closing(Store(folder / STORE)) as store, closing(Vectors(folder, folder.name, chroma_url)) as vectors:
        return vectors.is_complete(store)


def _clean(data: Path, chroma_url: str | None) -> None:
    for version in outdated(data):
        shutil.rmtree(data / version)
        if chroma_url:
            with closing(Vectors(data, version, chroma_url)) as vectors:
                vectors.drop()
    (data / NEW_POINTER).unlink(missing_ok=True)
    shutil.rmtree(data / BUILDING)


def _report(
    folder: Path,
    before: Mapping[str, StoredFile],
    plan: Plan,
    warnings: Sequence[str],
    refused: Sequence[Refusal],
) -> Report:
    with closing(Store(folder / STORE)) as store:
        files, documents, counts = store.files(), store.documents(), store.counts()
    hashes = {name: file.hash for name, file in files.items()}
    read = [f.name for f in plan.read if f.name in hashes and hashes[f.name] == plan.hashes.get(f.name)]
    same = {
        name for name in read if name in before and before[name].hash == hashes[name]
    }  # was a copy of a changed one
    return Report(
        version=folder.name,
        added=tuple(name for name in read if name not in before),
        changed=tuple(name for name in read if name in before and name not in same),
        removed=plan.gone,
        unchanged=tuple(sorted({*plan.unchanged, *same})),
        refused=tuple(refused),
        duplicates=tuple((name, file.document) for name, file in files.items() if name != file.document),
        superseded=tuple((d.name, d.superseded_by) for d in documents if d.superseded_by),
        warnings=(
            *warnings,
            *(f"{r.name}: what went in of it before goes on answering." for r in refused if r.name in files),
        ),
        documents=counts["documents"],
        passages=counts["chunks"],
    )


def found_files(paths: Sequence[Path], data: Path, downloads: Path | None = None) -> tuple[list[File], list[Refusal]]:
    """The files under the paths; of two with the same name the first. Addresses are fetched into `downloads`."""
    files: dict[str, File] = {}
    refused: list[Refusal] = []
    for file in find_files(paths, data, downloads):
        if file.name in files:
            refused.append(Refusal(shown(file.name), "another file has the same name. Rename one of the two."))
        else:
            files[file.name] = file
    return list(files.values()), refused


@contextmanager
def writing(data: Path) -> Iterator[None]:
    """What the system says against writing to the data folder, in one line."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read the progress has gone; no matter of the folder
    except OSError as error:
        raise AssistantError(
            f"The folder {data} cannot be written ({error.strerror or error}).", "Name another with --data."
        ) from None


# ---- the lock ------------------------------------------------------------------------------------------------


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Be the only writer of the data folder. The kernel gives the lock back when this process ends, however that happens."""
    holder = data / HOLDER
    try:
        with FileLock(data / LOCK, timeout=0):
            since = datetime.now().astimezone().strftime("%H:%M:%S")
            holder.write_text(f"process {os.getpid()} on {socket.gethostname()}, since {since}", encoding="utf-8")
            try:
                yield
            finally:
                holder.unlink(missing_ok=True)
    except Timeout:
        who = holder.read_text(encoding="utf-8", errors="replace")[:200] if holder.is_file() else "unknown"
        raise AssistantError(f"Another import is writing to {data} ({who}).", "Wait until it is done.") from None
