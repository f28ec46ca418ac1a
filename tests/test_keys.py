from __future__ import annotations

import hashlib
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import ConfigurationError, InvalidInputError
from assistant.keys import KeyStore


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "config" / "keys.json")


def test_a_key_is_found_and_only_its_hash_is_kept(store: KeyStore) -> None:
    shown, key = store.create(" portal ", ["ask", "admin", "ask"])
    assert (key.name, key.scopes) == ("portal", {"ask", "admin"})
    assert store.find(shown) == key == KeyStore(store.path).find(shown)
    written = store.path.read_text(encoding="utf-8")
    assert shown not in written
    assert shown.rpartition("_")[2] not in written
    assert json.loads(written)[0]["sha256"] == hashlib.sha256(shown.encode()).hexdigest()
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_keys_differ(store: KeyStore) -> None:
    assert len({store.create("x", ["ask"])[0] for _ in range(20)}) == len(store.all()) == 20


def test_what_is_no_key(store: KeyStore) -> None:
    shown, key = store.create("x", ["ask"])
    other, _ = store.create("y", ["ask"])
    swapped = f"lotse_{key.id}_{other[19:]}"
    for wrong in (
        "",
        "x",
        shown[:-1],
        shown + "x",
        shown.upper(),
        f" {shown}",
        swapped,
        f"lotse_{'0' * 12}_{shown[19:]}",
    ):
        assert store.find(wrong) is None, wrong
    assert store.find(shown)


def test_a_key_that_another_process_revokes_opens_nothing_at_once(store: KeyStore) -> None:
    shown, key = store.create("x", ["ask"])
    kept, _ = store.create("y", ["ask"])
    assert store.find(shown)
    program = (
        "import sys; from pathlib import Path; from assistant.keys import KeyStore\n"
        "KeyStore(Path(sys.argv[1])).revoke(sys.argv[2])"
    )
    root = Path(__file__).resolve().parent.parent
    subprocess.run([sys.executable, "-c", program, str(store.path), key.id], cwd=root, check=True)
    assert store.find(shown) is None
    assert store.find(kept)


@pytest.mark.parametrize(
    ("name", "scopes", "said"),
    [
        ("x", [], "The key has no scope. Name ask, ingest, admin"),
        ("x", ["ask", "root"], "There is no scope root."),
        (" ", ["ask"], "no usable name"),
        ("x" * 65, ["ask"], "no usable name"),
        ("x\ny", ["ask"], "no usable name"),
    ],
)
def test_a_key_that_cannot_be_made(store: KeyStore, name: str, scopes: list[str], said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        store.create(name, scopes)
    assert store.all() == []


def test_revoking_an_unknown_key(store: KeyStore) -> None:
    with pytest.raises(InvalidInputError, match="lotse keys list"):
        store.revoke("0" * 12)


@pytest.mark.parametrize("content", [b"", b"{}", b"[{}]", b"\xff", b'[{"id": "x"}]'])
def test_a_damaged_file_lets_nobody_in(store: KeyStore, content: bytes) -> None:
    shown, _ = store.create("x", ["ask"])
    assert store.find(shown)
    store.path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="cannot be read"):
            store.find(shown)
    with pytest.raises(ConfigurationError):
        store.create("y", ["ask"])
    store.path.unlink()
    assert store.find(shown) is None


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="LOTSE_KEYS"):
        KeyStore(tmp_path / "file" / "keys.json").create("x", ["ask"])
