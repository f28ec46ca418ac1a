"""What an error says: whether to ask again and when, whichever library raised it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from langchain_core.messages import AIMessageChunk

from assistant.generation.faults import may_pass, reason, told_to_wait
from assistant.generation.request import Heard, _learn
from assistant.generation.tokens import Usage


class StatusError(Exception):
    """As the providers have them: the status here or there, the response beside it."""

    def __init__(self, headers: dict[str, str] | None = None, **where: Any) -> None:
        super().__init__("no")
        self.__dict__.update(where)
        if headers is not None:
            self.response = httpx.Response(429, headers=headers)


def wrapped(error: BaseException) -> Exception:
    outer = ValueError("wrapped")
    outer.__cause__ = error
    return outer


AGAIN = [
    ConnectionRefusedError(),
    TimeoutError(),
    httpx.ReadError("gone"),
    httpx.RemoteProtocolError("incomplete"),
    httpx.ReadTimeout("slow"),
    StatusError(status_code=429),
    StatusError(status_code=503),
    StatusError(code=500),
    StatusError({}),
    wrapped(StatusError(status_code=502)),
    wrapped(httpx.ConnectError("refused")),
]
NEVER = [
    StatusError(status_code=400),
    StatusError(status_code=401),
    StatusError(code=404),
    StatusError(code="invalid_api_key"),
    wrapped(StatusError(status_code=403)),
    ValueError("no JSON"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
]


@pytest.mark.parametrize(("error", "again"), [*((e, True) for e in AGAIN), *((e, False) for e in NEVER)], ids=repr)
def test_what_may_pass(error: Exception, again: bool) -> None:
    assert may_pass(error) is again


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("0", 0), ("", 0), ("soon", 0), ("-5", 0), ("nan", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)
def test_how_long_a_provider_wants_to_be_left_alone(header: str, seconds: float) -> None:
    assert told_to_wait(StatusError({"Retry-After": header})) == seconds
    assert told_to_wait(wrapped(StatusError({"Retry-After": header}))) == seconds


def test_a_date_to_wait_for() -> None:
    then = datetime.now(UTC) + timedelta(hours=1)
    assert 3_500 < told_to_wait(StatusError({"Retry-After": format_datetime(then, usegmt=True)})) <= 3_600


def test_without_a_response_there_is_nothing_to_wait_for() -> None:
    assert told_to_wait(ConnectionError()) == 0


def test_a_reason_is_one_short_line() -> None:
    assert reason(ValueError("a\nb")) == "ValueError: a"
    assert len(reason(ValueError("x" * 9_999))) < 300


def test_what_is_reported_in_parts_adds_up() -> None:
    heard = Heard()
    _learn(heard, AIMessageChunk("a", usage_metadata={"input_tokens": 90, "output_tokens": 1, "total_tokens": 91}))
    heard.characters = 1_000
    assert heard.used(500) == Usage(90, 500), "not at its end: estimated"
    last = AIMessageChunk("", usage_metadata={"input_tokens": 0, "output_tokens": 20, "total_tokens": 20})
    last.response_metadata = {"stop_reason": "end_turn"}
    _learn(heard, last)
    assert heard.used(500) == Usage(90, 21)


def test_a_request_nobody_took_costs_nothing() -> None:
    assert Heard().used(500) == Usage()
