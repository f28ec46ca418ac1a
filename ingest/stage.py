"""Files into a store of their own, one commit a document, so that an interrupted import goes on where it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import IndexUnavailableError, UnreadableFileError
from assistant.index.late_interaction import MOST_TOKENS, Embedded
from assistant.index.store import Store
from assistant.index.writer import StoreWriter, UnitEntry
from assistant.models import SentenceEmbeddings
from assistant.text.abbreviations import explained_abbreviations
from assistant.text.words import index_terms
from assistant.types import Chunk, Document, Unit
from ingest.events import Event, Tell
from ingest.facts import facts_of
from ingest.files import File, shown
from ingest.parse import Parsed
from ingest.plan import Plan, file_hash
from ingest.sandbox import read_all

STAGED = "staged.sqlite"
_LEAD_LENGTH = 200
_EMBEDDED_LENGTH = 4_000  # characters; embedding models see less than that
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that did not go in."""

    name: str
    reason: str


@contextmanager
def open_staging(folder: Path, model: str) -> Iterator[StoreWriter]:
    """The store in which documents wait; what an interrupted import with the same model left is kept."""
    path = folder / STAGED
    if path.is_file() and not _is_usable(path, model):
        for file in folder.glob(f"{STAGED}*"):
            file.unlink()
    staging = StoreWriter(path)
    try:
        staging.write_ahead()
        staging.set_meta("model", model)
        staging.commit()
        yield staging
    finally:
        staging.close()


def stage(
    plan: Plan, staging: StoreWriter, serving: Store | None, embedder: SentenceEmbeddings, tell: Tell
) -> list[Refusal]:
    """Read and embed the files of the plan that do not wait yet; the refused ones are returned.

    Args:
        serving: a store with the same model, whose vectors of unchanged sentences are taken over.
    """
    waiting = {name for name, kept in staging.files().items() if plan.hashes.get(name) == kept.hash}
    waiting = {name for name in waiting if staging.meta(_sum_of(name)) == staging.fingerprint(name)}
    for name in staging.files().keys() - waiting:
        _drop(staging, name)
    files = [file for file in plan.read if file.name not in waiting]
    sizes = {file.name: _size(file) for file in plan.read}
    total, done = sum(sizes.values()), sum(size for name, size in sizes.items() if name in waiting)
    refused: list[Refusal] = []
    tell(Event("reading", done=done, total=total))
    for file, outcome in read_all(files):
        if isinstance(outcome, Parsed) and file_hash(file) != plan.hashes.get(file.name):
            outcome = UnreadableFileError("it changed while it was read.", "Run lotse-ingest again.")
        if isinstance(outcome, UnreadableFileError):
            refused.append(Refusal(shown(file.name), str(outcome)))
            done += sizes[file.name]
            tell(Event("refused", shown(file.name), done, total, str(outcome)))
            continue
        vectors = _Vectors(embedder, [store for store in (serving, staging) if store])
        for share in vectors.fill(outcome):
            tell(Event("embedded", file.name, done + int(share * sizes[file.name]), total))
        abbreviations = explained_abbreviations(outcome.document.text)
        staging.add(outcome.document, entries(outcome, vectors), abbreviations)
        staging.add_facts(facts_of(outcome.document, outcome.chunks, abbreviations))
        staging.put_file(file.name, plan.hashes[file.name], file.name)
        staging.set_meta(_sum_of(file.name), staging.fingerprint(file.name))
        staging.commit()
        done += sizes[file.name]
        tell(Event("staged", file.name, done, total))
    return refused


def _sum_of(name: str) -> str:
    """The property that holds a document's fingerprint: what has waited on a disk may have changed there."""
    return f"fingerprint of {name}"


def _is_usable(path: Path, model: str) -> bool:
    """Whether all of a staging can be read and was made with the model."""
    try:
        with closing(Store(path)) as store:
            for name in store.files():
                store.fingerprint(name)
            return store.is_sound() and store.meta("model") == model
    except IndexUnavailableError:
        return False


def _drop(staging: StoreWriter, name: str) -> None:
    for document in staging.documents():
        if document.name == name:
            staging.remove(document.id)
    staging.forget_file(name)
    staging.commit()


def _size(file: File) -> int:
    try:
        return file.path.stat().st_size
    except OSError:
        return 0  # reading it will say what is wrong


# ---- embedding -----------------------------------------------------------------------------------------------


class _Vectors:
    """The vectors of one document's units; those of texts that a store knows are not computed again."""

    def __init__(self, embedder: SentenceEmbeddings, stores: Sequence[Store]) -> None:
        self._embedder, self._stores = embedder, stores
        self._known: dict[bytes, Embedded] = {}

    def fill(self, parsed: Parsed) -> Iterator[float]:
        """Make all vectors of a document; tells after every batch which share of them is done."""
        texts = {digest_of(text): (text, len(before.split())) for text, before in _texts(parsed)}
        for store in self._stores:
            self._known |= store.embedded([digest for digest in texts if digest not in self._known])
        new = [digest for digest in texts if digest not in self._known]
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            embedded = self._embedder.documents([texts[digest][0] for digest in batch])
            for digest, made in zip(batch, embedded, strict=True):
                tokens = made.tokens[made.words >= texts[digest][1]][:MOST_TOKENS]
                self._known[digest] = replace(made, tokens=tokens)
            yield min(1.0, (start + _BATCH) / len(new))

    def __getitem__(self, digest: bytes) -> Embedded:
        return self._known[digest]


def digest_of(text: str) -> bytes:
    """What identifies an embedded text, 16 bytes."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _texts(parsed: Parsed) -> Iterator[tuple[str, str]]:
    """What is embedded, each with what stands in it before the unit's own words."""
    for chunk in parsed.chunks:
        for unit in chunk.units:
            yield embedding_text(parsed.document, chunk, unit), _before(parsed.document, chunk, unit)


def entries(parsed: Parsed, vectors: _Vectors | Mapping[bytes, Embedded]) -> Iterator[tuple[Chunk, list[UnitEntry]]]:
    """A document's passages with their units, as they go into a store; `vectors` are those of its texts by their digests."""
    for chunk in parsed.chunks:
        yield chunk, [_entry(parsed.document, chunk, unit, vectors) for unit in chunk.units]


def _entry(document: Document, chunk: Chunk, unit: Unit, vectors: _Vectors | Mapping[bytes, Embedded]) -> UnitEntry:
    context = " ".join([document.title, *chunk.section, *_lead(document, unit)])
    body = document.text[unit.span.start : unit.span.end]
    digest = digest_of(embedding_text(document, chunk, unit))
    return UnitEntry(unit, _words(body, chunk), _words(context, chunk), digest, vectors[digest])


def _words(text: str, chunk: Chunk) -> str:
    return " ".join(index_terms(text, chunk.language))


def embedding_text(document: Document, chunk: Chunk, unit: Unit) -> str:
    """What is embedded for a unit: its nearest heading, the line that introduces it, and its own words."""
    words = document.text[unit.span.start : unit.span.end]
    return f"{_before(document, chunk, unit)}. {words}"[:_EMBEDDED_LENGTH]


def _before(document: Document, chunk: Chunk, unit: Unit) -> str:
    heading = chunk.section[-1] if chunk.section else document.title
    return ". ".join([heading, *_lead(document, unit)])


def _lead(document: Document, unit: Unit) -> Iterable[str]:
    if unit.lead:
        yield document.text[unit.lead.start : unit.lead.end][-_LEAD_LENGTH:]
