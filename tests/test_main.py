"""The command lotse as its users call it: exit codes, one clear line per failure, never a stack trace."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import assistant.__main__
import assistant.pipeline
from assistant.index.versions import STORE, served
from assistant.keys import KeyStore
from tests.helpers import HashingEmbeddings
from tests.small_service import NOT_HELD, small_service

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parent.parent
ASKED = "Wie viele Mitglieder hat der Biocluster Rosenau?"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command with an embedder that needs no model; gives exit code, stdout and stderr."""
    monkeypatch.setattr(assistant.pipeline, "load_embedder", lambda settings, **_: HashingEmbeddings())
    monkeypatch.setenv("LOTSE_KEYS", "keys.json")

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["lotse", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            assistant.__main__.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(ended.value.code or 0), out, err

    return call


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["ask"], 2, "Missing argument"),
        (["ask", "Wer?", "--no-such-option"], 2, "No such option"),
        (["ask", "Wer?", "Was?"], 2, "unexpected extra argument"),
        (["no-such-command"], 2, "No such command"),
        (["serve", "--port", "0"], 2, "--port"),
        (["serve", "--port", "many"], 2, "--port"),
        (["keys", "create", "portal"], 2, "--scope"),
        (["keys", "nothing"], 2, "No such command"),
    ],
)
def test_a_wrong_call(run: Run, arguments: list[str], code: int, message: str) -> None:
    found, out, err = run(*arguments)
    assert (found, out) == (code, "")
    assert message in err


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["ask", ""], 2, "The question is empty. Ask in a few words."),
        (["ask", " \n"], 2, "The question is empty."),
        (["ask", "?!"], 2, "The question holds no word."),
        (["ask", "Wer\x1b[2J?"], 2, "control characters"),
        (["ask", "a" * 2_001], 2, "more than 2,000. Shorten it."),
        (
            ["ask", "Wer?", "--data", "nowhere"],
            1,
            "There is no index in nowhere. Run lotse-ingest --data nowhere first",
        ),
        (["ask", "Wer?", "--data", "file"], 1, "The index in file cannot be read (Not a directory)."),
        (["serve", "--host", "0.0.0.0"], 2, "0.0.0.0 can be reached from other machines and there is no key. Make one"),  # noqa: S104
        (["keys", "create", "portal", "--scope", "root"], 2, "There is no scope root. Name ask, ingest, admin"),
        (["keys", "revoke", "x"], 2, "There is no key 'x'."),
    ],
)
def test_a_failure_is_one_line(run: Run, arguments: list[str], code: int, line: str) -> None:
    Path("file").touch()
    found, out, err = run(*arguments)
    assert (found, out, len(err.splitlines())) == (code, "", 1)
    assert err.startswith("Error: ")
    assert line in err


def test_a_busy_port_is_told_before_anything_is_loaded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(assistant.pipeline, "load_embedder")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run("serve", "--port", port) == (
            1, "", f"Error: 127.0.0.1:{port} is already in use. Choose another with --port.\n",
        )  # fmt: skip


def test_an_address_that_cannot_be_used(run: Run) -> None:
    assert run("keys", "create", "x", "--scope", "ask")[0] == 0
    code, out, err = run("serve", "--port", "7", "--host", "256.0.0.1")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert err.startswith("Error: 256.0.0.1:7 cannot be used (")


def test_keys_are_made_listed_and_taken_back(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTSE_KEYS", str(tmp_path / "keys.json"))
    code, shown, told = run("keys", "create", "portal", "--scope", "ask", "--scope", "admin")
    key = KeyStore(tmp_path / "keys.json").find(shown.strip())
    assert (code, shown.count("\n")) == (0, 1)
    assert key
    assert told == f"Key {key.id} for portal; it is not shown again:\n"
    code, listed, _ = run("keys", "list")
    assert (code, listed.split()) == (0, [key.id, "admin,ask", key.created, "portal"])
    assert run("keys", "revoke", key.id) == (0, "", f"Key {key.id} of portal opens nothing any more.\n")
    assert run("keys", "list") == (0, "", "")


@pytest.mark.parametrize("damage", ["garbage", "missing"])
def test_a_damaged_index_is_one_line(run: Run, tmp_path: Path, damage: str) -> None:
    small_service(tmp_path)
    store = served(tmp_path / "index").folder / STORE
    store.unlink()
    if damage == "garbage":
        store.write_bytes(b"no database " * 1_000)
    code, out, err = run("ask", ASKED, "--data", tmp_path / "index")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert err.startswith("Error: ")


def test_json_and_nothing_else(run: Run, tmp_path: Path) -> None:
    small_service(tmp_path)
    code, out, err = run("ask", NOT_HELD, "--data", tmp_path / "index", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["status"] in ("answered", "not_found")


def test_an_explanation_is_printed_after_the_answer_or_within_its_json(run: Run, tmp_path: Path) -> None:
    small_service(tmp_path)
    arguments = ["ask", ASKED, "--data", tmp_path / "index"]
    (_, plain, _), (code, printed, err) = run(*arguments), run(*arguments, "--explain")
    assert (code, err) == (0, "")
    assert printed.startswith(f"{plain}\nSo kam die Antwort zustande\n")
    within = json.loads(run(*arguments, "--explain", "--json")[1])
    assert within.pop("explain")["question"] == ASKED
    assert within.keys() == json.loads(run(*arguments, "--json")[1]).keys()


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "line"),
    [
        (["ask", ""], {}, 2, "Error: The question is empty. Ask in a few words.\n"),
        (["ask", "Wer?"], {"LOTSE_DATTA": "x"}, 2,
         "Error: Unknown setting LOTSE_DATTA. Did you mean LOTSE_DATA? Correct or remove it.\n"),
        (["serve"], {"LOTSE_CHROMA_ULR": "x"}, 2,
         "Error: Unknown setting LOTSE_CHROMA_ULR. Did you mean LOTSE_CHROMA_URL? Correct or remove it.\n"),
        (["ask", "Wer?"], {"LOTSE_MODEL_TIMEOUT": "0"}, 2,
         "Error: Setting LOTSE_MODEL_TIMEOUT is unusable: Input should be greater than 0. Correct its value.\n"),
    ],
)  # fmt: skip
def test_as_a_process(arguments: list[str], environment: dict[str, str], code: int, line: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (code, "", line)
