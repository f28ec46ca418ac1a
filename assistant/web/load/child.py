"""A process that answers. It has the index and no model: what has to be embedded goes to the server, for all processes at once."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from assistant.errors import AssistantError, UnexpectedError
from assistant.index.late_interaction import Embedded
from assistant.models import SentenceEmbeddings
from assistant.pipeline import Assistant
from assistant.types import Answer, Language, Turn
from assistant.web.load.gate import TICKET, Ticket
from assistant.web.load.stages import Stage, staged, watching
from assistant.web.observe.logs import unforeseen

Build = Callable[[SentenceEmbeddings], Assistant]

_log = logging.getLogger(__name__)


# What goes through the pipe. To the child: Asked, Found, Left. From it: None once it is ready, Failed, Wanted, Answered.


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, with the seconds it may take."""

    number: int
    question: str
    history: Sequence[Turn]
    language: Language | None
    explain: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Left:
    """Nobody waits for this answer any more."""

    number: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Texts to be embedded."""

    number: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What the model makes of them."""

    number: int
    embedded: list[Embedded] | None


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and its stages."""

    number: int
    answer: Answer
    stages: list[Stage]


@dataclass(frozen=True, slots=True)
class Failed:
    """An error in parts, since one with two arguments cannot be pickled."""

    number: int
    kind: type[AssistantError]
    message: str
    fix: str

    def error(self) -> AssistantError:
        """The error again."""
        return self.kind(self.message, self.fix)


def failed(number: int, error: Exception) -> Failed:
    """An error that can be sent; what nobody foresaw is logged here."""
    known = error if isinstance(error, AssistantError) else unforeseen(error, _log)
    plain = type(known) if type(known).__init__ is AssistantError.__init__ else UnexpectedError
    return Failed(number, plain, known.message, known.fix)


class _Embedder(SentenceEmbeddings):
    """The server's model, as seen from here."""

    def __init__(self, name: str, process: _Process) -> None:
        super().__init__(_no_model, name)
        self._process = process

    def queries(self, texts: Sequence[str]) -> list[Embedded]:
        """As the server's model embeds them."""
        return self._process.embedded(texts)


def _no_model() -> Any:
    raise AssertionError("only questions are embedded here")


class _Process:
    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._embedded: dict[int, Future[list[Embedded]]] = {}
        self._tickets: dict[int, Ticket] = {}
        self._wanted = 0

    def send(self, message: object) -> None:
        with self._lock:
            self._pipe.send(message)

    def embedded(self, texts: Sequence[str]) -> list[Embedded]:
        future: Future[list[Embedded]] = Future()
        with self._lock:
            self._wanted += 1
            number = self._wanted
            self._embedded[number] = future
            self._pipe.send(Wanted(number, tuple(texts)))
        return future.result()

    def serve(self, assistant: Assistant, threads: int) -> None:
        """Until the pipe is closed."""
        with ThreadPoolExecutor(threads) as pool:
            while True:
                try:
                    message = self._pipe.recv()
                except (EOFError, OSError):
                    os._exit(0)  # the server is gone, so nobody waits for what the threads do
                match message:
                    case Asked():
                        self._tickets[message.number] = Ticket(message.seconds)
                        pool.submit(self._answer, assistant, message)
                    case Left():
                        ticket = self._tickets.get(message.number)
                        if ticket:
                            ticket.leave()
                    case Found():
                        future = self._embedded.pop(message.number, None)
                        if future is None:  # wanted by a process before this one
                            continue
                        if message.embedded is None:
                            future.set_exception(UnexpectedError("The question could not be embedded.", "Ask again."))
                        else:
                            future.set_result(message.embedded)

    def _answer(self, assistant: Assistant, asked: Asked) -> None:
        TICKET.set(self._tickets[asked.number])
        try:
            with watching() as stages:
                call = assistant.explain if asked.explain else assistant.ask
                self.send(Answered(asked.number, call(asked.question, asked.history, asked.language), stages))
        except Exception as error:  # noqa: BLE001 - handed to the process that asked
            self.send(failed(asked.number, error))
        finally:
            del self._tickets[asked.number]


def run(pipe: Connection, build: Build, model: str, threads: int) -> None:
    """What the process does; it ends with its pipe, and with nothing else."""
    for name in (signal.SIGINT, signal.SIGTERM):  # meant for the server, which lets accepted questions be answered
        signal.signal(name, signal.SIG_IGN)
    process = _Process(pipe)
    try:
        assistant = staged(build(_Embedder(model, process)))
    except Exception as error:  # noqa: BLE001 - handed to the process that started this one
        process.send(failed(0, error))
        return
    process.send(None)
    process.serve(assistant, threads)
