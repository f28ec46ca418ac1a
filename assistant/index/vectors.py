"""The vectors in Chroma, one collection per language; a cache that can be rebuilt from the store at any time.

Chroma filters slowly (a `where` on the language costs ten times the query), hence the collections.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from numpy.typing import NDArray

from assistant.errors import IndexUnavailableError
from assistant.index.store import LANGUAGES, Store
from assistant.types import Language

_SPACE = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}}


class Vectors:
    """Nearest units by cosine.

    Args:
        folder: where the embedded Chroma keeps its files; unused with a server.
        version: the index version, part of the collections' names.
        url: address of a running Chroma server; None for the embedded one.
    """

    def __init__(self, folder: Path, version: str, url: str | None = None) -> None:
        self._names: dict[Language, str] = {language: f"lotse-{version}-{language}" for language in LANGUAGES}
        self._client = _connect(folder, url)
        self._collections: dict[Language, chromadb.Collection] = {}

    def build(self, store: Store) -> None:
        """Fill the collections from the store; what stood there under this version is replaced."""
        for language, name in self._names.items():
            if any(collection.name == name for collection in self._client.list_collections()):
                self._client.delete_collection(name)
            collection = self._client.create_collection(name, configuration=_SPACE, embedding_function=None)
            for ids, vectors in _batches(store, language):
                collection.add(ids=[str(unit_id) for unit_id in ids], embeddings=vectors)

    def is_complete(self, store: Store) -> bool:
        """Whether every unit of the store has its vector here."""
        counts = store.unit_counts()
        present = {collection.name for collection in self._client.list_collections()}
        return all(
            name in present and self._collection(language).count() == counts.get(language, 0)
            for language, name in self._names.items()
        )

    def search(self, vector: NDArray[np.float32], language: Language, limit: int) -> dict[int, float]:
        """Unit ids with their cosine, best first. `vector` has shape (dimension,)."""
        collection = self._collection(language)
        size = min(limit, collection.count())
        if not size:
            return {}
        found = collection.query(query_embeddings=vector[None, :], n_results=size, include=["distances"])
        ids, distances = found["ids"][0], (found["distances"] or [[]])[0]
        return {int(unit_id): 1.0 - distance for unit_id, distance in zip(ids, distances, strict=True)}

    def close(self) -> None:
        """Release the files."""
        self._client.close()

    def _collection(self, language: Language) -> chromadb.Collection:
        if language not in self._collections:
            self._collections[language] = self._client.get_collection(self._names[language], embedding_function=None)
        return self._collections[language]


def _connect(folder: Path, url: str | None) -> ClientAPI:
    settings = ChromaSettings(anonymized_telemetry=False)
    if url is None:
        return chromadb.PersistentClient(str(folder), settings=settings)
    parts = urlsplit(url)
    try:
        return chromadb.HttpClient(
            parts.hostname or "localhost", parts.port or 8000, ssl=parts.scheme == "https", settings=settings
        )
    except ValueError as error:
        raise IndexUnavailableError(f"No Chroma answers at {url} ({error}).", "Start it, or unset LOTSE_CHROMA_URL.") from None


def _batches(store: Store, language: Language) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
    yield from store.vectors(language)
