from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.guard.rate import Rate


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_tenth_at_once_then_an_even_pace() -> None:
    clock = Clock()
    rate = Rate(60, clock)
    assert [rate.wait("a") for _ in range(6)] == [0] * 6
    assert rate.wait("a") == pytest.approx(1)
    assert rate.wait("b") == 0
    clock.now += 1
    assert rate.wait("a") == 0
    assert rate.wait("a") == pytest.approx(1)


def test_who_is_refused_is_not_counted_nor_those_with_him() -> None:
    rate = Rate(10, Clock())
    assert rate.wait("address", "key") == 0
    assert rate.wait("address", "other key") > 0
    assert rate.wait("other key") == 0


def test_no_limit() -> None:
    rate = Rate(0)
    assert {rate.wait("a") for _ in range(1_000)} == {0}


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200), st.integers(1, 120))
def test_no_more_than_the_rate_and_its_start(pauses: list[float], a_minute: int) -> None:
    clock = Clock()
    rate = Rate(a_minute, clock)
    let_in = 0
    for pause in pauses:
        clock.now += pause
        let_in += rate.wait("a") == 0
    minutes = (clock.now - 1_000) / 60
    assert 1 <= let_in <= a_minute * minutes + max(1, a_minute // 10) + 1
