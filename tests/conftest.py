"""No network but loopback, no keys, no configuration of the user who runs the tests."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from pytest_socket import socket_allow_hosts

from tests.chroma_server import ChromaServer

LOOPBACK = ["127.0.0.1", "::1", "localhost"]
# What programs read keys, endpoints and proxies from, besides our own settings.
FOREIGN = re.compile(
    r"LOTSE_.*|.*_(API_KEY|TOKEN|SECRET|BASE_URL|API_BASE)|(.*_)?PROXY"
    r"|(OPENAI|ANTHROPIC|AZURE|AWS|GOOGLE|MISTRAL|COHERE|GROQ|OLLAMA|HF|HUGGING|LANGCHAIN|LANGSMITH|CHROMA|GRADIO)_.*",
    re.IGNORECASE,
)

# The same examples in every run; `--hypothesis-profile=search` looks for new ones.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("search", deadline=None, database=None, max_examples=2_000)
hypothesis.settings.load_profile("same")

_home = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Move the user's folders before any test module is imported."""
    home = config.stash[_home] = tempfile.mkdtemp(prefix="lotse-tests-")
    browsers = Path.home() / ".cache" / "ms-playwright"
    if browsers.is_dir():
        os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(browsers))
    for name in list(os.environ):
        if FOREIGN.fullmatch(name):
            del os.environ[name]
    os.environ |= {
        "HOME": home,
        "XDG_CACHE_HOME": f"{home}/cache",
        "XDG_CONFIG_HOME": f"{home}/config",
        "XDG_DATA_HOME": f"{home}/data",
        "XDG_STATE_HOME": f"{home}/state",
    }


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the moved folders."""
    shutil.rmtree(config.stash[_home], ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Before the fixtures, so that they are held to it too; pytest-socket lifts it after the test."""
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.fixture(autouse=True)
def elsewhere_than_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` of the developer is read."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def chroma_server(tmp_path: Path) -> Iterator[ChromaServer]:
    """A running Chroma server."""
    server = ChromaServer(tmp_path / "chroma-server")
    yield server
    server.stop()
