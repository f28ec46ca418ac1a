"""The next version of several documents: copies are one document, newer editions answer, what was changed is checked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

import ingest.assemble
from assistant.errors import AssistantError
from assistant.index.store import Store
from assistant.index.vectors import Vectors
from assistant.index.versions import BUILDING, STORE, current_version, served
from tests.helpers import HashingEmbeddings
from tests.ingest.parts import DOCUMENTS, Place

ROOT = Path(__file__).resolve().parents[2]
TOWER = "# Turm\n\nDer Turm ist 41 Meter hoch. Er ist rot."
HARBOUR = "# Hafen\n\nDer Hafen hat 17 Kräne."


def files(place: Place) -> dict[str, str]:
    """Files that went in with the document each is a place of."""
    with closing(Store(served(place.data).folder / STORE)) as store:
        return {name: file.document for name, file in store.files().items()}


def answering(place: Place, text: str) -> set[str]:
    """Names of the documents that are found by the words or the vector of a German text."""
    folder = served(place.data).folder
    copy = place.data.parent / "chroma-copy"
    with closing(Store(folder / STORE)) as store, closing(Vectors(copy, folder.name)) as vectors:
        vectors.build(store)
        found = {*store.search_words(text.casefold().split(), "de", 50)}
        found |= vectors.search(HashingEmbeddings().query_vector(text), "de", 50).keys()
        names = {document.id: document.name for document in store.documents()}
        return {names[unit.document_id] for unit in store.units(sorted(found))}


# ---- the same content twice ----------------------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path: Path) -> Place:
    """A document in two places, and another one."""
    place = Place(tmp_path, {"a.md": TOWER, "b.md": TOWER, "c.md": HARBOUR})
    report = place.ingest()
    assert report.duplicates == (("b.md", "a.md"),)
    assert (report.added, report.documents) == (("a.md", "b.md", "c.md"), 2)
    assert place.embeddings.count == 3
    return place


def test_the_same_content_twice_is_one_document_with_two_places(copied: Place) -> None:
    assert files(copied) == {"a.md": "a.md", "b.md": "a.md", "c.md": "c.md"}
    assert copied.served().keys() == {"a.md", "c.md"}
    before = copied.disk()
    report = copied.ingest()
    assert (report.unchanged, report.duplicates) == (("a.md", "b.md", "c.md"), (("b.md", "a.md"),))
    assert copied.disk() == before


def test_when_the_first_place_goes_the_other_is_the_document(copied: Place) -> None:
    (copied.docs / "a.md").unlink()
    report = copied.ingest()
    assert (report.removed, report.unchanged, report.changed) == (("a.md",), ("b.md", "c.md"), ())
    assert report.duplicates == ()
    assert copied.embeddings.count == 0
    assert files(copied) == {"b.md": "b.md", "c.md": "c.md"}
    assert copied.served().keys() == {"b.md", "c.md"}


def test_when_the_other_place_goes_the_document_stays(copied: Place) -> None:
    (copied.docs / "b.md").unlink()
    assert copied.ingest().removed == ("b.md",)
    assert files(copied) == {"a.md": "a.md", "c.md": "c.md"}


def test_when_the_first_place_changes_they_are_two_documents(copied: Place) -> None:
    copied.write("a.md", TOWER.replace("rot", "blau"))
    report = copied.ingest()
    assert (report.changed, report.unchanged, report.documents) == (("a.md",), ("b.md", "c.md"), 3)
    assert copied.embeddings.count == 1
    texts = copied.served()
    assert ("blau" in texts["a.md"], "rot" in texts["b.md"]) == (True, True)


def test_when_both_change_alike_they_stay_one(copied: Place) -> None:
    for name in ("a.md", "b.md"):
        copied.write(name, TOWER.replace("rot", "blau"))
    report = copied.ingest()
    assert (report.changed, report.duplicates) == (("a.md", "b.md"), (("b.md", "a.md"),))
    assert "blau" in copied.served()["a.md"]


def test_a_new_first_place_takes_the_document_over(copied: Place) -> None:
    copied.write("0.md", TOWER)
    assert copied.ingest().duplicates == (("a.md", "0.md"), ("b.md", "0.md"))
    assert copied.embeddings.count == 0
    assert copied.served().keys() == {"0.md", "c.md"}


def test_a_further_place_that_cannot_be_read_is_not_taken_for_the_changed_document(copied: Place) -> None:
    copied.write("a.md", TOWER.replace("rot", "blau"))
    copied.write("b.md", b"")
    report = copied.ingest()
    assert [refusal.name for refusal in report.refused] == ["b.md"]
    assert files(copied) == {"a.md": "a.md", "c.md": "c.md"}
    copied.write("b.md", TOWER)
    assert copied.ingest().added == ("b.md",)
    assert "rot" in copied.served()["b.md"]


def test_a_first_place_that_cannot_be_read_keeps_the_document(copied: Place) -> None:
    copied.write("a.md", b"")
    report = copied.ingest()
    assert [refusal.name for refusal in report.refused] == ["a.md"]
    assert files(copied) == {"a.md": "a.md", "b.md": "a.md", "c.md": "c.md"}
    assert copied.served().keys() == {"a.md", "c.md"}


# ---- editions ------------------------------------------------------------------------------------------------


NEWER = "---\nsupersedes: a.md\n---\n# Turm\n\nDer Turm ist 42 Meter hoch. Er ist blau."


def test_a_newer_edition_answers_until_it_is_withdrawn(tmp_path: Path) -> None:
    place = Place(tmp_path, {"a.md": TOWER, "b.md": NEWER, "c.md": HARBOUR})
    report = place.ingest()
    assert (report.superseded, report.documents) == ((("a.md", "b.md"),), 3)
    assert answering(place, "rot") == {"b.md", "c.md"}
    assert place.served().keys() == {"a.md", "b.md", "c.md"}  # it can be opened
    place.write("c.md", HARBOUR.replace("17", "18"))
    assert place.ingest().superseded == (("a.md", "b.md"),)
    (place.docs / "b.md").unlink()
    assert place.ingest().superseded == ()
    assert place.embeddings.count == 0
    assert answering(place, "rot") == {"a.md", "c.md"}


def test_an_older_edition_that_comes_later_does_not_answer(tmp_path: Path) -> None:
    place = Place(tmp_path, {"b.md": NEWER, "c.md": HARBOUR})
    assert place.ingest().warnings == ("b.md supersedes a.md, which is not there.",)
    place.write("a.md", TOWER)
    report = place.ingest()
    assert (report.superseded, report.warnings) == ((("a.md", "b.md"),), ())
    assert answering(place, "rot") == {"b.md", "c.md"}


# ---- the way does not matter ---------------------------------------------------------------------------------


def many(count: int) -> Mapping[str, str]:
    return {f"{n:02d}.md": f"# Titel {n}\n\nSatz {n} über Ort {n % 7}. Noch einer {n}." for n in range(count)}


@pytest.mark.parametrize("changed", [1, 20])
def test_a_little_or_much_changed_everything_is_found(tmp_path: Path, changed: int) -> None:
    """A few vectors are changed in the graph there is, after many it is made anew."""
    place = Place(tmp_path, many(24))
    place.ingest()
    for name in list(many(24))[:changed]:
        place.write(name, f"# Neu\n\nGanz anders ist {name}.")
    assert len(place.ingest().changed) == changed
    assert len(place.served()) == 24  # looks for every vector


# ---- the check, and disks that refuse ------------------------------------------------------------------------


def test_a_version_that_fails_its_check_is_not_served(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    first = place.ingest()
    place.write("turm.txt", "Ganz anders.")
    with monkeypatch.context() as patched:
        patched.setattr(Vectors, "update", lambda *_: None)
        patched.setattr(Vectors, "build", lambda *_: None)
        with pytest.raises(AssistantError, match=r"failed its check: its vectors are not complete.*goes on serving"):
            place.ingest()
    assert current_version(place.data) == first.version
    assert place.served() == DOCUMENTS
    place.ingest()
    assert place.served() == {**DOCUMENTS, "turm.txt": "Ganz anders."}


@pytest.mark.slow
@pytest.mark.parametrize("how", ["disk", "file"])
def test_a_full_disk_is_one_clear_line_and_nothing_is_lost(tmp_path: Path, how: str) -> None:
    texts = {f"{n}.txt": "\n".join(f"Satz {k} aus Datei {n} über Thema {n * k}." for k in range(40)) for n in range(6)}
    place = Place(tmp_path, texts)
    place.data.mkdir()
    own = ["unshare", "--user", "--map-root-user", "--mount"] if how == "disk" else []
    if (
        own
        and subprocess.run(
            [*own, "mount", "-t", "tmpfs", "tmpfs", tmp_path], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("no file system can be mounted here")
    done = subprocess.run(
        [*own, sys.executable, "-m", "tests.ingest.small_disk", how, place.docs, place.data],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    *tries, last = done.stdout.splitlines()
    refused = [line for line in tries if not line.startswith("done ")]
    assert len(refused) >= 3
    for line in refused:
        assert "cannot be written (" in line or "cannot be used (" in line
        assert str(place.data) in line
        assert "is not an index" not in line
    assert last.startswith("done ")
    assert last.split()[2] == "6"
    assert ".building" not in last


def test_a_folder_of_the_data_that_cannot_be_written_is_one_clear_line(place: Place) -> None:
    place.data.mkdir()
    (place.data / BUILDING).write_text("in the way")
    with pytest.raises(AssistantError, match=r"The folder .*data cannot be written \(File exists\)\. Name another"):
        place.ingest()


def test_the_steps_after_which_a_version_is_checked_have_a_sample() -> None:
    assert list(ingest.assemble._sample(range(10))) == list(range(10))
    assert 25 <= len(ingest.assemble._sample(range(1_003))) <= 50
