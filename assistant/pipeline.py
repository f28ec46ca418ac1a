"""The way of a question: rewrite, retrieve, draft, verify. The one place that constructs real parts."""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
import weakref
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import IndexUnavailableError, InvalidInputError
from assistant.explain import explained
from assistant.explanation import ExplainedAnswer
from assistant.extractive import draft_quotes, not_found
from assistant.facts import fact_answer
from assistant.index.facts import Fact
from assistant.index.snapshot import open_vectors
from assistant.index.store import Store
from assistant.index.vectors import Vectors
from assistant.index.versions import CURRENT, STORE, Look, current_version, look, served
from assistant.models import SentenceEmbeddings, load_embedder
from assistant.retrieve import Retriever
from assistant.rewrite import rewrite_question
from assistant.run import Run
from assistant.settings import Settings
from assistant.trace import note, recording
from assistant.types import Answer, Document, Draft, Findings, Language, Passage, Question, Turn
from assistant.verify import verify_draft

log = logging.getLogger(__name__)

MAX_QUESTION = 2_000  # characters
MAX_HISTORY = 50  # turns


@dataclass(frozen=True)
class Assistant:
    """Four stages in a row. Tests pass plain functions.

    `drafts` is `draft` as it grows, for an engine that writes sentence by sentence.
    """

    rewrite: Callable[[str, Sequence[Turn], Language | None], Question]
    retrieve: Callable[[Question], Findings]
    draft: Callable[[Question, Findings], Draft]
    verify: Callable[[Question, Findings, Draft], Answer]
    drafts: Callable[[Question, Findings], Generator[Draft, None, None]] | None = None

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
        return self._asked(question, history, language)[0]

    def stream(
        self, question: str, history: Sequence[Turn] = (), language: Language | None = None
    ) -> Generator[str | Answer, None, None]:
        """Answer a question piece by piece: text that has passed the gate, at last the answer that `ask` would give.

        The pieces together are the answer's text; "" says that nothing has come for a while. Closing the generator at a
        piece stops the model. The arguments and errors are those of `ask`.
        """
        run, shown, before = self._begun(question, history, language), "", None
        with closing(self._drafts(run)) as drafts:
            for draft in drafts:
                if draft is not before:
                    answer, before = self.verify(run.question, run.findings, draft), draft
                new = answer.answer.removeprefix(shown) if answer.citations else ""
                shown += new
                yield new
        if answer.answer != shown:
            yield answer.answer.removeprefix(shown)
        yield run.timed(answer)

    def explain(self, question: str, history: Sequence[Turn] = (), language: Language | None = None) -> ExplainedAnswer:
        """The same answer as `ask` gives, and how it came about; the arguments and errors are those of `ask`."""
        with recording() as notes:
            answer, run = self._asked(question, history, language)
        fields = {field.name: getattr(answer, field.name) for field in dataclasses.fields(answer)}
        return ExplainedAnswer(**fields, explain=explained(run.question, run.findings, notes))

    def _asked(self, question: str, history: Sequence[Turn], language: Language | None) -> tuple[Answer, Run]:
        run = self._begun(question, history, language)
        draft = self.draft(run.question, run.findings)
        note("draft")
        answer = self.verify(run.question, run.findings, draft)
        note("verify")
        return run.timed(answer), run

    def _begun(self, question: str, history: Sequence[Turn], language: Language | None) -> Run:
        """The question up to what was found for it."""
        check_question(question)
        start = time.perf_counter()
        note("start")
        standing = self.rewrite(question.strip(), history[-MAX_HISTORY:], language)
        note("rewrite")
        findings = self.retrieve(standing)
        found = time.perf_counter()
        note("retrieve")
        return Run(standing, findings, start, found)

    def _drafts(self, run: Run) -> Generator[Draft, None, None]:
        if self.drafts:
            yield from self.drafts(run.question, run.findings)
        else:
            yield self.draft(run.question, run.findings)


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
        self._settings, self.embedder = settings, embedder
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
            looks = _looks(self._settings.data), look(self._version.store.path)
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
            opened = open_version(self._settings, self.embedder)
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


@dataclass(frozen=True)
class Service:
    """What the surfaces are built on: the assistant and the index it searches."""

    assistant: Assistant
    index: OpenIndex


def build_service(settings: Settings, embedder: SentenceEmbeddings | None = None) -> Service:
    """Construct the real parts.

    Args:
        settings: what to build.
        embedder: one that is there already; None to load that of the settings.
    """
    index = OpenIndex(settings, embedder or load_embedder(settings))

    def draft(question: Question, findings: Findings) -> Draft:
        factual = index.fact_answer(question)
        note("facts", draft=factual)
        return factual or draft_quotes(question, findings)

    if not settings.model:
        return Service(Assistant(rewrite_question, index, draft, verify_draft), index)

    from assistant.generation.rewriting import ModelRewriter
    from assistant.generative import GenerativeDrafter
    from assistant.models import load_entailment, load_model_client

    client = load_model_client(settings)
    rewrite = ModelRewriter(client, rewrite_question)
    generate = GenerativeDrafter(
        client, fallback=draft, refuse=not_found, facts_in=index.facts_in, entails=load_entailment(settings)
    )
    return Service(Assistant(rewrite, index, generate, verify_draft, generate.stream), index)


def build_assistant(settings: Settings) -> Assistant:
    """The assistant of the settings."""
    return build_service(settings).assistant
