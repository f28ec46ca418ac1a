"""Small documents in a store, without reading any file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from assistant.index.schema import LANGUAGES
from assistant.index.store import Store
from assistant.index.writer import StoreWriter, UnitEntry
from assistant.text.words import index_terms
from assistant.types import Chunk, Document, Language, Span, Unit
from tests.helpers import HashingEmbeddings

EMBEDDINGS = HashingEmbeddings()


def document(name: str, text: str, language: Language = "de") -> Document:
    """A document whose id is its name."""
    return Document(
        id=f"id-{name}",
        name=name,
        title=name.title(),
        publisher="Verlag",
        date="2024-03-12",
        date_place="front matter",
        language=language,
        source=None,
        translation_of=None,
        supersedes=None,
        superseded_by=None,
        content_hash=f"hash-{text}",
        text=text,
    )


def lines(text: str) -> Iterator[Span]:
    """The spans of the lines of a text."""
    start = 0
    for line in text.split("\n"):
        yield Span(start, start + len(line))
        start += len(line) + 1


def put(store: StoreWriter, added: Document, section: tuple[str, ...] = ("Titel",), *, searched: bool = True) -> None:
    """Put a document in; each line is a chunk of one unit."""
    numbers = count()
    entries = []
    for span in lines(added.text):
        words = added.text[span.start : span.end]
        unit = Unit(span, "sentence")
        body, context = (" ".join(index_terms(part, added.language)) for part in (words, " ".join(section)))
        entry = UnitEntry(unit, body, context, words.encode()[:16], EMBEDDINGS.query(words))
        chunk = Chunk(f"{added.id}-{next(numbers)}", added.id, added.language, section, None, span, (unit,))
        entries.append((chunk, [entry]))
    store.add(added, entries, {})
    if searched:
        store.search_all()


def unit_ids(store: Store, *names: str) -> list[int]:
    """The ids of the units of documents that can be searched, in reading order."""
    found = store.units([unit_id for language in LANGUAGES for unit_id in store.searched_ids(language)])
    return [
        unit.id
        for name in names
        for unit in sorted(found, key=lambda unit: unit.unit.span.start)
        if unit.document_id == f"id-{name}"
    ]
