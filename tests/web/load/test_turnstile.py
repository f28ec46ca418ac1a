from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Message, Receive, Scope, Send

from assistant.errors import DeadlineError
from assistant.web.load.gate import TICKET, Gate
from assistant.web.load.turnstile import Turnstile
from assistant.web.observe.metrics import Metrics

BODY: Message = {"type": "http.request", "body": b"{}", "more_body": False}
ASK = {"type": "http", "method": "POST", "path": "/v1/ask"}


async def nothing(_: Message) -> None:
    raise AssertionError


def receiving(*messages: Message) -> Callable[[], Awaitable[Message]]:
    """A client that sends these and then stays silent."""
    waiting = list(messages)

    async def receive() -> Message:
        if waiting:
            return waiting.pop(0)
        return await asyncio.Event().wait()  # type: ignore[return-value]

    return receive


def test_the_work_of_a_client_that_hangs_up_is_told() -> None:
    gate, seen = Gate(1, 0, 100), list[Message]()

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        ticket = TICKET.get()
        assert ticket
        ticket.check()
        assert gate.waiting == 1
        seen.extend([await receive(), await receive()])
        with pytest.raises(DeadlineError, match="has gone"):
            ticket.check()

    turnstile = Turnstile(application, gate, Metrics())
    asyncio.run(turnstile(ASK, receiving(BODY, {"type": "http.disconnect"}), nothing))
    assert seen == [BODY, {"type": "http.disconnect"}]
    assert gate.waiting == 0


def test_a_client_that_waits_is_not_taken_for_gone() -> None:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        assert await receive() == BODY
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receive(), 0.01)
        ticket = TICKET.get()
        assert ticket
        ticket.check()

    asyncio.run(Turnstile(application, Gate(1, 0, 100), Metrics())(ASK, receiving(BODY), nothing))


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/ask"), ("POST", "/v1/feedback"), ("POST", "/mcp"), ("GET", "/")]
)
def test_other_routes_need_no_place(method: str, path: str) -> None:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        assert TICKET.get() is None

    gate = Gate(1, 0, 100)
    with gate.admitted():
        token = TICKET.set(None)
        asyncio.run(
            Turnstile(application, gate, Metrics())({**ASK, "method": method, "path": path}, receiving(), nothing)
        )
        TICKET.reset(token)


def test_an_error_of_the_application_gives_the_place_back() -> None:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    gate = Gate(1, 0, 100)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(Turnstile(application, gate, Metrics())(ASK, receiving(BODY), nothing))
    assert gate.waiting == 0
