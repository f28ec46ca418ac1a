import os
import re
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import get_args

import httpx
import pytest

from assistant.errors import AssistantError, InvalidInputError, UnreadableFileError
from assistant.index.late_interaction import Embedded
from assistant.index.vectors import Vectors
from assistant.index.versions import BUILDING, CURRENT, HOLDER, STORE, VECTORS, current_version, served
from ingest.build import ingest, locked
from ingest.events import Event, Step
from ingest.stage import Refusal
from tests.chroma_server import ChromaServer
from tests.helpers import HashingEmbeddings
from tests.ingest.parts import DOCUMENTS, CountingEmbeddings, Place, content

UNITS = 6


def test_the_first_import_puts_all_in(place: Place) -> None:
    events: list[Event] = []
    report = place.ingest(tell=events.append)
    assert report.added == ("de/hafen.md", "en/harbour.md", "turm.txt")
    assert (report.changed, report.removed, report.unchanged, report.refused) == ((), (), (), ())
    assert (report.documents, report.passages) == (3, 3)
    assert report.version == current_version(place.data)
    assert place.served() == DOCUMENTS
    assert (report.duplicates, report.superseded, report.warnings) == ((), (), ())
    total = sum((place.docs / name).stat().st_size for name in DOCUMENTS)
    measured = [event for event in events if event.total]
    assert {event.total for event in measured} == {total}
    assert [event.done for event in measured] == sorted(event.done for event in measured)
    assert measured[-1].done == total
    assert [event.name for event in events if event.step == "staged"] == list(DOCUMENTS)
    steps = [event.step for event in events]
    assert list(dict.fromkeys(steps)) == [step for step in get_args(Step) if step != "refused"]


def test_importing_again_changes_nothing_on_disk_and_does_nothing(place: Place) -> None:
    first = place.ingest()
    before = place.disk()
    events: list[Event] = []
    again = place.ingest(tell=events.append)
    assert events == []
    assert place.disk() == before
    assert place.embeddings.count == 0
    assert (again.version, again.unchanged, again.added) == (first.version, first.added, ())


def test_a_touched_file_is_unchanged(place: Place) -> None:
    place.ingest()
    before = place.disk()
    (place.docs / "turm.txt").touch()
    assert place.ingest().unchanged == tuple(DOCUMENTS)
    assert place.disk() == before


def test_new_changed_and_removed_files(place: Place) -> None:
    first = place.ingest()
    place.write("neu.md", "Etwas Neues.")
    place.write("turm.txt", "Der Leuchtturm ist 42 Meter hoch.")
    (place.docs / "en" / "harbour.md").unlink()
    report = place.ingest()
    assert (report.added, report.changed) == (("neu.md",), ("turm.txt",))
    assert (report.removed, report.unchanged) == (("en/harbour.md",), ("de/hafen.md",))
    assert report.version != first.version
    assert place.embeddings.count == 2
    assert place.served() == {
        "de/hafen.md": DOCUMENTS["de/hafen.md"],
        "neu.md": "Etwas Neues.",
        "turm.txt": "Der Leuchtturm ist 42 Meter hoch.",
    }


def test_front_matter_belongs_to_the_content(place: Place) -> None:
    place.ingest()
    place.write("de/hafen.md", DOCUMENTS["de/hafen.md"].replace("title: Hafen", "title: Seehafen"))
    assert place.ingest().changed == ("de/hafen.md",)


def test_a_renamed_file_is_another_document(place: Place) -> None:
    place.ingest()
    (place.docs / "turm.txt").rename(place.docs / "leuchtturm.txt")
    report = place.ingest()
    assert (report.added, report.removed) == (("leuchtturm.txt",), ("turm.txt",))


def test_the_way_to_an_index_does_not_matter(tmp_path: Path) -> None:
    """Whatever was there before, the same files give the same content and the same version."""
    slow, fresh = Place(tmp_path / "slow", DOCUMENTS), Place(tmp_path / "fresh", DOCUMENTS)
    slow.write("weg.md", "Kommt weg. Zell- und Gentherapeutika (ZGT) auch.")
    slow.write("turm.txt", "Ganz anders.")
    slow.ingest()
    (slow.docs / "weg.md").unlink()
    slow.ingest()
    slow.write("turm.txt", DOCUMENTS["turm.txt"])
    slow_report, fresh_report = (
        slow.ingest(),
        fresh.ingest(*sorted(Path(tmp_path / "fresh" / "docs").iterdir(), reverse=True)),
    )
    assert slow_report.version != fresh_report.version  # other paths, other names
    assert slow_report.version == fresh.ingest().version
    assert content(slow.data) == content(fresh.data)


def test_going_back_serves_the_version_that_still_lies_there(place: Place) -> None:
    first = place.ingest()
    original = (served(place.data).folder / STORE).stat()
    place.write("turm.txt", "Ganz anders.")
    place.ingest()
    place.write("turm.txt", DOCUMENTS["turm.txt"])
    assert place.ingest().version == first.version
    assert (served(place.data).folder / STORE).stat() == original
    assert place.served() == DOCUMENTS


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"", "it is empty. Remove or fill it."),
        (b"Text\0", "it is binary"),
        (b"\x81\x8d", "it is not UTF-8"),
        (b"---\ntitle: [\n---\nText.", "its front matter is not YAML"),
        (b"---\nlanguage: fr\n---\nText.", "its front matter is unusable, language"),
        (b"---\ntitle: A\n---\n", "it holds no text besides headings"),
        (b"# Nur\n## Titel\n", "it holds no text besides headings"),
        (b"---\n***\n", "it holds no text besides headings"),
    ],
)
def test_an_unreadable_file_is_refused_and_the_rest_goes_in(place: Place, bad: bytes, reason: str) -> None:
    place.write("de/bad.md", bad)
    report = place.ingest()
    ((name, said),) = [(refusal.name, refusal.reason) for refusal in report.refused]
    assert name == "de/bad.md"
    assert said.startswith(reason)
    assert place.served() == DOCUMENTS
    before = place.disk()
    assert place.ingest().refused == report.refused
    assert place.disk() == before


def test_a_file_that_became_unreadable_keeps_its_last_good_version(place: Place) -> None:
    place.ingest()
    place.write("turm.txt", b"\xff")
    place.write("neu.md", "Neu.")
    report = place.ingest()
    assert [refusal.name for refusal in report.refused] == ["turm.txt"]
    assert (report.removed, report.changed, report.added) == ((), (), ("neu.md",))
    assert place.served() == {**DOCUMENTS, "neu.md": "Neu."}
    place.write("turm.txt", "Wieder da.")
    assert place.ingest().changed == ("turm.txt",)
    (place.docs / "turm.txt").unlink()
    assert place.ingest().removed == ("turm.txt",)


def test_files_of_unknown_formats_are_refused_by_name(place: Place) -> None:
    place.write("bild.png", b"\x89PNG")
    place.write("groß.txt", b"")
    with (place.docs / "groß.txt").open("wb") as file:
        file.truncate(20_000_001)
    reasons = {refusal.name: refusal.reason for refusal in place.ingest().refused}
    assert reasons["bild.png"].startswith("the format .png is not supported")
    assert reasons["groß.txt"].startswith("it has 20 MB, more than 20")


def test_when_no_file_can_be_read_any_more_what_went_in_before_stays(place: Place) -> None:
    place.ingest()
    before = place.disk()
    for name in DOCUMENTS:
        place.write(name, b"")
    report = place.ingest()
    assert [refusal.name for refusal in report.refused] == list(DOCUMENTS)
    assert (report.added, report.changed, report.removed, report.documents) == ((), (), (), 3)
    assert place.disk().keys() == before.keys()
    assert place.served() == DOCUMENTS


@pytest.mark.parametrize("indexed", [False, True])
def test_nothing_readable_is_an_error_and_the_old_index_still_serves(place: Place, indexed: bool) -> None:
    if indexed:
        place.ingest()
    before = place.disk()
    other = place.docs.parent / "pictures"
    other.mkdir()
    for name in ("a.md", "b.md"):
        (other / name).touch()
    with pytest.raises(UnreadableFileError) as caught:
        place.ingest(other)
    assert all(f"{name}: it is empty." in str(caught.value) for name in ("a.md", "b.md"))
    assert place.disk().keys() - {"lock"} == before.keys() - {"lock"}  # no work is left either
    if indexed:
        assert place.served() == DOCUMENTS


@pytest.mark.parametrize("hidden", [None, ".hidden.md", ".git/text.md"])
def test_no_file_at_all_is_a_wrong_call(place: Place, tmp_path: Path, hidden: str | None) -> None:
    place.ingest()
    before = place.disk()
    empty = tmp_path / "empty"
    empty.mkdir()
    if hidden:
        (empty / hidden).parent.mkdir(exist_ok=True)
        (empty / hidden).write_text("Text.")
    with pytest.raises(InvalidInputError, match="There is no file"):
        place.ingest(empty)
    assert place.disk() == before


def test_a_path_that_leads_nowhere_is_a_wrong_call(place: Place) -> None:
    with pytest.raises(InvalidInputError, match="nowhere does not exist"):
        place.ingest(place.docs, place.docs / "nowhere")
    assert current_version(place.data) is None


def test_another_model_makes_everything_anew(place: Place) -> None:
    first = place.ingest()
    place.embeddings = CountingEmbeddings("test/another")
    report = place.ingest()
    assert report.added == tuple(DOCUMENTS)
    assert report.version != first.version
    assert place.embeddings.count == UNITS
    assert place.served() == DOCUMENTS


# ---- damage --------------------------------------------------------------------------------------------------


def _remove_vectors(folder: Path) -> None:
    (folder / VECTORS).rename(folder.parent / "elsewhere")


def _truncate_vectors(folder: Path) -> None:
    (folder / VECTORS / "chroma.sqlite3").write_bytes(b"x" * 5_000)


def _remove_store(folder: Path) -> None:
    (folder / STORE).unlink()


def _damage_store(folder: Path) -> None:
    data = bytearray((folder / STORE).read_bytes())
    data[len(data) // 3 : 2 * len(data) // 3] = b"\xff" * (len(data) // 3)
    (folder / STORE).write_bytes(data)


def _garbage_store(folder: Path) -> None:
    (folder / STORE).write_bytes(b"garbage " * 1_000)


def _garbage_pointer(folder: Path) -> None:
    (folder.parent / CURRENT).write_bytes(b"\xff\0garbage")


def _remove_folder(folder: Path) -> None:
    folder.rename(folder.parent / "elsewhere")


@pytest.mark.parametrize(
    "damage",
    [
        _remove_vectors,
        _truncate_vectors,
        _remove_store,
        _damage_store,
        _garbage_store,
        _garbage_pointer,
        _remove_folder,
    ],
)
def test_importing_again_repairs(place: Place, damage: Callable[[Path], None]) -> None:
    version = place.ingest().version
    damage(served(place.data).folder)
    assert place.ingest().version == version
    assert place.served() == DOCUMENTS
    before = place.disk()
    place.ingest()
    assert place.disk() == before


@pytest.mark.parametrize("left", [None, b"", b"garbage"])
def test_lost_files_of_a_large_chroma_are_repaired(place: Place, left: bytes | None) -> None:
    """From 1,000 vectors on, Chroma keeps them in files of their own, and does not miss those."""
    place.write("viele.md", "\n\n".join(f"Satz {n} über Ort {n % 13} und Zahl {n * 7}." for n in range(1_300)))
    place.ingest()
    before = place.served()
    vectors = served(place.data).folder / VECTORS
    (index,) = [path for path in vectors.iterdir() if path.is_dir() and (path / "index_metadata.pickle").is_file()]
    for file in index.iterdir():
        file.unlink() if left is None else file.write_bytes(left)
    place.ingest()
    assert place.served() == before


class WaitingEmbeddings(HashingEmbeddings):
    """Waits, once it has begun, until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_go_on = threading.Event(), threading.Event()

    def documents(self, texts: list[str]) -> list[Embedded]:
        self.begun.set()
        assert self.may_go_on.wait(60)
        return super().documents(texts)


def test_a_second_writer_is_told_and_readers_keep_the_old_index(place: Place) -> None:
    place.ingest()
    place.write("turm.txt", "Ganz anders.")
    waiting = WaitingEmbeddings()
    first = threading.Thread(target=ingest, args=([place.docs], place.data, waiting))
    first.start()
    try:
        assert waiting.begun.wait(60)
        who = rf"process {os.getpid()} on {re.escape(socket.gethostname())}, since \d\d:\d\d:\d\d"
        with pytest.raises(AssistantError, match=rf"Another import is writing to .*data \({who}\)\. Wait until"):
            place.ingest()
        assert place.served() == DOCUMENTS
    finally:
        waiting.may_go_on.set()
        first.join(60)
    assert place.served() == {**DOCUMENTS, "turm.txt": "Ganz anders."}


class FailingEmbeddings(CountingEmbeddings):
    """Fails in the batch that holds a text with `poison`."""

    def __init__(self, poison: str) -> None:
        super().__init__()
        self._poison = poison

    def documents(self, texts: list[str]) -> list[Embedded]:
        if any(self._poison in text for text in texts):
            raise ZeroDivisionError(self._poison)
        return super().documents(texts)


def test_a_failing_embedder_leaves_the_old_index_serving_and_its_work_for_the_next(place: Place) -> None:
    place.ingest()
    before = place.disk()
    place.write("a.txt", "Eins geht. Zwei geht auch.")
    place.write("turm.txt", "Drei geht nicht.")
    with pytest.raises(ZeroDivisionError):
        ingest([place.docs], place.data, FailingEmbeddings("Drei"))
    after = place.disk()
    new = {name for name in after if name not in before}
    assert {name.split("/")[0] for name in new} == {BUILDING}
    assert {name: after[name] for name in before if name != "lock"} == {
        name: before[name] for name in before if name != "lock"
    }
    report = place.ingest()
    assert (report.added, report.changed) == (("a.txt",), ("turm.txt",))
    assert place.embeddings.count == 1  # the other two were safe
    assert place.served() == {**DOCUMENTS, "a.txt": "Eins geht. Zwei geht auch.", "turm.txt": "Drei geht nicht."}
    assert not (place.data / BUILDING).exists()


def test_work_that_is_left_of_another_model_is_not_used(place: Place) -> None:
    with pytest.raises(ZeroDivisionError):
        ingest([place.docs], place.data, FailingEmbeddings("Leuchtturm"))
    place.embeddings = CountingEmbeddings("test/another")
    place.ingest()
    assert place.embeddings.count == UNITS


@pytest.mark.parametrize("left", [b"", b"garbage " * 1_000])
def test_damaged_work_that_is_left_is_not_used(place: Place, left: bytes) -> None:
    (place.data / BUILDING / "next").mkdir(parents=True)
    (place.data / BUILDING / "next" / STORE).write_bytes(left)
    (place.data / BUILDING / "staged.sqlite").write_bytes(left)
    place.ingest()
    assert place.served() == DOCUMENTS
    assert not (place.data / BUILDING).exists()


def test_a_file_that_went_after_it_was_staged_does_not_go_in(place: Place) -> None:
    with pytest.raises(ZeroDivisionError):
        ingest([place.docs], place.data, FailingEmbeddings("Leuchtturm"))
    (place.docs / "en" / "harbour.md").unlink()
    place.write("de/hafen.md", "Ein anderer Hafen.")
    assert place.ingest().added == ("de/hafen.md", "turm.txt")
    assert place.embeddings.count == 3
    assert place.served() == {"de/hafen.md": "Ein anderer Hafen.", "turm.txt": DOCUMENTS["turm.txt"]}


@pytest.mark.parametrize("said", [None, b"", b"\xff somebody"])
def test_the_lock_holds_whatever_its_note_says(tmp_path: Path, said: bytes | None) -> None:
    with locked(tmp_path):
        (tmp_path / HOLDER).unlink() if said is None else (tmp_path / HOLDER).write_bytes(said)
        with pytest.raises(AssistantError, match="Another import is writing"), locked(tmp_path):
            pass
    with locked(tmp_path):
        assert (tmp_path / HOLDER).read_text().startswith(f"process {os.getpid()} ")
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


@pytest.mark.parametrize("below", ["file", "file/deeper", "/proc/lotse"])
def test_a_data_folder_that_cannot_be_written_is_named(place: Place, tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("in the way")
    data = tmp_path / below
    with pytest.raises(
        AssistantError, match=rf"The folder {data} cannot be written \(.+\)\. Name another with --data\."
    ):
        ingest([place.docs], data, HashingEmbeddings())


@pytest.mark.parametrize("data", [".", "index"])
def test_documents_may_lie_in_the_data_folder_and_around_it(place: Place, data: str) -> None:
    place.data = place.docs / data
    assert place.ingest().refused == ()
    report = place.ingest()
    assert (report.unchanged, report.refused) == (tuple(DOCUMENTS), ())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"zeile\numbruch.md", r"zeile\numbruch.md"),
        (b"rot\x1b[31m.md", r"rot\x1b[31m.md"),
        (b"latin\xf6.md", r"latin\udcf6.md"),
    ],
)
def test_a_name_that_cannot_be_shown_is_refused(place: Place, name: bytes, shown: str) -> None:
    (Path(str(place.docs)) / name.decode("utf-8", "surrogateescape")).write_text("Text.")
    report = place.ingest()
    assert report.refused == (Refusal(shown, "its name holds characters that cannot be shown. Rename it."),)


@pytest.mark.parametrize(
    "name",
    [
        "mit leer zeichen.md",
        "'; DROP TABLE documents; --.md",
        "%s {x} $HOME.md",
        "<b>.md",
        "日本語 🧬.md",
        "a" * 200 + ".md",
        "-rf.md",
    ],
)
def test_any_other_name_will_do(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path, {name: "Ein Satz."})
    assert place.ingest().added == (name,)
    assert place.served() == {name: "Ein Satz."}


def test_decomposed_names_are_composed(tmp_path: Path) -> None:
    place = Place(tmp_path, {"fu\u0308r.md": "Ein Satz."})
    assert place.ingest().added == ("für.md",)


def test_files_of_the_same_name_are_told_apart_or_refused(place: Place) -> None:
    (other := place.docs.parent / "other").mkdir()
    (other / "turm.txt").write_text("Ein anderer Turm.")
    report = place.ingest(place.docs, other)
    assert report.refused == (Refusal("turm.txt", "another file has the same name. Rename one of the two."),)
    assert place.served() == DOCUMENTS


def test_a_file_named_twice_goes_in_once(place: Place) -> None:
    report = place.ingest(place.docs, place.docs, place.docs / "turm.txt", place.docs / "en")
    assert (report.added, report.refused) == (tuple(DOCUMENTS), ())


def test_a_link_to_nothing_is_refused_by_name(place: Place) -> None:
    (place.docs / "link.md").symlink_to("nowhere.md")
    (refusal,) = place.ingest().refused
    assert refusal.name == "link.md"
    assert refusal.reason.startswith("it cannot be opened")


def test_a_very_long_line_is_one_passage(tmp_path: Path) -> None:
    place = Place(tmp_path, {"lang.txt": "wort " * 100_000})
    assert place.ingest().passages == 1


@pytest.mark.slow
def test_a_server_keeps_the_vectors_of_two_versions(place: Place, chroma_server: ChromaServer) -> None:
    versions = [place.ingest(chroma_url=chroma_server.url).version]
    before = place.disk()
    place.ingest(chroma_url=chroma_server.url)
    assert place.disk() == before
    for number in range(3):
        place.write("turm.txt", f"Fassung {number}.")
        versions.append(place.ingest(chroma_url=chroma_server.url).version)
    names = {f"lotse-{version}-{language}" for version in versions[-2:] for language in ("de", "en")}
    assert _collections(chroma_server) == names
    assert not list(place.data.glob(f"*/{VECTORS}"))
    with closing(Vectors(place.data, versions[-1], chroma_server.url)) as vectors:
        vectors.drop()
    assert place.ingest(chroma_url=chroma_server.url).version == versions[-1]
    assert _collections(chroma_server) == names


def _collections(server: ChromaServer) -> set[str]:
    reply = httpx.get(f"{server.url}/api/v2/tenants/default_tenant/databases/default_database/collections")
    return {collection["name"] for collection in reply.json()}


@pytest.mark.parametrize("emptied", ["no file", "bad file"])
def test_a_folder_that_was_emptied_says_what_still_answers(place: Place, emptied: str) -> None:
    place.ingest()
    for name in DOCUMENTS:
        (place.docs / name).unlink()
    if emptied == "bad file":
        place.write("neu.md", b"")
    with pytest.raises(AssistantError, match=rf"3 files that went in before go on answering; .* remove {place.data}"):
        place.ingest()
    assert place.served() == DOCUMENTS


def test_an_invisible_character_in_a_name_is_refused(place: Place) -> None:
    place.write("b\u202etxt.md", "Ein Satz.")
    assert [(r.name, r.reason[:14]) for r in place.ingest().refused] == [("b\\u202etxt.md", "its name holds")]
