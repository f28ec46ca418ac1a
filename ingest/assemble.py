"""Staged documents and the serving version to the next version: written, filled, checked and sealed beside the old one."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import AssistantError
from assistant.index.digest import PIPELINE
from assistant.index.schema import LANGUAGES, SCHEMA_VERSION
from assistant.index.store import Store
from assistant.index.stored import StoredFile
from assistant.index.vectors import Vectors
from assistant.index.versions import STORE, VECTORS, damage, seal
from assistant.index.writer import StoreWriter
from assistant.types import Language
from ingest.about.editions import Edition, merge_duplicates, superseded
from ingest.events import Event, Tell
from ingest.plan import Plan
from ingest.stage import STAGED

_CHANGED_MUCH = 0.3  # share of removed vectors from which on a graph made anew finds better, and is made as fast
_SAMPLE = 25  # units of each language that the check looks for


@dataclass(frozen=True, slots=True)
class Contents:
    """What the next version holds: its files with the documents they hold, and which document answers for which."""

    files: Mapping[str, StoredFile]
    staged: frozenset[str]  # names of the documents that come from the staging
    superseded: Mapping[str, str]  # name of the older edition: name of the newer one
    warnings: tuple[str, ...]

    def version(self, model: str) -> str:
        """The same files and model always give the same version."""
        files = [f"{file.name}:{file.hash}" for _, file in sorted(self.files.items())]
        return hashlib.sha256("\n".join([SCHEMA_VERSION, PIPELINE, model, *files]).encode()).hexdigest()[:12]


def contents_of(plan: Plan, serving: Store | None, staging: Store) -> Contents:
    """What the next version holds.

    A file that was refused keeps what went in of it before; the same content twice is one document with two places.
    """
    staged = staging.files()
    kept = {
        name: file
        for name, file in (serving.files() if serving else {}).items()
        # what a further place held that cannot be read now went with the document it was one of
        if name not in plan.gone and (file.document == name or file.document not in staged)
    }
    files = kept | staged
    editions = _editions(serving) if serving else {}
    editions = {name: edition for name, edition in editions.items() if name in kept} | _editions(staging)
    merged = merge_duplicates(editions.values())
    newer, warnings = superseded([edition for name, edition in editions.items() if name not in merged], merged)
    return Contents(
        files={
            name: StoredFile(name, file.hash, merged.get(file.document, file.document))
            for name, file in files.items()
            if file.document in editions
        },
        staged=frozenset(name for name in staged if name not in merged),
        superseded=newer,
        warnings=warnings,
    )


def _editions(store: Store) -> dict[str, Edition]:
    digests = store.digests()
    return {
        d.name: Edition(
            d.name, d.title, d.publisher, d.date, d.language, d.content_hash, digests[d.name], d.supersedes
        )
        for d in store.documents()
    }  # fmt: skip


def assemble(
    building: Path,
    contents: Contents,
    serving: Path | None,
    model: str,
    chroma_url: str | None,
    serial: int,
    tell: Tell,
) -> Path:
    """Build the next version's folder, check and seal it.

    Args:
        building: where the staging lies and the folder is made.
        serving: the folder of the version to start from; None to start from nothing.
        serial: larger than those of all versions there are.

    Raises:
        AssistantError: the new version does not hold or find what it should.
    """
    tell(Event("assembling"))
    folder = building / "next"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    if serving:
        shutil.copyfile(serving / STORE, folder / STORE)
    version = contents.version(model)
    with closing(StoreWriter(folder / STORE)) as store:
        _write(store, building / STAGED, contents, version, model)
    tell(Event("assembled"))
    with closing(Store(folder / STORE)) as store:
        earlier = serving if serving and not chroma_url and _changed_little(store, serving) else None
        if earlier:
            shutil.copytree(earlier / VECTORS, folder / VECTORS)
        with closing(Vectors(folder / VECTORS, version, chroma_url)) as vectors:
            _fill(vectors, store, earlier)
            tell(Event("vectors"))
            problem = _problem(store, vectors, contents)
    if problem:
        raise AssistantError(
            f"The new index failed its check: {problem}.", "The old one goes on serving; run lotse-ingest again."
        )
    tell(Event("checked"))
    seal(folder, serial, version)
    tell(Event("sealed"))
    return folder


def _write(store: StoreWriter, staged: Path, contents: Contents, version: str, model: str) -> None:
    """Everything in one transaction and in the order of the names, so that the same steps give the same bytes."""
    store.attach(staged)
    documents = {file.document for file in contents.files.values()}
    for document in store.documents():
        if document.name not in documents or document.name in contents.staged:
            store.remove(document.id)
    store.take_over(sorted(contents.staged))
    for name in store.files().keys() - contents.files.keys():
        store.forget_file(name)
    for name, file in sorted(contents.files.items()):
        store.put_file(name, file.hash, file.document)
    store.supersede(contents.superseded)
    store.search_all()
    store.set_meta("model", model)
    store.set_meta("version", version)
    store.commit()


def _changed_little(store: Store, serving: Path) -> bool:
    """Whether the vectors of the version before are worth changing."""
    if damage(serving, VECTORS):
        return False
    with closing(Store(serving / STORE)) as before:
        return all(
            len(set(before.searched_ids(language)) - set(store.searched_ids(language)))
            <= _CHANGED_MUCH * len(before.searched_ids(language))
            for language in LANGUAGES
        )


def _fill(vectors: Vectors, store: Store, earlier: Path | None) -> None:
    if not earlier:
        vectors.build(store)
        return
    with closing(Store(earlier / STORE)) as before:
        vectors.update(store, before, earlier.name)


def renew_vectors(folder: Path, serial: int, chroma_url: str | None = None) -> None:
    """Make the vectors of a version with a whole store anew, in its place: the store can go on serving meanwhile."""
    place = folder / VECTORS
    if not chroma_url:
        shutil.rmtree(place, ignore_errors=True)
        place.unlink(missing_ok=True)  # where it has become a file
    with closing(Store(folder / STORE)) as store, closing(Vectors(place, folder.name, chroma_url)) as vectors:
        vectors.build(store)
    seal(folder, serial)


# ---- the check -----------------------------------------------------------------------------------------------


def _problem(store: Store, vectors: Vectors, contents: Contents) -> str | None:
    """What is wrong with a version that was built: counts, hashes and known items are looked at. None: nothing is."""
    documents = store.documents()
    if {d.name for d in documents} != {file.document for file in contents.files.values()}:
        return "it does not hold the documents it should."
    for document in documents:
        whole = store.document(document.id)
        if not whole or hashlib.sha256(whole.text.encode()).hexdigest() != document.content_hash:
            return f"the text of {document.name} is not the one that was read."
    for language, count in store.unit_counts().items():
        if store.worded(language) != count:
            return f"of {count} texts ({language}) {store.worded(language)} can be found by words."
        if not all(_is_found(store, unit_id, language) for unit_id in _sample(store.searched_ids(language))):
            return f"a known text ({language}) is not found by its words."
    return None if vectors.is_complete(store) else "its vectors are not complete."


def _sample(ids: Sequence[int]) -> Sequence[int]:
    return ids[:: max(1, len(ids) // _SAMPLE)]


def _is_found(store: Store, unit_id: int, language: Language) -> bool:
    """Whether a unit is among those that hold its rarest words; texts of stop words alone have none."""
    (unit,) = store.units([unit_id])
    counts = store.frequencies(unit.body, language)
    rarest = sorted(counts, key=lambda term: (counts[term], term))[:3]
    return not rarest or unit_id in store.search_words(rarest, language, sum(counts[term] for term in rarest))
