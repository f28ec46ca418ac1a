"""A file to a document with its chunks, ready to be embedded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from assistant.errors import UnreadableFileError
from assistant.text.language import detect_language
from assistant.types import Chunk, Document
from ingest.files import File, is_showable
from ingest.read import read_file
from ingest.read.blocks import Reading
from ingest.split import split_document

PIPELINE = "5"  # part of every content hash: raise it when reading or splitting changes, and everything is read anew
_SAMPLE = 20_000  # characters the language is detected from


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document ready to be embedded."""

    document: Document
    chunks: tuple[Chunk, ...]


def parse(file: File) -> Parsed:
    """Read and split one file.

    Raises:
        UnreadableFileError: the file cannot be read, or nothing in it can be quoted.
    """
    if not is_showable(file.name):
        raise UnreadableFileError("its name holds characters that cannot be shown.", "Rename it.")
    reading = read_file(file.path)
    document = _document(file.name, reading)
    chunks = split_document(document.id, document.content_hash, reading.text, reading.blocks)
    if not chunks:
        raise UnreadableFileError("it holds no text besides headings.", "Remove or fill it.")
    return Parsed(document, tuple(chunks))


def _document(name: str, reading: Reading) -> Document:
    return Document(
        id=hashlib.sha256(name.encode()).hexdigest()[:16],
        name=name,
        title=reading.title or PurePosixPath(name).stem,
        publisher=reading.publisher,
        date=reading.date,
        language=reading.language or detect_language(reading.text[:_SAMPLE]),
        source=reading.source,
        translation_of=reading.translation_of,
        content_hash=hashlib.sha256(f"{PIPELINE}\n{reading.text}".encode()).hexdigest(),
        text=reading.text,
    )
