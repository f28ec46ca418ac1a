"""Processes that answer, since threads of one process take turns at Python. One that dies is replaced."""

from __future__ import annotations

import itertools
import logging
import multiprocessing
import threading
from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection

from assistant.errors import AssistantError, DeadlineError, UnexpectedError
from assistant.models import SentenceEmbeddings
from assistant.types import Language, Turn
from assistant.web.load.child import Answered, Asked, Build, Failed, Found, Left, Wanted, run
from assistant.web.load.gate import Ticket
from assistant.web.observe.logs import unforeseen

THREADS = 2  # questions at a time in one process: one is worked on while the other is embedded
_PAUSE = 5.0  # seconds between two tries to begin a process that did not get far

_log = logging.getLogger(__name__)


class Workers:
    """A number of answering processes. `start` returns at once; `wait` until they are ready.

    Args:
        count: of processes.
        build: the assistant, from an embedder; it is called in each process, so it must be picklable.
        model: the embedder's name.
    """

    def __init__(self, count: int, build: Build, model: str) -> None:
        self._build, self._model = build, model
        self._pool = ThreadPoolExecutor(count * THREADS, "embedding-for-workers")
        self._embedder: Future[SentenceEmbeddings] = Future()
        self._workers = [_Worker(self) for _ in range(count)]

    def ready(self, embedder: SentenceEmbeddings) -> None:
        """Give them the model and wait for all.

        Raises:
            AssistantError: one cannot begin, with its reason.
        """
        self._embedder.set_result(embedder)
        for worker in self._workers:
            worker.started.result()

    def ask(
        self, question: str, history: Sequence[Turn], language: Language | None, *, explain: bool, ticket: Ticket
    ) -> Answered:
        """Have the process that has least to do answer.

        Raises:
            AssistantError: what the assistant raised; DeadlineError when the ticket has run out.
        """
        worker = min(self._workers, key=lambda worker: (not worker.alive, len(worker.answers)))
        return worker.ask(question, history, language, explain=explain, ticket=ticket)

    def able(self) -> bool:
        """Whether one of them can answer now."""
        return any(worker.alive for worker in self._workers)

    def close(self) -> None:
        """End them; what they are at is lost."""
        for worker in self._workers:
            worker.close()
        self._embedder.cancel()  # where it never came, nobody is to wait for it
        self._pool.shutdown(cancel_futures=True)

    def begin(self) -> tuple[multiprocessing.process.BaseProcess, Connection]:
        """A new process and the pipe to it."""
        context = multiprocessing.get_context("spawn")  # a fork would copy locks that threads hold
        ours, theirs = context.Pipe()
        process = context.Process(target=run, args=(theirs, self._build, self._model, THREADS), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def embed(self, wanted: Wanted, worker: _Worker) -> None:
        """Send a worker its vectors, when they are there."""
        self._pool.submit(self._embed, wanted, worker)

    def _embed(self, wanted: Wanted, worker: _Worker) -> None:
        embedded = None
        try:
            embedded = self._embedder.result().queries(wanted.texts)
        except Exception as error:  # noqa: BLE001 - the process must not wait for ever
            unforeseen(error, _log)
        with suppress(OSError):  # it may have ended meanwhile
            worker.send(Found(wanted.number, embedded))


class _Worker:
    """One process and the thread that listens to it."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._numbers = itertools.count(1)
        self._sending = threading.Lock()
        self._closing = threading.Event()
        self.alive = False
        self.answers: dict[int, Future[Answered]] = {}
        self._process, self._pipe = workers.begin()
        self.started: Future[None] = Future()
        self._thread = threading.Thread(target=self._listen, name="worker", daemon=True)
        self._thread.start()

    def ask(
        self, question: str, history: Sequence[Turn], language: Language | None, *, explain: bool, ticket: Ticket
    ) -> Answered:
        number, future = next(self._numbers), Future[Answered]()
        self.answers[number] = future
        ticket.when_left(lambda: self._give_up(number))
        try:
            self.send(Asked(number, question, history, language, explain, ticket.left()))
            return future.result(ticket.left())
        except TimeoutError:
            self._give_up(number)
            ticket.check()
            raise
        except OSError:
            raise _ended() from None
        finally:
            self.answers.pop(number, None)

    def send(self, message: object) -> None:
        with self._sending:
            self._pipe.send(message)

    def close(self) -> None:
        self._closing.set()
        self._process.kill()
        self._process.join()
        self._thread.join()
        self._pipe.close()
        self._process.close()

    def _give_up(self, number: int) -> None:
        future = self.answers.get(number)
        if future and not future.done():
            with suppress(OSError):  # it may have ended meanwhile
                self.send(Left(number))
            _settle(future, DeadlineError("Whoever asked has gone.", "Ask again."))

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                self._hear(self._pipe.recv())
            except (EOFError, OSError):
                self._lost()

    def _hear(self, message: Answered | Failed | Wanted | None) -> None:
        match message:
            case None:
                self.alive = True
                if not self.started.done():
                    self.started.set_result(None)
            case Wanted():
                self._workers.embed(message, self)
            case Failed(number=0):
                if self.started.done():
                    _log.error("An answering process cannot begin again: %s", message.error())
                else:
                    self.started.set_exception(message.error())
            case Answered() | Failed():
                future = self.answers.get(message.number)
                if future:
                    _settle(future, message if isinstance(message, Answered) else message.error())

    def _lost(self) -> None:
        """The process has ended: say so to those who wait, and begin a new one, unless it never began."""
        was_alive, self.alive = self.alive, False
        for future in list(self.answers.values()):
            _settle(future, _ended())
        if not self.started.done():
            self.started.set_exception(_ended())
        if self._closing.is_set() or self.started.exception() or (not was_alive and self._closing.wait(_PAUSE)):
            self._closing.set()
            return
        _log.error("An answering process ended unexpectedly (%s); a new one is started.", self._process.exitcode)
        with self._sending:
            self._pipe.close()
            self._process, self._pipe = self._workers.begin()


def _settle(future: Future[Answered], outcome: Answered | AssistantError) -> None:
    """The first outcome counts: an answer may come when its question is just being given up."""
    with suppress(InvalidStateError):
        if isinstance(outcome, Answered):
            future.set_result(outcome)
        else:
            future.set_exception(outcome)


def _ended() -> AssistantError:
    return UnexpectedError("The process that was to answer has ended.", "Ask again.")
