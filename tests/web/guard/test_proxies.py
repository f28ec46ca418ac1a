"""Whose word about a client's address counts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from assistant.settings import Settings
from assistant.web.load.drain import Drain
from assistant.web.load.gate import Gate
from assistant.web.server import uvicorn_server


@pytest.mark.parametrize(
    ("proxies", "client", "seen"),
    [
        ((), "127.0.0.1", ("127.0.0.1", "http")),
        (("127.0.0.1",), "127.0.0.1", ("203.0.113.9", "https")),
        (("127.0.0.1",), "203.0.113.1", ("203.0.113.1", "http")),
        (("10.0.0.0/8",), "10.1.2.3", ("203.0.113.9", "https")),
    ],
)
def test_only_proxies_that_are_named_are_believed(
    tmp_path: Path, proxies: tuple[str, ...], client: str, seen: tuple[str, str]
) -> None:
    found = list[tuple[str, str]]()

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        found.append((scope["client"][0], scope["scheme"]))

    settings = Settings(data=tmp_path, proxies=proxies)
    config = uvicorn_server(application, settings, Drain(), Gate(1, 0, 1), "127.0.0.1", 7860).config
    config.load()
    scope = {
        "type": "http", "client": (client, 1), "scheme": "http",
        "headers": [(b"x-forwarded-for", b"198.51.100.1, 203.0.113.9"), (b"x-forwarded-proto", b"https")],
    }  # fmt: skip

    async def nothing(_: Message | None = None) -> Message:
        raise AssertionError

    asyncio.run(config.loaded_app(scope, nothing, nothing))  # type: ignore[arg-type]
    assert found == [seen]
