"""The circuit breaker, by a clock of the test's own."""

from __future__ import annotations

from contextlib import suppress

import pytest

from assistant.errors import ModelUnavailableError
from assistant.generation.breaker import Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("m", faults=3, pause=60, clock=clock)


def called(breaker: Breaker, *, fails: bool = False, wait: float = 0.0) -> bool:
    """Whether a call was let through."""
    through = False
    with suppress(ModelUnavailableError), breaker.call():
        through = True
        if fails:
            raise ModelUnavailableError("It failed.", "Wait.", wait=wait)
    return through


def test_it_opens_after_so_many_faults_in_a_row(breaker: Breaker) -> None:
    for fails in (True, True, False, True, True):
        assert called(breaker, fails=fails)
    assert called(breaker, fails=True)
    assert not called(breaker)
    with pytest.raises(ModelUnavailableError, match="m is not asked for 60 seconds"), breaker.call():
        pass


def test_after_the_pause_one_call_tries_and_its_outcome_decides(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        called(breaker, fails=True)
    clock.now = 59.9
    assert not called(breaker)
    clock.now = 60
    assert called(breaker, fails=True), "the trial"
    assert not called(breaker), "open again at once"
    clock.now = 120
    with breaker.call():
        assert not called(breaker), "while it is tried the others do not wait"
    assert called(breaker)
    assert called(breaker, fails=True)
    assert called(breaker), "closed: one fault is one fault"


def test_a_trial_that_was_left_is_tried_again(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        called(breaker, fails=True)
    clock.now = 60
    with suppress(KeyboardInterrupt), breaker.call():
        raise KeyboardInterrupt
    assert called(breaker)


@pytest.mark.parametrize(("wait", "open_for"), [(20, 20), (3_600, 300)])
def test_a_provider_is_left_alone_as_long_as_it_says_within_reason(
    breaker: Breaker, clock: Clock, wait: float, open_for: float
) -> None:
    called(breaker, fails=True, wait=wait)
    clock.now = open_for - 0.1
    assert not called(breaker)
    clock.now = open_for
    assert called(breaker)
