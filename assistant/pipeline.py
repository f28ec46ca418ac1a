"""The way of a question: rewrite, retrieve, draft, verify. The one place that constructs real parts."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

from assistant.errors import InvalidInputError
from assistant.explain import explained
from assistant.explanation import ExplainedAnswer
from assistant.extractive import draft_quotes, not_found
from assistant.models import SentenceEmbeddings, load_embedder
from assistant.open_index import OpenIndex
from assistant.rewrite import rewrite_question
from assistant.run import Run
from assistant.settings import Settings
from assistant.trace import note, recording
from assistant.types import Answer, Draft, Findings, Language, Question, Turn
from assistant.verify import verify_draft

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
