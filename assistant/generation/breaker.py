"""A circuit breaker: a chat model that keeps failing is left alone, then tried with one question."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.errors import ModelUnavailableError

_LONGEST = 300.0  # seconds that a provider can have itself left alone for


class Breaker:
    """Open after so many faults in a row, for so long; then one call is let through, and its outcome decides.

    Written here: the libraries for it hold a lock during the call, so that questions would wait for each other.

    Args:
        name: what is called, for messages.
        faults: how many in a row open it.
        pause: seconds it stays open.
        clock: gives seconds.
    """

    def __init__(self, name: str, faults: int, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._name, self._most, self._pause, self._clock = name, faults, pause, clock
        self._lock = threading.Lock()
        self._faults = 0
        self._closed_at = 0.0  # until then it is open
        self._trying = False

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around one call. A `ModelUnavailableError` is a fault, any other end but a normal one says nothing.

        Raises:
            ModelUnavailableError: the breaker is open; nothing was called.
        """
        trial = self._admit()
        try:
            yield
        except ModelUnavailableError as error:
            self._failed(error.wait)
            raise
        else:
            self.recovered()
        finally:
            if trial:
                self._trying = False

    def recovered(self) -> None:
        """All is well: what failed before counts no more."""
        self._faults = 0

    def _admit(self) -> bool:
        """Whether this call is the one that tries whether all is well again."""
        with self._lock:
            left = self._closed_at - self._clock()
            if left > 0 or self._trying:
                raise ModelUnavailableError(
                    f"{self._name} is not asked for {max(left, 0):.0f} seconds, since it kept failing.",
                    "Look at the earlier messages about it; until then answers are quoted.",
                )
            self._trying = self._faults >= self._most
            return self._trying

    def _failed(self, wait: float) -> None:
        """Count a fault; `wait` is how long the provider itself wants to be left alone."""
        with self._lock:
            self._faults += 1
            pause = self._pause if self._faults >= self._most else 0.0
            self._closed_at = max(self._closed_at, self._clock() + max(pause, min(wait, _LONGEST)))
