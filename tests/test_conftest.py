"""The guards of the test run themselves."""

import os
import socket
from pathlib import Path

import pytest

from assistant.settings import load_settings


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80), ("example.org", 443)])
def test_nothing_connects_to_the_outside(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as outgoing, pytest.raises(Warning, match="tried to use socket"):
        outgoing.connect(address)


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_folders_and_settings_are_nobodys() -> None:
    settings = load_settings()
    assert settings.data.is_relative_to(os.environ["XDG_DATA_HOME"])
    assert settings.model is None
    assert Path.home().name.startswith("lotse-tests-")
    assert not [name for name in os.environ if name.endswith("_API_KEY") or name.startswith("LOTSE_")]
