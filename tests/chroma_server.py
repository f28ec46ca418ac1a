"""A Chroma server of a test's own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path


class ChromaServer:
    """`chroma run` on loopback, with its files in `folder`."""

    def __init__(self, folder: Path) -> None:
        command = shutil.which("chroma", path=Path(sys.executable).parent)
        assert command, "chromadb brings its server along"
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [command, "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout
        for line in self._process.stdout:
            if "server listening" in line:
                self._reader = threading.Thread(target=self._process.stdout.read)  # a full pipe would stop the server
                self._reader.start()
                return
        raise AssertionError("chroma run ended before it listened")

    def stop(self) -> None:
        """End it at once; idempotent."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout
        self._process.stdout.close()
