"""A server on this machine that must not be called."""

from __future__ import annotations

import socket
import threading
from types import TracebackType


class Listener:
    """Notes who connects to it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(b"stop")
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while True:
            client, _ = self._socket.accept()
            with client:
                said = client.recv(1_000)
            if said == b"stop":
                return
            self.calls.append(said.decode("latin-1"))
