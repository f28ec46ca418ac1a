"""Work that is cheaper for several items at once, asked for by threads that have one item each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(eq=False)
class _Wish(Generic[T, R]):
    item: T
    done: bool = False
    result: R | None = None
    error: Exception | None = None


class Batcher(Generic[T, R]):
    """Calls with one item become calls with all that wait. Alone, nobody waits for company: batches form while one is worked on.

    Args:
        work: items to results, in the same order; called by one thread at a time.
        most: items at once.
    """

    def __init__(self, work: Callable[[list[T]], Sequence[R]], most: int = 32) -> None:
        self._work, self._most = work, most
        self._waiting: list[_Wish[T, R]] = []
        self._listed, self._working = threading.Lock(), threading.Lock()

    def __call__(self, item: T) -> R:
        """The result for one item; an error of the work reaches everyone whose item was in it."""
        wish: _Wish[T, R] = _Wish(item)
        with self._listed:
            self._waiting.append(wish)
        while not wish.done:
            with self._working:
                if not wish.done:  # or the thread before this one took it along
                    self._next()
        if wish.error:
            raise wish.error
        return wish.result  # type: ignore[return-value] # done without an error

    def _next(self) -> None:
        with self._listed:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            for wish, result in zip(batch, self._work([wish.item for wish in batch]), strict=True):
                wish.result = result
        except Exception as error:  # noqa: BLE001 - handed to those who asked
            for wish in batch:
                wish.error = error
        finally:
            for wish in batch:
                wish.done = True
