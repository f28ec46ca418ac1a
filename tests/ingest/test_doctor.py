"""What `lotse-ingest --check` says about an index and its documents, and how it ends."""

import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import ingest.__main__
from assistant.index.versions import BUILDING, CURRENT, STORE, VECTORS, damage, served
from ingest.build import locked
from tests.ingest.parts import Place

Check = Callable[..., tuple[int, str, str]]
HARBOUR = "---\ntitle: Hafen\ndate: 2024-03-12\n---\nDer Hafen hat 17 Kräne. Der größte hebt 90 Tonnen.\n"
TOWER = "---\ntitle: Turm\ndate: 2023-05-01\n---\nDer Leuchtturm ist 41 Meter hoch. Er wurde 1907 erbaut.\n"
NOTHING = "Nothing to complain about."


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, {"hafen.md": HARBOUR, "turm.md": TOWER})


@pytest.fixture
def check(place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """Run the command; gives exit code, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        command = ["lotse-ingest", "--check", "--data", str(place.data), *arguments]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            ingest.__main__.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call


def _two_versions(place: Place) -> None:
    place.ingest()
    place.write("turm.md", TOWER.replace("41", "42"))
    place.ingest()


def _as_it_was(place: Place) -> None:
    place.ingest()


def _duplicate(place: Place) -> None:
    place.write("kopie.md", HARBOUR)
    place.ingest()


def _superseded(place: Place) -> None:
    place.write("neu.md", "---\ndate: 2025-01-01\nsupersedes: turm.md\n---\nDer neue Turm ist 50 Meter hoch.\n")
    place.ingest()


def _no_date(place: Place) -> None:
    place.write("notiz.md", "Die Fähre verkehrt stündlich.\n")
    place.ingest()


def _unreadable(place: Place) -> None:
    place.write("leer.md", "")
    place.ingest()


def _became_unreadable(place: Place) -> None:
    place.ingest()
    place.write("turm.md", b"\xff")


def _changed(place: Place) -> None:
    place.ingest()
    place.write("turm.md", TOWER.replace("41", "42"))
    place.write("neu.md", "Neues.")


def _gone(place: Place) -> None:
    place.ingest()
    (place.docs / "turm.md").unlink()


def _damaged_vectors(place: Place) -> None:
    place.ingest()
    (served(place.data).folder / VECTORS / "chroma.sqlite3").write_bytes(b"garbage")


def _lost_vectors(place: Place) -> None:
    place.ingest()
    shutil.rmtree(served(place.data).folder / VECTORS)


def _damaged_store(place: Place) -> None:
    _two_versions(place)
    path = served(place.data).folder / STORE
    path.write_bytes(path.read_bytes().replace(b"42 Meter", b"43 Meter"))


def _lost_seal(place: Place) -> None:
    _two_versions(place)
    (served(place.data).folder / "SEAL.json").unlink()


def _lost_pointer(place: Place) -> None:
    place.ingest()
    (place.data / CURRENT).unlink()


def _interrupted(place: Place) -> None:
    place.ingest()
    (place.data / BUILDING).mkdir()


def _unused(place: Place) -> None:
    _two_versions(place)
    shutil.copytree(served(place.data).folder, place.data / "0123456789ab")


@pytest.mark.parametrize(
    ("prepare", "says", "is_open", "repaired"),
    [
        (_as_it_was, [], False, True),
        (_two_versions, [], False, True),
        (_duplicate, ["kopie.md has the same content as hafen.md. One document has both places."], False, False),
        (_superseded, ["turm.md is superseded by neu.md. It answers no more."], False, False),
        (_no_date, ["notiz.md has no date. State one in notiz.md.yaml beside it."], True, False),
        (_unreadable, ["leer.md cannot be read: it is empty. Remove or fill it."], True, False),
        (_became_unreadable, ["turm.md cannot be read: it is not UTF-8"], True, False),
        (
            _changed,
            [
                "neu.md is not in the index as it is now. Run lotse-ingest.",
                "turm.md is not in the index as it is now. Run lotse-ingest.",
            ],
            True,
            False,
        ),
        (_gone, ["turm.md is in the index, but no more among the files. Run lotse-ingest."], True, False),
        (
            _damaged_vectors,
            ["The vectors were damaged (chroma/chroma.sqlite3 was altered). They were made anew."],
            False,
            True,
        ),
        (_lost_vectors, ["The vectors were damaged ("], False, True),
        (
            _damaged_store,
            [
                "The index is damaged (VERSION: index.sqlite was altered). The last good version, VERSION, serves; "
                "run lotse-ingest to bring the documents in again.",
                "turm.md is not in the index as it is now. Run lotse-ingest.",
            ],
            True,
            False,
        ),
        (
            _lost_seal,
            [
                "The index is damaged (VERSION: SEAL.json is missing). The last good version, VERSION, serves; "
                "run lotse-ingest to bring the documents in again.",
                "turm.md is not in the index as it is now. Run lotse-ingest.",
            ],
            True,
            False,
        ),
        (
            _lost_pointer,
            ["The index is damaged (CURRENT names no version). The newest version, VERSION, was named again."],
            False,
            True,
        ),
        (
            _interrupted,
            ["An interrupted import left its work. Run lotse-ingest again, it goes on there."],
            True,
            False,
        ),
        (_unused, ["The version VERSION was used by nobody. It was removed."], False, True),
    ],
)
def test_findings(
    place: Place, check: Check, prepare: Callable[[Place], None], says: list[str], is_open: bool, repaired: bool
) -> None:
    """Lines as they are printed, VERSION for the name of one; where all was repaired, a second look finds nothing."""
    prepare(place)
    code, out, err = check(str(place.docs))
    lines = [re.sub(r"\b[0-9a-f]{12}\b", "VERSION", line) for line in out.splitlines()]
    assert err == ""
    assert len(lines) == len(says) + 1
    assert [line[: len(said)] for line, said in zip(lines, says, strict=False)] == says
    assert lines[-1] == (
        f"{len(says)} findings, {len(says) * is_open} of them for you." if says else "Nothing to complain about."
    )
    assert code == (3 if is_open else 0)
    again = check(str(place.docs))
    assert (again[1] == f"{NOTHING}\n") == repaired
    assert damage(served(place.data).folder) is None


def test_findings_for_other_programs(place: Place, check: Check) -> None:
    _duplicate(place)
    _gone(place)
    code, out, err = check("--json", str(place.docs))
    assert (code, err) == (3, "")
    assert [json.loads(line) for line in out.splitlines()] == [
        {
            "what": "kopie.md has the same content as hafen.md.",
            "repaired": "One document has both places.",
            "fix": "",
        },
        {"what": "turm.md is in the index, but no more among the files.", "repaired": None, "fix": "Run lotse-ingest."},
    ]


def test_without_paths_only_the_index_is_examined(place: Place, check: Check) -> None:
    _gone(place)
    assert check() == (0, f"{NOTHING}\n", "")
    assert check("--json") == (0, "", "")


def test_an_import_repairs_what_the_doctor_cannot(place: Place, check: Check) -> None:
    _damaged_store(place)
    before = served(place.data).folder.name
    assert check()[0] == 3
    assert served(place.data).folder.name == before
    place.ingest()
    assert served(place.data).folder.name != before
    assert check(str(place.docs)) == (0, f"{NOTHING}\n", "")


def test_nothing_is_whole(place: Place, check: Check) -> None:
    place.ingest()
    (served(place.data).folder / STORE).write_bytes(b"garbage")
    code, out, err = check(str(place.docs))
    assert (code, out) == (1, "")
    assert re.fullmatch(
        rf"Error: The index in {place.data} is damaged \([0-9a-f]+: index.sqlite was altered\)\. "
        rf"Run lotse-ingest --data {place.data} to make it anew\.\n",
        err,
    )


def test_no_index(place: Place, check: Check) -> None:
    code, out, err = check(str(place.docs))
    assert (code, out) == (1, "")
    assert err.startswith(f"Error: There is no index in {place.data}.")
    assert not place.data.exists()


def test_an_import_is_running(place: Place, check: Check) -> None:
    place.ingest()
    with locked(place.data):
        code, _, err = check()
    assert code == 1
    assert re.match(r"Error: Another import is writing to .* \(process \d+ on .*, since [0-9:]{8}\)\. Wait", err)
