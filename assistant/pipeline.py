"""The way of a question: rewrite, retrieve, draft, verify. The one place that constructs real parts."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

from assistant.errors import IndexUnavailableError, InvalidInputError
from assistant.extractive import draft_quotes, not_found
from assistant.index.store import Store
from assistant.index.vectors import Vectors
from assistant.index.versions import STORE, VECTORS, current_folder, current_version
from assistant.models import SentenceEmbeddings, load_embedder
from assistant.retrieve import Retriever
from assistant.rewrite import rewrite_question
from assistant.settings import Settings
from assistant.types import Answer, Document, Draft, Findings, Language, Question, Turn
from assistant.verify import verify_draft

MAX_QUESTION = 2_000  # characters
MAX_HISTORY = 50  # turns


@dataclass(frozen=True)
class Assistant:
    """Four stages in a row. Tests pass plain functions."""

    rewrite: Callable[[str, Sequence[Turn], Language | None], Question]
    retrieve: Callable[[Question], Findings]
    draft: Callable[[Question, Findings], Draft]
    verify: Callable[[Question, Findings, Draft], Answer]

    def ask(self, question: str, history: Sequence[Turn] = (), language: Language | None = None) -> Answer:
        """Answer a question.

        Args:
            question: what the user asks, at most MAX_QUESTION characters.
            history: earlier turns, oldest first.
            language: of the answer; None for the question's own.

        Raises:
            InvalidInputError: the question is empty, too long, or holds no word.
            IndexUnavailableError: there is nothing to search.
        """
        check_question(question)
        start = time.perf_counter()
        standing = self.rewrite(question.strip(), history[-MAX_HISTORY:], language)
        findings = self.retrieve(standing)
        found = time.perf_counter()
        answer = self.verify(standing, findings, self.draft(standing, findings))
        done = time.perf_counter()
        timings = {"retrieve": found - start, "answer": done - found, "total": done - start}
        return dataclasses.replace(answer, timings_ms={name: round(1000 * t, 1) for name, t in timings.items()})


def check_question(question: str) -> None:
    """Refuse what cannot be a question.

    Raises:
        InvalidInputError: see `Assistant.ask`.
    """
    if not question.strip():
        raise InvalidInputError("The question is empty.", "Ask in a few words.")
    if len(question) > MAX_QUESTION:
        raise InvalidInputError(
            f"The question has {len(question):,} characters, more than {MAX_QUESTION:,}.", "Shorten it."
        )
    if any((ord(c) < 32 and c not in "\t\r\n") or "\ud800" <= c <= "\udfff" for c in question):
        raise InvalidInputError("The question holds control characters.", "Send plain text.")
    if not any(c.isalnum() for c in question):
        raise InvalidInputError("The question holds no word.", "Ask in a few words.")


class OpenIndex:
    """The index version being served; follows a switch without a restart."""

    def __init__(self, settings: Settings, embedder: SentenceEmbeddings) -> None:
        self._settings, self.embedder = settings, embedder
        self._lock = threading.Lock()
        self._open()

    def __call__(self, question: Question, limit: int = 10, language: Language | None = None) -> Findings:
        """Search the current version; one version throughout one call."""
        return self.current().retriever(question, limit, language)

    def current(self) -> OpenVersion:
        """The version being served now."""
        with self._lock:
            if current_version(self._settings.data) != self._version.version:
                self._open()
            return self._version

    def documents(self) -> list[Document]:
        """All documents, without their texts."""
        return self.current().store.documents()

    def document(self, document_id: str) -> Document | None:
        """One document with its text."""
        return self.current().store.document(document_id)

    def _open(self) -> None:
        self._version = open_version(self._settings, self.embedder)


@dataclass(frozen=True)
class OpenVersion:
    """An index version with its files open."""

    version: str
    store: Store
    retriever: Retriever


def open_version(settings: Settings, embedder: SentenceEmbeddings) -> OpenVersion:
    """Open the version being served.

    Raises:
        IndexUnavailableError: there is none, it was made with another model, or its vectors are gone.
    """
    folder = current_folder(settings.data)
    with ExitStack() as opened:  # closes on refusal what is open by then
        store = opened.enter_context(closing(Store(folder / STORE)))
        version, model = store.meta("version") or "", store.meta("model")
        repair = f"Run lotse-ingest --data {settings.data} to make it anew."
        if model != embedder.name:
            raise IndexUnavailableError(
                f"The index was made with the model {model}, the setting is {embedder.name}.", repair
            )
        if settings.chroma_url is None and not (folder / VECTORS).is_dir():
            raise IndexUnavailableError(f"The index in {settings.data} has lost its vectors.", repair)
        vectors = opened.enter_context(closing(Vectors(folder / VECTORS, version, settings.chroma_url)))
        if not vectors.is_complete(store):
            raise IndexUnavailableError(f"The index in {settings.data} has lost some of its vectors.", repair)
        retriever = Retriever(store, vectors, embedder, version)
        opened.pop_all()
    return OpenVersion(version, store, retriever)


@dataclass(frozen=True)
class Service:
    """What the surfaces are built on: the assistant and the index it searches."""

    assistant: Assistant
    index: OpenIndex


def build_service(settings: Settings) -> Service:
    """Construct the real parts."""
    index = OpenIndex(settings, load_embedder(settings))
    draft: Callable[[Question, Findings], Draft] = draft_quotes
    if settings.model:
        from assistant.generative import GenerativeDrafter
        from assistant.models import load_chat_model

        draft = GenerativeDrafter(
            load_chat_model(settings),
            settings.model,
            fallback=draft_quotes,
            refuse=not_found,
            timeout=settings.model_timeout,
        )
    return Service(Assistant(rewrite_question, index, draft, verify_draft), index)


def build_assistant(settings: Settings) -> Assistant:
    """The assistant of the settings."""
    return build_service(settings).assistant
