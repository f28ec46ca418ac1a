"""A server on this machine that speaks OpenAI's wire format and does to each request what a test tells it to."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


class Talk(BaseHTTPRequestHandler):
    """One request and what is sent back; `body` is the request."""

    protocol_version = "HTTP/1.1"
    server: _Server
    body: dict[str, Any]

    def do_POST(self) -> None:
        self.close_connection = True
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.owner.requests.append(self.body)
        reply = self.server.owner.next_reply()
        try:
            reply(self)
        except OSError:
            self.server.owner.left.set()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        return

    def whole(self, status: int, content: str, **headers: str) -> None:
        """A reply that is no stream."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content.encode())), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content.encode())

    def begin(self) -> None:
        """The headers of a stream."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def raw(self, content: bytes) -> None:
        """Bytes of the stream."""
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")

    def say(self, *words: str, **choice: Any) -> None:
        """Pieces of text, each an event."""
        for word in words:
            self.event({"delta": {"role": "assistant", "content": word}, "finish_reason": None, **choice})

    def event(self, choice: dict[str, Any]) -> None:
        """One event of the stream."""
        about = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        self.raw(f"data: {json.dumps({**about, 'choices': [{'index': 0, **choice}]})}\n\n".encode())

    def end(self, reason: str = "stop") -> None:
        """The end of the reply and of the stream."""
        self.event({"delta": {}, "finish_reason": reason})
        self.close()

    def close(self) -> None:
        """The end of the stream without that of the reply."""
        self.raw(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def hang(self) -> None:
        """Wait until the client goes, and note that it did."""
        self.connection.settimeout(None)
        try:
            if not self.connection.recv(1):
                self.server.owner.left.set()
        except OSError:
            self.server.owner.left.set()


Reply = Callable[[Talk], object]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: ChatServer

    def __init__(self) -> None:
        self.connections: list[socket.socket] = []
        super().__init__(("127.0.0.1", 0), Talk)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.append(request)
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        return


class ChatServer:
    """Gives its replies in order, the last one again and again.

    `requests` keeps what it was asked, `left` is set when a client goes before its reply has ended.
    """

    def __init__(self, *replies: Reply) -> None:
        self.replies, self.requests, self.left = list(replies), list[dict[str, Any]](), threading.Event()
        self._server = _Server()
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def next_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def __enter__(self) -> ChatServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        for connection in self._server.connections:  # wakes what still hangs
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self._server.server_close()


def saying(*words: str, reason: str = "stop") -> Reply:
    """A reply that goes well."""

    def reply(talk: Talk) -> None:
        talk.begin()
        talk.say(*words)
        talk.end(reason)

    return reply


def prompt_of(request: dict[str, Any]) -> Sequence[str]:
    """The texts of the messages of a request."""
    return [message["content"] for message in request["messages"]]
