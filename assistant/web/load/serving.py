"""The assistant as a server runs it: answers from the cache or in their turn, counted, traced, and never without an end."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from assistant.errors import AssistantError
from assistant.explanation import ExplainedAnswer
from assistant.pipeline import Assistant, Service, check_question
from assistant.settings import Settings
from assistant.types import Answer, Language, Turn
from assistant.web.load.cache import AnswerCache
from assistant.web.load.drain import Drain
from assistant.web.load.gate import Gate, Ticket
from assistant.web.load.stages import Stage, staged, watching
from assistant.web.load.workers import THREADS, Workers
from assistant.web.observe.logs import unforeseen
from assistant.web.observe.metrics import Metrics
from assistant.web.observe.tracing import NoTraces

_log = logging.getLogger(__name__)

ALONE = 2  # questions at a time without workers: one is worked on while the other is embedded


@dataclass(frozen=True)
class Load:
    """What all surfaces of one server share."""

    gate: Gate
    cache: AnswerCache
    metrics: Metrics
    traces: NoTraces
    drain: Drain
    workers: Workers | None = None


@dataclass(frozen=True, kw_only=True)
class _Served(Assistant):
    """An assistant whose `ask` and `explain` may also raise BusyError, DeadlineError and UnexpectedError."""

    service: Service
    load: Load

    def ask(self, question: str, history: Sequence[Turn] = (), language: Language | None = None) -> Answer:
        """See Assistant.ask; an answer that was given before is given again."""
        try:
            check_question(question)
            version = self.service.index.current().version
            key = self.load.cache.key(version, question, history, language)
            found = self.load.cache.get(key)
            self.load.metrics.looked_up(hit=found is not None)
            if found is None:
                found = self._answer(question, history, language, explain=False)
                if found.index_version == version:  # else another one was switched in meanwhile
                    self.load.cache.put(key, found)
            else:
                self.load.metrics.answered(found)
        except Exception as error:  # noqa: BLE001 - told to whoever asked, and logged without words
            raise self._told(error) from None
        return found

    def stream(
        self, question: str, history: Sequence[Turn] = (), language: Language | None = None
    ) -> Generator[str | Answer, None, None]:
        """See Assistant.stream; at every piece the work ends where nobody waits for it. To be advanced by one thread."""
        if not self.drafts or self.load.workers:
            answer = self.ask(question, history, language)
            yield from (answer.answer, answer)
            return
        try:
            yield from self._streamed(question, history, language)
        except Exception as error:  # noqa: BLE001 - told to whoever asked, and logged without words
            raise self._told(error) from None

    def _streamed(
        self, question: str, history: Sequence[Turn], language: Language | None
    ) -> Generator[str | Answer, None, None]:
        check_question(question)
        version = self.service.index.current().version
        key = self.load.cache.key(version, question, history, language)
        answer = self.load.cache.get(key)
        self.load.metrics.looked_up(hit=answer is not None)
        if answer:
            self.load.metrics.answered(answer)
            yield from (answer.answer, answer)
            return
        with (
            self.load.gate.turn() as ticket,
            watching() as stages,
            closing(super().stream(question, history, language)) as pieces,
        ):
            for piece in pieces:
                ticket.check()
                if isinstance(piece, Answer):
                    answer = piece
                else:
                    yield piece
        assert answer  # noqa: S101 - a stream ends with it
        self._counted(answer, stages)
        if answer.index_version == version:
            self.load.cache.put(key, answer)
        yield answer

    def explain(self, question: str, history: Sequence[Turn] = (), language: Language | None = None) -> ExplainedAnswer:
        """See Assistant.explain."""
        try:
            check_question(question)
            found = self._answer(question, history, language, explain=True)
        except Exception as error:  # noqa: BLE001 - told to whoever asked, and logged without words
            raise self._told(error) from None
        assert isinstance(found, ExplainedAnswer)  # noqa: S101 - what was asked for
        return found

    def _told(self, error: Exception) -> AssistantError:
        self.load.metrics.failed(error)
        return error if isinstance(error, AssistantError) else unforeseen(error, _log)

    def _answer(self, question: str, history: Sequence[Turn], language: Language | None, *, explain: bool) -> Answer:
        with self.load.gate.turn() as ticket:
            answer, stages = self._worked(question, history, language, explain=explain, ticket=ticket)
        self._counted(answer, stages)
        return answer

    def _counted(self, answer: Answer, stages: list[Stage]) -> None:
        self.load.metrics.answered(answer, stages)
        self.load.traces.stages(stages, {"status": answer.status, "engine": answer.engine, "degraded": answer.degraded})

    def _worked(
        self, question: str, history: Sequence[Turn], language: Language | None, *, explain: bool, ticket: Ticket
    ) -> tuple[Answer, list[Stage]]:
        if self.load.workers:
            answered = self.load.workers.ask(question, history, language, explain=explain, ticket=ticket)
            return answered.answer, answered.stages
        with watching() as stages:
            call = super().explain if explain else super().ask
            return call(question, history, language), stages


def serving(
    service: Service,
    settings: Settings,
    *,
    metrics: Metrics | None = None,
    traces: NoTraces | None = None,
    workers: Workers | None = None,
) -> tuple[Service, Load]:
    """A service for many callers, and what its surfaces share."""
    gate = Gate(settings.workers * THREADS if workers else ALONE, settings.queue, settings.deadline)
    drain = Drain(workers.able) if workers else Drain()
    load = Load(gate, AnswerCache(settings.cache, settings), metrics or Metrics(), traces or NoTraces(), drain, workers)
    load.metrics.watch(gate)
    service.index.turn = gate.turn
    plain = staged(service.assistant)
    served = _Served(plain.rewrite, plain.retrieve, plain.draft, plain.verify, plain.drafts, service=service, load=load)
    return replace(service, assistant=served), load
