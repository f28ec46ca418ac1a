from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import ConfigurationError
from assistant.keys import KeyStore
from assistant.settings import Settings
from assistant.web.guard.door import Door, door_of, host_name


def settings(tmp_path: Path, **more: object) -> Settings:
    return Settings(keys=tmp_path / "keys.json", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.9.1"])
def test_loopback_needs_no_key(tmp_path: Path, host: str) -> None:
    assert not door_of(settings(tmp_path), host).always


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "host.example", "::ffff:192.168.1.7"])  # noqa: S104
def test_any_other_address_needs_one(tmp_path: Path, host: str) -> None:
    with pytest.raises(ConfigurationError, match=r"can be reached from other machines and there is no key\. Make one"):
        door_of(settings(tmp_path), host)
    KeyStore(tmp_path / "keys.json").create("x", ["ask"])
    assert door_of(settings(tmp_path), host).always


def test_a_key_can_be_asked_for_on_loopback_too(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="LOTSE_REQUIRE_KEYS is set and there is no key"):
        door_of(settings(tmp_path, require_keys=True), "127.0.0.1")
    KeyStore(tmp_path / "keys.json").create("x", ["ask"])
    assert door_of(settings(tmp_path, require_keys=True), "127.0.0.1").always


@pytest.mark.parametrize(
    ("header", "loopback", "public"),
    [
        ("localhost", True, True),
        ("localhost:7860", True, True),
        ("LOCALHOST.:7860", True, True),
        ("127.0.0.1:1", True, True),
        ("[::1]:7860", True, True),
        ("portal.example:443", True, True),
        ("192.168.1.7:7860", False, True),
        ("[fe80::1]", False, True),
        ("evil.example", False, False),
        ("localhost.evil.example", False, False),
        ("evil.example#localhost", False, False),
        ("user@localhost", False, False),
        ("localhost/x", False, False),
        ("localhost:x", False, False),
        ("[::1", False, False),
        ("", False, False),
    ],
)
def test_the_names_of_a_server(tmp_path: Path, header: str, loopback: bool, public: bool) -> None:
    KeyStore(tmp_path / "keys.json").create("x", ["ask"])
    for host, expected in (("127.0.0.1", loopback), ("::", public)):
        assert door_of(settings(tmp_path, hosts=("portal.example",)), host).answers_to(header) is expected


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://localhost:7860", True),
        ("https://localhost:7860", True),  # what a proxy in front makes of it
        ("https://portal.example", True),
        ("HTTPS://Portal.Example", True),
        ("http://portal.example", False),
        ("http://localhost:7861", False),
        ("http://evil.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_the_pages_that_may_call(origin: str, own: bool) -> None:
    assert Door(origins=frozenset({"https://portal.example"})).is_own(origin, "localhost:7860") is own


def test_a_host_without_a_name() -> None:
    assert host_name("") is None
