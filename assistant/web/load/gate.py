"""A bounded queue in front of the work: so many at once, so many waiting, the rest is told when to come again."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from assistant.errors import BusyError, DeadlineError

_FIRST_GUESS = 0.1  # seconds for one question, until some were answered
_LONGEST_WAIT = 60  # seconds told to come again after


class Ticket:
    """One request's place: how long it may take, and whether anybody still waits for it."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.until = seconds, time.monotonic() + seconds
        self._gone = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self.granted = False  # a turn; written by the gate only
        self.woken = threading.Event()

    def leave(self) -> None:
        """Whoever asked is gone: nothing more is to be done for this request."""
        with self._lock:
            self._gone.set()
            callbacks, self._callbacks = self._callbacks, []
        self.woken.set()
        for callback in callbacks:
            callback()

    def when_left(self, callback: Callable[[], None]) -> None:
        """Be told at once; also when it has happened already."""
        with self._lock:
            if not self._gone.is_set():
                self._callbacks.append(callback)
                return
        callback()

    def left(self) -> float:
        """Seconds left."""
        return max(0.0, self.until - time.monotonic())

    def check(self) -> None:
        """Raise DeadlineError where the work is of no use any more."""
        if self._gone.is_set():
            raise DeadlineError("Whoever asked has gone.", "Ask again.")
        if not self.left():
            raise DeadlineError(
                f"The answer took longer than {self.seconds:g} seconds.", "Ask again later, or raise LOTSE_DEADLINE."
            )


TICKET: ContextVar[Ticket | None] = ContextVar("ticket", default=None)


class Gate:
    """Admits requests and gives them turns, first come first served.

    Args:
        at_once: turns at a time.
        queue: requests that may wait for one.
        deadline: seconds a request may take, waiting included.
    """

    def __init__(self, at_once: int, queue: int, deadline: float) -> None:
        self.at_once, self.queue, self.deadline = at_once, queue, deadline
        self._lock = threading.Lock()
        self._free, self._admitted = at_once, 0
        self._waiting: deque[Ticket] = deque()
        self._usual = _FIRST_GUESS

    @property
    def running(self) -> int:
        """Turns taken now."""
        return self.at_once - self._free

    @property
    def waiting(self) -> int:
        """Admitted requests without a turn."""
        return max(0, self._admitted - self.running)

    @contextmanager
    def admitted(self) -> Iterator[Ticket]:
        """Take a request on; what it starts inside, in this context, has its ticket.

        Raises:
            BusyError: as many as may wait do so already.
        """
        with self._lock:
            if self._admitted >= self.at_once + self.queue:
                wait = math.ceil(self._admitted * self._usual / self.at_once)
                raise BusyError.for_now("Too many questions are waiting.", min(max(1, wait), _LONGEST_WAIT))
            self._admitted += 1
        ticket = Ticket(self.deadline)
        token = TICKET.set(ticket)
        try:
            yield ticket
        finally:
            TICKET.reset(token)
            with self._lock:
                self._admitted -= 1

    @contextmanager
    def turn(self) -> Iterator[Ticket]:
        """Wait for a turn and take it; who has one keeps it, who was not admitted yet is admitted here.

        Raises:
            BusyError: see `admitted`.
            DeadlineError: it came too late, or nobody waits any more.
        """
        ticket = TICKET.get()
        if ticket is None:
            with self.admitted(), self.turn() as taken:
                yield taken
        elif ticket.granted:
            yield ticket
        else:
            self._take(ticket)
            start = time.monotonic()
            try:
                yield ticket
            finally:
                self._usual += (time.monotonic() - start - self._usual) / 10
                self._give_back(ticket)

    def _take(self, ticket: Ticket) -> None:
        ticket.check()
        with self._lock:
            if self._free:
                self._free -= 1
                ticket.granted = True
                return
            ticket.woken.clear()
            self._waiting.append(ticket)
        ticket.woken.wait(ticket.left())
        with self._lock:
            if not ticket.granted:
                self._waiting.remove(ticket)
        try:
            ticket.check()
        except DeadlineError:
            if ticket.granted:
                self._give_back(ticket)
            raise

    def _give_back(self, ticket: Ticket) -> None:
        with self._lock:
            ticket.granted = False
            if self._waiting:
                following = self._waiting.popleft()
                following.granted = True
                following.woken.set()
            else:
                self._free += 1
