"""Small documents in a store, without reading any file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from assistant.index.store import Store, UnitEntry
from assistant.text.words import index_terms
from assistant.types import Chunk, Document, Language, Span, Unit
from tests.helpers import HashingEmbeddings

EMBEDDINGS = HashingEmbeddings()


def document(name: str, text: str, language: Language = "de") -> Document:
    """A document whose id is its name."""
    return Document(
        f"id-{name}", name, name.title(), "Verlag", "2024-03-12", language, None, None, f"hash-{text}", text
    )


def lines(text: str) -> Iterator[Span]:
    """The spans of the lines of a text."""
    start = 0
    for line in text.split("\n"):
        yield Span(start, start + len(line))
        start += len(line) + 1


def put(store: Store, added: Document, section: tuple[str, ...] = ("Titel",)) -> None:
    """Put a document in; each line is a chunk of one unit."""
    numbers = count()
    entries = []
    for span in lines(added.text):
        words = added.text[span.start : span.end]
        unit = Unit(span, "sentence")
        body, context = (" ".join(index_terms(part, added.language)) for part in (words, " ".join(section)))
        entry = UnitEntry(unit, body, context, EMBEDDINGS.query_vector(words))
        entries.append((Chunk(f"{added.id}-{next(numbers)}", added.id, section, None, span, (unit,)), [entry]))
    store.add(added, entries)
