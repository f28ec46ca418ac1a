"""A client that costs little beside the server it measures: one keep-alive connection, JSON in and out."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    """One reply; seconds from sending to the last byte."""

    status: int
    seconds: float
    body: bytes


class Connection:
    """To one server; questions one after the other."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, question: str) -> Reply:
        """POST /v1/ask."""
        body = json.dumps({"question": question}).encode()
        head = (
            f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        start = time.perf_counter()
        try:
            reader, headers = await self._sent(head.encode() + body)
        except (asyncio.IncompleteReadError, ConnectionError):  # closed by the server for being idle
            self.close()
            reader, headers = await self._sent(head.encode() + body)
        length = int(headers.partition("content-length:")[2].partition("\r\n")[0])
        content = await reader.readexactly(length)
        return Reply(int(headers.split(" ", 2)[1]), time.perf_counter() - start, content)

    async def _sent(self, request: bytes) -> tuple[asyncio.StreamReader, str]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        return reader, (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()

    def close(self) -> None:
        """Close it; the next question opens another one."""
        if self._streams:
            self._streams[1].close()
            self._streams = None
