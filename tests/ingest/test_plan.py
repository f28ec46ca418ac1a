"""What an import has to do, from the files and from what went in."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

import ingest.plan
from assistant.index.stored import StoredFile
from ingest.files import File
from ingest.plan import file_hash, plan_import


@pytest.fixture
def file(tmp_path: Path) -> File:
    return make(tmp_path, "a.md", "Ein Satz.")


def make(folder: Path, name: str, text: str, sidecar: str | None = None) -> File:
    (folder / name).write_text(text)
    if sidecar is not None:
        (folder / f"{name}.yaml").write_text(sidecar)
    return File(name, folder / name, folder / f"{name}.yaml" if sidecar is not None else None)


def stored(*files: File, places: dict[str, str] | None = None) -> dict[str, StoredFile]:
    """The files as they are, gone in; `places` are further places of other documents."""
    return {f.name: StoredFile(f.name, file_hash(f) or "", (places or {}).get(f.name, f.name)) for f in files}


def test_the_hash_is_that_of_what_decides(file: File, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = [file_hash(file)]
    file.path.touch()
    assert file_hash(replace(file, name="b.md")) == hashes[0]  # neither time nor name
    file.path.write_text("Ein Satz!")
    hashes.append(file_hash(file))
    with_sidecar = make(tmp_path, "a.md", "Ein Satz!", "title: A")
    hashes.append(file_hash(with_sidecar))
    make(tmp_path, "a.md", "Ein Satz!", "title: B")
    hashes.append(file_hash(with_sidecar))
    hashes.append(file_hash(replace(file, source="https://example.org/a")))
    monkeypatch.setattr(ingest.plan, "PIPELINE", "another")
    hashes.append(file_hash(file))
    assert None not in hashes
    assert len(set(hashes)) == len(hashes)


def test_bytes_of_the_file_and_of_its_sidecar_are_not_confused(tmp_path: Path) -> None:
    assert file_hash(make(tmp_path, "a.md", "eins", "zwei")) != file_hash(make(tmp_path, "a.md", "einszwei", ""))


@pytest.mark.parametrize("what", ["missing", "folder", "FIFO", "too large", "sidecar is a FIFO", "refused", "loop"])
def test_what_no_reader_will_open_has_no_hash(file: File, tmp_path: Path, what: str) -> None:
    if what in {"missing", "folder", "FIFO", "loop"}:
        file.path.unlink()
    if what == "folder":
        file.path.mkdir()
    elif what == "FIFO":
        os.mkfifo(file.path)
    elif what == "loop":
        file.path.symlink_to(file.path)
    elif what == "too large":
        os.truncate(file.path, 1_000_000_001)  # without its blocks
    elif what == "sidecar is a FIFO":
        os.mkfifo(tmp_path / "a.md.yaml")
        file = replace(file, sidecar=tmp_path / "a.md.yaml")
    elif what == "refused":
        file = replace(file, refusal=("it is a link.", "Put it there."))
    assert file_hash(file) is None
    plan = plan_import([file], {"a.md": StoredFile("a.md", "before", "a.md")})
    assert (plan.read, plan.unchanged, plan.gone, plan.hashes) == ((file,), (), (), {})
    assert not plan.is_empty


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_is_closed_to_us_has_no_hash(file: File) -> None:
    file.path.chmod(0)
    assert file_hash(file) is None


def test_new_changed_unchanged_and_gone(tmp_path: Path) -> None:
    files = [make(tmp_path, f"{name}.md", name) for name in "abcd"]
    before = stored(*files[:3])
    (tmp_path / "b.md").write_text("anders")
    plan = plan_import([files[1], files[2], files[3]], before)
    assert [f.name for f in plan.read] == ["b.md", "d.md"]
    assert (plan.unchanged, plan.gone) == (("c.md",), ("a.md",))
    assert plan.hashes.keys() == {"b.md", "c.md", "d.md"}


def test_nothing_to_do(file: File) -> None:
    plan = plan_import([file], stored(file))
    assert plan.is_empty
    assert plan.unchanged == ("a.md",)
    assert not plan_import([], stored(file)).is_empty


@pytest.mark.parametrize("happens", ["nothing", "changes", "goes"])
def test_a_further_place_is_read_when_the_document_it_is_one_of_changes_or_goes(tmp_path: Path, happens: str) -> None:
    first, further = (make(tmp_path, name, "Dasselbe.") for name in ("a.md", "b.md"))
    before = stored(first, further, places={"b.md": "a.md"})
    if happens == "changes":
        first.path.write_text("Anders.")
    plan = plan_import([further] if happens == "goes" else [first, further], before)
    read = [f.name for f in plan.read]
    assert read == {"nothing": [], "changes": ["a.md", "b.md"], "goes": ["b.md"]}[happens]


def test_the_document_is_not_read_when_a_further_place_changes(tmp_path: Path) -> None:
    first, further = (make(tmp_path, name, "Dasselbe.") for name in ("a.md", "b.md"))
    before = stored(first, further, places={"b.md": "a.md"})
    further.path.write_text("Anders.")
    plan = plan_import([first, further], before)
    assert ([f.name for f in plan.read], plan.unchanged) == (["b.md"], ("a.md",))
