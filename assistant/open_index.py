"""The index as it is served: one version with its files open, and the switch to the next one."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import IndexUnavailableError
from assistant.facts import fact_answer
from assistant.index.facts import Fact
from assistant.index.snapshot import open_vectors
from assistant.index.store import Store
from assistant.index.vectors import Vectors
from assistant.index.versions import CURRENT, STORE, Look, current_version, look, served
from assistant.models import SentenceEmbeddings
from assistant.retrieve import Retriever
from assistant.settings import Settings
from assistant.types import Document, Draft, Findings, Language, Passage, Question

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenVersion:
    """An index version with its files open; they are closed when nobody holds it any more."""

    version: str
    store: Store
    vectors: Vectors
    retriever: Retriever
    built_at: str  # ISO 8601, UTC


class OpenIndex:
    """The index version being served; follows a switch without a restart, and goes on with what it has if that fails."""

    def __init__(self, settings: Settings, embedder: SentenceEmbeddings) -> None:
        self.settings, self.embedder = settings, embedder
        self.turn: Callable[[], AbstractContextManager[object]] = (
            nullcontext  # a server lets only so many search at once
        )
        self._lock = threading.Lock()
        self._unusable: IndexUnavailableError | None = None
        self._looks = _looks(settings.data)
        self._version = open_version(settings, embedder)
        self._seen = self._tried = look(self._version.store.path)

    def __call__(self, question: Question, limit: int = 10, language: Language | None = None) -> Findings:
        """Search the current version; one version throughout one call."""
        with self.turn():
            version = self.current()  # held, so that its files stay open
            return version.retriever(question, limit, language)

    def current(self) -> OpenVersion:
        """The version being served now.

        Raises:
            IndexUnavailableError: its file was altered while it was open, and there is no other one.
        """
        with self._lock:
            looks = _looks(self.settings.data), look(self._version.store.path)
            if looks != (self._looks, self._tried):
                self._looks, self._tried = looks
                self._follow()
            if self._unusable:
                raise self._unusable.with_traceback(None)
            return self._version

    def documents(self) -> list[Document]:
        """All documents, without their texts."""
        version = self.current()
        return version.store.documents()

    def document(self, document_id: str) -> Document | None:
        """One document with its text."""
        version = self.current()
        return version.store.document(document_id)

    def fact_answer(self, question: Question) -> Draft | None:
        """The answer out of the facts, see `assistant.facts`."""
        version = self.current()
        return fact_answer(question, version.store)

    def facts_in(self, passages: Sequence[Passage]) -> list[Fact]:
        """The facts that passages state; of the version served now, which has them unless it has just been switched."""
        version = self.current()
        return version.store.facts(chunk_ids=[passage.chunk_id for passage in passages])

    def _follow(self) -> None:
        """Open what is to be served now."""
        try:
            opened = open_version(self.settings, self.embedder)
        except IndexUnavailableError as error:
            # A file that was removed or replaced can still be read; one that was written to holds anything.
            written = self._tried and self._seen and self._tried != self._seen and self._tried[0] == self._seen[0]
            self._unusable = error if written else None
            if not written:
                log.warning("%s The version %s goes on serving.", error, self._version.version)
            return
        self._version, self._unusable = opened, None
        self._seen = self._tried = look(opened.store.path)


def _looks(data: Path) -> tuple[Look, Look]:
    """Of the pointer, and of the store it names, which is not the one being served where it is damaged."""
    pointer = look(data / CURRENT)
    try:
        version = current_version(data)
    except IndexUnavailableError:
        version = None
    return pointer, look(data / version / STORE) if version else None


def open_version(settings: Settings, embedder: SentenceEmbeddings) -> OpenVersion:
    """Open the version to serve; the last good one where the current one is damaged.

    Raises:
        IndexUnavailableError: there is none, it was made with another model, or its vectors are gone.
    """
    found = served(settings.data)
    if found.instead_of:
        log.warning(
            "The index is damaged (%s), so the version %s serves. Run lotse-ingest to repair it.",
            found.instead_of,
            found.folder.name,
        )
    with ExitStack() as opened:  # closes on refusal what is open by then
        store = opened.enter_context(closing(Store(found.folder / STORE)))
        model = store.meta("model")
        if model != embedder.name:
            raise IndexUnavailableError(
                f"The index was made with the model {model}, the setting is {embedder.name}.",
                f"Run lotse-ingest --data {settings.data} to make it anew.",
            )
        vectors = opened.enter_context(closing(open_vectors(found.folder, store, settings.chroma_url)))
        retriever = Retriever(store, vectors, embedder, found.folder.name)
        built = datetime.fromtimestamp(store.path.stat().st_mtime, UTC)  # no file of a version is written to later
        opened.pop_all()
    version = OpenVersion(found.folder.name, store, vectors, retriever, built.isoformat(timespec="seconds"))
    weakref.finalize(version, _close, store, vectors)
    return version


def _close(store: Store, vectors: Vectors) -> None:
    store.close()
    vectors.close()
