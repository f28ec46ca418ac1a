"""A file to a document with its chunks, ready to be embedded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from assistant.errors import UnreadableFileError
from assistant.text.language import detect_language
from assistant.types import Chunk, Document
from ingest.about import about
from ingest.about.sidecar import read_sidecar, refuse_lone
from ingest.files import File, is_showable
from ingest.read import read_file
from ingest.read.blocks import Reading, Stated
from ingest.split import split_document


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document ready to be embedded."""

    document: Document
    chunks: tuple[Chunk, ...]


def parse(file: File) -> Parsed:
    """Read one file with its sidecar, find out what it is, and split it.

    Raises:
        UnreadableFileError: the file or its sidecar cannot be read, or nothing in it can be quoted.
    """
    if not is_showable(file.name):
        raise UnreadableFileError("its name holds characters that cannot be shown.", "Rename it.")
    if file.refusal:
        raise UnreadableFileError(*file.refusal)
    refuse_lone(file.name)
    sidecar = read_sidecar(file.sidecar)
    reading = read_file(file.path)
    document = _document(file, reading, sidecar)
    chunks = split_document(document.id, document.content_hash, reading, document.language)
    if not chunks:
        raise UnreadableFileError("it holds no text besides headings.", "Remove or fill it.")
    return Parsed(document, tuple(chunks))


def _document(file: File, reading: Reading, sidecar: Stated) -> Document:
    said, date_place = about(reading, file.name, sidecar)
    return Document(
        id=hashlib.sha256(file.name.encode()).hexdigest()[:16],
        name=file.name,
        title=said.title or file.name,
        publisher=said.publisher,
        date=said.date,
        date_place=date_place,
        language=said.language or detect_language(reading.text),
        source=said.source or file.source,
        translation_of=said.translation_of,
        supersedes=said.supersedes,
        superseded_by=None,  # known when all documents are
        content_hash=hashlib.sha256(reading.text.encode()).hexdigest(),
        text=reading.text,
    )
