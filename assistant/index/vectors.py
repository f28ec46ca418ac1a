"""The vectors in Chroma, one collection per language; a cache that can be rebuilt from the store at any time.

Chroma filters slowly (a `where` on the language costs ten times the query), hence the collections. An embedded Chroma
belongs to one process: even opening it writes to its files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError
from numpy.typing import NDArray

from assistant.errors import IndexUnavailableError
from assistant.index.schema import LANGUAGES
from assistant.index.store import Store
from assistant.types import Language

# With Chroma's 16 neighbours, and even with 32, some of many similar sentences could not be reached at all.
_CONFIGURATION = CreateCollectionConfiguration(
    hnsw=CreateHNSWConfiguration(space="cosine", ef_construction=200, ef_search=200, max_neighbors=64)
)
_TIMEOUT = 60  # seconds for one request to a server
_BATCH = 1_000
_SAMPLE = 24  # vectors looked for to see whether an index is whole
_ENOUGH = 0.25  # share of them that must be found; the search is an approximate one, a lost file finds none
_SAME = 0.999  # cosine from which on a vector was found again


class Vectors:
    """Nearest units by cosine. All methods raise IndexUnavailableError when Chroma fails.

    Args:
        folder: where the embedded Chroma keeps its files; unused with a server.
        version: the index version, part of the collections' names.
        url: address of a running Chroma server; None for the embedded one.
    """

    def __init__(self, folder: Path, version: str, url: str | None = None) -> None:
        self._names: dict[Language, str] = {language: f"lotse-{version}-{language}" for language in LANGUAGES}
        self._place = url or str(folder)
        self._client = self._connect(folder, url)
        self._collections: dict[Language, chromadb.Collection] = {}

    def build(self, store: Store) -> None:
        """Fill the collections from the store; what stood there under this version is replaced."""
        self.drop()
        with self._failures():
            for language, name in self._names.items():
                collection = self._client.create_collection(name, configuration=_CONFIGURATION, embedding_function=None)
                for ids, vectors in store.vectors(language):
                    collection.add(ids=[str(unit_id) for unit_id in ids], embeddings=vectors)

    def update(self, store: Store, earlier: Store, version: str) -> None:
        """Bring the collections of an earlier version in line with the store, under this version's name."""
        with self._failures():
            for language, name in self._names.items():
                collection = self._client.get_collection(f"lotse-{version}-{language}", embedding_function=None)
                collection.modify(name=name)
                before, after = set(earlier.searched_ids(language)), set(store.searched_ids(language))
                gone = [str(unit_id) for unit_id in sorted(before - after)]
                for start in range(0, len(gone), _BATCH):
                    collection.delete(ids=gone[start : start + _BATCH])
                for ids, vectors in store.vectors(language, sorted(after - before)):
                    collection.add(ids=[str(unit_id) for unit_id in ids], embeddings=vectors)

    def drop(self) -> None:
        """Remove the collections of this version."""
        self._collections.clear()
        with self._failures():
            for name in self._names.values():
                with suppress(NotFoundError):
                    self._client.delete_collection(name)

    def is_complete(self, store: Store) -> bool:
        """Whether every unit of the store has its vector here, and whether known ones are found."""
        counts = store.unit_counts()
        with self._failures():
            try:
                return all(
                    self._collection(language).count() == counts.get(language, 0) and self._finds_known(store, language)
                    for language in LANGUAGES
                )
            except NotFoundError:
                return False

    def search(self, vector: NDArray[np.float32], language: Language, limit: int) -> dict[int, float]:
        """Unit ids with their cosine, best first. `vector` has shape (dimension,)."""
        with self._failures():
            collection = self._collection(language)
            found = collection.query(query_embeddings=vector[None, :], n_results=limit, include=["distances"])
        ids, distances = found["ids"][0], (found["distances"] or [[]])[0]
        return {int(unit_id): 1.0 - distance for unit_id, distance in zip(ids, distances, strict=True)}

    def close(self) -> None:
        """Release the files or the connections."""
        sessions = _sessions(self._client)
        self._client.close()  # type: ignore[attr-defined] # the interface lacks it, every client has it
        for session in sessions:
            session.close()

    def _finds_known(self, store: Store, language: Language) -> bool:
        """Whether known vectors find themselves: Chroma still counts those whose files it has lost."""
        ids = store.searched_ids(language)
        sample = ids[:: max(1, len(ids) // _SAMPLE)]
        found = sum(
            max(self.search(vector, language, 10).values(), default=0.0) > _SAME
            for _, vectors in store.vectors(language, sample)
            for vector in vectors
        )
        return found >= _ENOUGH * len(sample)

    def _collection(self, language: Language) -> chromadb.Collection:
        if language not in self._collections:
            collection = self._client.get_collection(self._names[language], embedding_function=None)
            # Chroma would run the function that a collection names; ours name none.
            if (collection.configuration_json.get("embedding_function") or {}).get("name"):
                raise IndexUnavailableError(
                    f"The collection {collection.name} in {self._place} is not one of Clusterlotse.", "Remove it."
                )
            self._collections[language] = collection
        return self._collections[language]

    def _connect(self, folder: Path, url: str | None) -> ClientAPI:
        settings = ChromaSettings(anonymized_telemetry=False)
        with self._failures():
            if url is None:
                return chromadb.PersistentClient(str(folder), settings=settings)
            parts = urlsplit(url)
            secure = parts.scheme == "https"
            host, port = parts.hostname or "localhost", parts.port or (443 if secure else 8000)
            try:
                client = chromadb.HttpClient(host, port, ssl=secure, settings=settings)
            except ValueError as error:  # how Chroma reports that nobody answers
                raise IndexUnavailableError(
                    f"No Chroma answers at {url} ({error}).", "Start it, or unset LOTSE_CHROMA_URL."
                ) from None
            for session in _sessions(client):
                session.timeout = httpx.Timeout(_TIMEOUT)
            return client

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Chroma's errors as ours."""
        try:
            yield
        except (ChromaError, httpx.HTTPError) as error:
            raise IndexUnavailableError(
                f"The vectors in {self._place} cannot be used ({error}).", "Run lotse-ingest to make them anew."
            ) from None


def _sessions(client: ClientAPI) -> list[httpx.Client]:
    """The connections of a client of a server: Chroma gives them no time limit and never closes them."""
    parts = (client, getattr(client, "_admin_client", None))
    servers = [getattr(part, "_server", None) for part in parts]
    return [server._session for server in servers if server is not None and hasattr(server, "_session")]
