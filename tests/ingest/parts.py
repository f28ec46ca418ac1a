"""Documents in a folder, and what an index holds and serves of them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.index.late_interaction import Embedded
from assistant.index.schema import LANGUAGES
from assistant.index.store import Store
from assistant.index.vectors import Vectors
from assistant.index.versions import STORE, VECTORS, served
from ingest.build import Report, ingest
from tests.helpers import HashingEmbeddings

DOCUMENTS = {
    "de/hafen.md": "---\ntitle: Hafen\nlanguage: de\n---\n# Kräne\n\nDer Hafen hat 17 Kräne. Der größte hebt 90 Tonnen.\n",
    "en/harbour.md": "# Cranes\n\nThe harbour runs 17 cranes. The largest lifts 90 tonnes.\n",
    "turm.txt": "Der Leuchtturm ist 41 Meter hoch. Er wurde 1907 erbaut.\n",
}


class CountingEmbeddings(HashingEmbeddings):
    """Knows how many texts it has embedded."""

    def __init__(self, name: str = "test/hashing-256") -> None:
        super().__init__(name)
        self.count = 0

    def documents(self, texts: list[str]) -> list[Embedded]:
        self.count += len(texts)
        return super().documents(texts)


class Place:
    """A folder of documents and the data folder of its index."""

    def __init__(self, folder: Path, documents: Mapping[str, str | bytes]) -> None:
        self.docs, self.data = folder / "docs", folder / "data"
        self.docs.mkdir(parents=True)
        self.embeddings = CountingEmbeddings()
        for name, content in documents.items():
            self.write(name, content)

    def write(self, name: str, content: str | bytes) -> Path:
        """Put a document in or change it."""
        path = self.docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def ingest(self, *paths: Path, **options: Any) -> Report:
        """Bring the index in line with the folder of documents, or with other paths."""
        self.embeddings.count = 0
        return ingest(paths or [self.docs], self.data, self.embeddings, **options)

    def served(self) -> dict[str, str]:
        """Names and texts of the documents being served, after a look that all of it can be searched."""
        folder = served(self.data).folder
        copy = self.data.parent / "looked-at"  # opening an embedded Chroma writes to its files
        shutil.copytree(folder / VECTORS, copy)
        with closing(Store(folder / STORE)) as store, closing(Vectors(copy, folder.name)) as vectors:
            assert store.meta("version") == folder.name
            assert vectors.is_complete(store)
            for language in LANGUAGES:
                for _, rows in store.vectors(language):
                    found = [max(vectors.search(row, language, 1).values()) > 0.999 for row in rows]
                    assert sum(found) >= 0.99 * len(found)  # the search is an approximate one
            texts = {d.name: store.document(d.id) for d in store.documents()}
        shutil.rmtree(copy)
        return {name: document.text for name, document in texts.items() if document}

    def disk(self) -> dict[str, tuple[int, str]]:
        """Every file of the data folder with its time and hash, every folder with nothing."""
        return {
            path.relative_to(self.data).as_posix(): (
                path.stat().st_mtime_ns,
                hashlib.sha256(path.read_bytes()).hexdigest(),
            )
            if path.is_file()
            else (0, "")
            for path in self.data.rglob("*")
        }


def content(data: Path) -> list[tuple[Any, ...]]:
    """All that an index says about its documents, without the numbers that depend on its history."""
    with closing(Store(served(data).folder / STORE)) as store:
        rows: list[tuple[Any, ...]] = [
            (document, tuple(store.abbreviations(document.language))) for document in store.documents()
        ]
        for language in LANGUAGES:
            for ids, vectors in store.vectors(language):
                for unit, vector in zip(store.units(ids), vectors, strict=True):
                    chunk = store.chunks([unit.chunk_id])[unit.chunk_id]
                    rows.append((chunk, unit.unit, sorted(unit.body), sorted(unit.context), vector.tobytes()))
        return sorted(rows, key=repr)
