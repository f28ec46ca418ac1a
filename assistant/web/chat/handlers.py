"""What the page calls. All of a conversation's state is given and returned, so nothing is shared between visitors."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from queue import SimpleQueue

from assistant.errors import AssistantError, InvalidInputError
from assistant.pipeline import MAX_QUESTION, Service
from assistant.types import Language
from assistant.web.chat.asking import answered
from assistant.web.chat.examples import examples
from assistant.web.chat.exchange import MOST_EXCHANGES, Exchange, kept_json, read_kept
from assistant.web.rendering import conversation_html, welcome_html

Conversation = Sequence[Exchange]

_MOST_AT_ONCE = 64


@dataclass(frozen=True)
class Shown:
    """A conversation, its markup, and what the browser is to keep of it; None: as before."""

    exchanges: Conversation
    html: str
    keep: str | None = None


@dataclass(frozen=True)
class Run:
    """A question that is being answered: what it tells, and whether anybody still waits for it."""

    told: SimpleQueue[Exchange | Future[None] | None] = field(default_factory=SimpleQueue)
    """Each step, at last that it ended; None: the visitor stopped it."""
    left: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Handlers:
    """What the page calls. A question runs beside, so that stopping it takes effect at once and nothing comes after."""

    service: Service
    runs: dict[str, Run] = field(default_factory=dict)
    workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_MOST_AT_ONCE, "ask"))

    def ask(self, question: str, language: Language, exchanges: Conversation) -> Iterator[Shown]:
        """Show the question at once, then each step, then the answer; an empty question changes nothing."""
        asked = question.strip()
        if not asked or (exchanges and not exchanges[-1].answer and exchanges[-1].run in self.runs):
            return
        earlier = [e for e in exchanges if e.answer is not None][-(MOST_EXCHANGES - 1) :]
        started = Exchange(asked[: MAX_QUESTION + 1], run=uuid.uuid4().hex)
        run = self.runs[started.run] = Run()
        try:
            yield self._shown([*earlier, started], language)
            self.workers.submit(self._run, started, earlier, run).add_done_callback(run.told.put)
            while not isinstance(told := run.told.get(), Future):
                if told is None:
                    yield self._shown([*earlier, replace(started, progress="stopped")], language)
                    return
                yield self._shown([*earlier, told], language, keep=told.answer is not None)
            told.result()
        except AssistantError as error:
            yield self._shown([*earlier, replace(started, progress="failed", error=error)], language)
        finally:
            run.left.set()
            del self.runs[started.run]

    def _run(self, started: Exchange, earlier: Conversation, run: Run) -> None:
        """Tell each step; once nobody waits any more the model is stopped."""
        before = started
        with closing(answered(self.service, started, earlier)) as steps:
            for exchange in steps:
                if run.left.is_set():
                    return
                if exchange is not before:
                    run.told.put(exchange)
                    before = exchange

    def again(self, question: str, place: int, language: Language, exchanges: Conversation) -> Iterator[Shown]:
        """Ask a question in the place of an earlier one; what came after it is forgotten."""
        yield from self.ask(question, language, exchanges[: max(place, 0)])

    def stop(self, exchanges: Conversation) -> None:
        """Leave the question that is under way unanswered."""
        if exchanges and (run := self.runs.get(exchanges[-1].run)):
            run.told.put(None)

    def failed(self, language: Language, exchanges: Conversation) -> Shown:
        """Put an error where the answer was awaited."""
        if exchanges and exchanges[-1].answer is None:
            exchanges = [*exchanges[:-1], replace(exchanges[-1], progress="failed")]
        return self._shown(exchanges, language)

    def opened(self, kept: str, language: Language) -> Shown:
        """Show a conversation that the browser kept; nothing where it cannot be read."""
        try:
            return self._shown(read_kept(kept), language)
        except InvalidInputError as error:
            return self._shown([Exchange("", progress="failed", error=error)], language)

    def shown(self, language: Language, exchanges: Conversation) -> Shown:
        """Show a conversation in a language."""
        return self._shown(exchanges, language)

    def _shown(self, exchanges: Conversation, language: Language, *, keep: bool = False) -> Shown:
        if not exchanges:
            return Shown((), welcome_html(language, examples(self.service.index.current(), language)))
        return Shown(exchanges, conversation_html(exchanges, language), kept_json(exchanges) if keep else None)
