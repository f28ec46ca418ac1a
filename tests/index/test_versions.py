from pathlib import Path

import pytest

from assistant.errors import IndexUnavailableError
from assistant.index.versions import (
    CURRENT,
    STORE,
    current_folder,
    current_version,
    discard_building,
    is_part_of_index,
    publish,
    start_building,
    switch,
)

A, B, C = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"


def build(data: Path, version: str, content: str = "") -> list[str]:
    folder = start_building(data)
    (folder / STORE).write_text(content or version)
    return publish(data, folder, version)


def test_nothing_is_served_at_first(tmp_path: Path) -> None:
    assert current_version(tmp_path) is None
    with pytest.raises(IndexUnavailableError, match="There is no index"):
        current_folder(tmp_path)


def test_a_published_version_is_served(tmp_path: Path) -> None:
    assert build(tmp_path, A) == []
    assert current_version(tmp_path) == A
    assert current_folder(tmp_path) == tmp_path / A
    assert sorted(path.name for path in tmp_path.iterdir()) == [CURRENT, A]


def test_the_version_before_stays_and_older_ones_go(tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / STORE).write_text("not ours")
    build(tmp_path, A)
    build(tmp_path, B)
    assert build(tmp_path, C) == [A]
    assert sorted(path.name for path in tmp_path.iterdir()) == [CURRENT, "backup", B, C]


def test_building_starts_from_the_serving_store(tmp_path: Path) -> None:
    build(tmp_path, A, "served")
    folder = start_building(tmp_path)
    assert (folder / STORE).read_text() == "served"
    (folder / STORE).write_text("half done")
    assert (tmp_path / A / STORE).read_text() == "served"


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    build(tmp_path, A)
    left = start_building(tmp_path)
    (left / "rest").touch()
    assert current_folder(tmp_path) == tmp_path / A
    assert not (start_building(tmp_path) / "rest").exists()
    discard_building(tmp_path)
    discard_building(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [CURRENT, A]


def test_a_version_can_be_built_again(tmp_path: Path) -> None:
    build(tmp_path, A, "damaged")
    build(tmp_path, A, "whole")
    assert (current_folder(tmp_path) / STORE).read_text() == "whole"


def test_building_the_same_again_keeps_the_one_before(tmp_path: Path) -> None:
    build(tmp_path, A)
    build(tmp_path, B)
    assert build(tmp_path, B) == []
    assert (tmp_path / A).is_dir()


def test_switching_back(tmp_path: Path) -> None:
    build(tmp_path, A)
    build(tmp_path, B)
    assert switch(tmp_path, A) == []
    assert current_version(tmp_path) == A
    assert (tmp_path / B).is_dir()


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"../elsewhere", b"\xff\xfe\x00", b"aaaaaaaaaaaa/../..", b"x" * 10_000]
)
def test_a_damaged_pointer_serves_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CURRENT).write_bytes(content)
    with pytest.raises(IndexUnavailableError, match="There is no index"):
        current_folder(tmp_path)
    start_building(tmp_path)


def test_a_pointer_to_nothing_is_incomplete(tmp_path: Path) -> None:
    (tmp_path / CURRENT).write_text(A)
    with pytest.raises(IndexUnavailableError, match="incomplete"):
        current_folder(tmp_path)


def test_a_pointer_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / CURRENT).mkdir()
    with pytest.raises(IndexUnavailableError, match="cannot be read"):
        current_version(tmp_path)


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("CURRENT", True),
        ("lock", True),
        (f"{A}/index.sqlite", True),
        (".building/index.sqlite", True),
        ("notes.md", False),
        ("backup/index.sqlite", False),
        ("../CURRENT", False),
    ],
)
def test_which_files_are_the_index(tmp_path: Path, path: str, ours: bool) -> None:
    data = tmp_path / "data"
    data.mkdir()
    assert is_part_of_index(data / path, data) is ours
