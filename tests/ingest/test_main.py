import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import ingest.__main__
from assistant.index.versions import current_version
from assistant.resources import resource_dir
from ingest.read import READERS
from tests.helpers import HashingEmbeddings
from tests.ingest.parts import DOCUMENTS, Place

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command with an embedder that needs no model; gives exit code, stdout and stderr."""
    monkeypatch.setattr(ingest.__main__, "load_embedder", lambda settings, **_: HashingEmbeddings())

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["lotse-ingest", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            ingest.__main__.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


def test_all_in(place: Place, run: Run) -> None:
    code, out, err = run(place.docs, "--data", place.data)
    version = current_version(place.data)
    assert code == 0
    assert [line.split(": ")[-1] for line in err.splitlines()] == [
        *DOCUMENTS, "building the new version …", "indexing its vectors …", "sealing it …",
    ]  # fmt: skip
    assert out == (
        f"3 added, 0 changed, 0 removed, 0 unchanged, 0 refused; the index {version} holds 3 documents in 3 passages.\n"
    )
    code, out, err = run(place.docs, "--data", place.data)
    assert (code, err) == (0, "")
    assert out.startswith("0 added, 0 changed, 0 removed, 3 unchanged")


def test_json_and_nothing_else(place: Place, run: Run) -> None:
    code, out, err = run(place.docs, "--data", place.data, "--json")
    *events, report = map(json.loads, out.splitlines())
    assert (code, err) == (0, "")
    assert [event["step"] for event in events if event["step"] != "embedded"] == [
        "planned", "reading", *(["staged"] * 3),
        "assembling", "assembled", "vectors", "checked", "sealed", "published", "switched", "cleaned",
    ]  # fmt: skip
    assert report == {
        "step": "report",
        "version": current_version(place.data),
        "added": list(DOCUMENTS),
        "changed": [],
        "removed": [],
        "unchanged": [],
        "refused": [],
        "duplicates": [],
        "superseded": [],
        "warnings": [],
        "documents": 3,
        "passages": 3,
    }


def test_some_refused(place: Place, run: Run) -> None:
    place.write("leer.md", "")
    place.write("bild.png", b"\x89")
    code, out, _ = run(place.docs, "--data", place.data)
    assert code == 3
    assert out.splitlines()[:2] == [
        f"refused bild.png: the format .png is not supported. Use {', '.join(sorted(READERS))}.",
        "refused leer.md: it is empty. Remove or fill it.",
    ]
    code, out, _ = run(place.docs, "--data", place.data, "--json")
    assert code == 3
    assert json.loads(out.splitlines()[-1])["refused"][1] == {
        "name": "leer.md",
        "reason": "it is empty. Remove or fill it.",
    }


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nowhere"], 2, "nowhere does not exist. Name a file or a folder."),
        (["empty"], 2, "There is no file under the given paths."),
        (["bad"], 1, "None of the files can be read. a.md: it is empty. Remove or fill it. The index stays as it was."),
        (["docs", "--data", "file"], 1, "The folder file cannot be written (File exists). Name another with --data."),
        (["docs", "--data", "file/below"], 1, "The folder file/below cannot be written (Not a directory)."),
        (["docs", "--no-such-option"], 2, "No such option"),
    ],
)
def test_failures_are_one_clear_message(place: Place, run: Run, arguments: list[str], code: int, message: str) -> None:
    Path("empty").mkdir()
    Path("bad").mkdir()
    Path("bad/a.md").touch()
    Path("file").touch()
    found, out, err = run(*arguments)
    assert (found, out) == (code, "")
    assert message in err
    assert len(err.splitlines()) == 1 or "--no-such-option" in arguments
    assert "Traceback" not in err


def test_an_unknown_setting_is_a_wrong_call(place: Place, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTSE_DATTA", "x")
    assert run(place.docs)[::2] == (
        2,
        "Error: Unknown setting LOTSE_DATTA. Did you mean LOTSE_DATA? Correct or remove it.\n",
    )


def test_settings_say_where(place: Place, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTSE_DATA", str(place.data))
    assert run(place.docs)[0] == 0
    assert current_version(place.data)


def test_a_name_in_no_encoding_is_printed(place: Place, run: Run) -> None:
    (place.docs / b"\xff\n.md".decode("utf-8", "surrogateescape")).write_text("Text.")
    for options in ([], ["--json"]):
        code, out, _ = run(place.docs, "--data", place.data, *options)
        assert code == 3
        assert "udcff" in out.encode().decode()


def test_the_shipped_corpus_is_the_default(run: Run, tmp_path: Path) -> None:
    """All of it can be read, and most of its documents are there in both languages."""
    code, out, _ = run("--data", tmp_path / "data", "--json")
    report = json.loads(out.splitlines()[-1])
    files = sorted(path.relative_to(resource_dir("corpus")).as_posix() for path in resource_dir("corpus").rglob("*.md"))
    assert (code, report["refused"]) == (0, [])
    assert report["added"] == files


def test_a_wrong_path_is_told_before_the_model_is_loaded(tmp_path: Path) -> None:
    program = (
        "import sys, ingest.__main__; sys.argv[1:] = ['nowhere']\n"
        "try:\n    ingest.__main__.main()\nfinally:\n    print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "False\n")
    assert done.stderr == "Error: nowhere does not exist. Name a file or a folder.\n"
