from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from assistant.errors import BusyError, DeadlineError
from assistant.web.load.gate import Gate, Ticket


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


class Worker:
    """Takes a turn in a thread of its own and keeps it until it is told."""

    def __init__(self, gate: Gate, pool: ThreadPoolExecutor) -> None:
        self.gate, self.has, self.go, self.admitted = gate, threading.Event(), threading.Event(), threading.Event()
        self.ticket: Ticket | None = None
        self.done: Future[None] = pool.submit(self._work)

    def _work(self) -> None:
        with self.gate.admitted() as self.ticket:
            self.admitted.set()
            with self.gate.turn():
                self.has.set()
                assert self.go.wait(10)


def waiting(gate: Gate, count: int) -> None:
    while len(gate._waiting) != count:
        threading.Event().wait(0.001)


def test_turns_are_given_in_order_and_the_queue_is_bounded(pool: ThreadPoolExecutor) -> None:
    gate = Gate(1, 2, 10)
    workers = []
    for count in range(3):
        workers.append(Worker(gate, pool))
        assert workers[-1].admitted.wait(10)
        waiting(gate, count)
    assert (gate.running, gate.waiting) == (1, 2)
    with pytest.raises(BusyError) as busy, gate.turn():
        raise AssertionError
    assert busy.value.retry_after >= 1
    assert busy.value.headers == {"Retry-After": str(busy.value.retry_after)}
    for worker in workers:
        assert worker.has.wait(10)
        assert sum(worker.has.is_set() for worker in workers) == workers.index(worker) + 1
        worker.go.set()
        worker.done.result(10)
    assert (gate.running, gate.waiting) == (0, 0)


def test_a_turn_within_a_turn_is_the_same(pool: ThreadPoolExecutor) -> None:
    gate = Gate(1, 0, 10)
    with gate.turn() as outer, gate.turn() as inner:
        assert outer is inner
        assert gate.running == 1
    assert gate.running == 0


def test_who_leaves_the_queue_makes_room_at_once(pool: ThreadPoolExecutor) -> None:
    gate = Gate(1, 2, 1_000)
    first, second, third = (Worker(gate, pool) for _ in range(3))
    holder = next(worker for worker in (first, second, third) if worker.has.wait(0.2))
    waiting(gate, 2)
    left, stays = (worker for worker in (first, second, third) if worker is not holder)
    assert left.ticket
    left.ticket.leave()
    with pytest.raises(DeadlineError, match="has gone"):
        left.done.result(10)
    assert gate.waiting == 1
    for worker in (holder, stays):
        worker.go.set()
        worker.done.result(10)
    assert (gate.running, gate.waiting) == (0, 0)


def test_what_waits_too_long_ends(pool: ThreadPoolExecutor) -> None:
    gate = Gate(1, 1, 0.05)
    holder = Worker(gate, pool)
    assert holder.has.wait(10)
    with pytest.raises(DeadlineError, match=r"longer than 0\.05 seconds.*LOTSE_DEADLINE"), gate.turn():
        raise AssertionError
    assert gate.waiting == 0
    holder.go.set()
    holder.done.result(10)
    with gate.turn():
        assert gate.running == 1


def test_an_error_gives_the_turn_back() -> None:
    gate = Gate(1, 0, 10)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate.turn():
            raise ZeroDivisionError
    assert (gate.running, gate.waiting) == (0, 0)


def test_being_told_that_someone_left() -> None:
    ticket, told = Ticket(10), list[str]()
    ticket.check()
    ticket.when_left(lambda: told.append("before"))
    ticket.leave()
    ticket.leave()
    ticket.when_left(lambda: told.append("after"))
    assert told == ["before", "after"]
    with pytest.raises(DeadlineError):
        ticket.check()
